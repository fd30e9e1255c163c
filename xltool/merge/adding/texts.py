"""Texts and footnotes of a 汇总: what all units say, or what each says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from xltool.layout.outline import Outline
from xltool.template.names import normal
from xltool.template.spec import Table

_MOST_UNITS = 20
"""Of more units that say different things, nobody would read a cell: it stays blank, with a remark."""

_MOST_LETTERS = 8000
"""Of one cell; Excel prints no more than a page of it."""


class Said(NamedTuple):
    """A text, and the unit in whose workbook it stands."""

    unit: str
    text: str


def joined(said: Sequence[Said]) -> str:
    """What all say, or, line by line, what each unit says; "" where that would be too much to read in one cell."""
    texts = {normal(one.text): one.text for one in said}
    if len(texts) == 1:
        return said[0].text
    lines = "\n".join(f"{unit}：{text}" for unit, text in said)
    return lines if len(said) <= _MOST_UNITS and len(lines) <= _MOST_LETTERS else ""


def merged_notes(table: Table, said: Iterable[Said], outline: Outline) -> list[str]:
    """The lines below a table: those of the template and, once each, those that units added.

    What a table says where it is empty (空表列示) is left to the workbook, which says it while the table is empty.
    """
    empty = normal(outline.text(table.empty_note))
    lines = {normal(text): text for text in map(outline.text, table.notes)}
    for one in said:
        if normal(one.text) != empty:
            lines.setdefault(normal(one.text), one.text)
    return list(lines.values())
