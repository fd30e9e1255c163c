"""What merging again changed: which units' files, and which figures of the 汇总, since the one that it replaces."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from xltool.layout.block import Place
from xltool.layout.book import Book
from xltool.layout.layout import Layout
from xltool.merge.compare.changes import changes
from xltool.merge.consolidation import Changed, Consolidation, FileChange, State
from xltool.merge.sheets.papers import read_submissions
from xltool.model import FactKey, Value
from xltool.source.sheet import Source
from xltool.template.spec import Template


class Earlier(NamedTuple):
    """The 汇总 of before: SHA-256 of the file of each unit by its name, and every figure, amounts in 元."""

    files: Mapping[str, str]
    figures: Mapping[FactKey, Value]


def earlier(source: Source, book: Book, template: Template) -> Earlier | None:
    """What is to be known of a workbook that is about to be replaced; None if it is no 汇总 of ours in this format."""
    files = read_submissions(source)
    if files is None or not book.is_merged or book.template.id != template.id:
        return None
    return Earlier({unit: file.sha256 for unit, file in files.items()}, _figures(book.layout, book.values))


def changed_since(before: Earlier, now: Consolidation) -> Changed:
    """What is different in the 汇总 as it is now."""
    filled = now.balanced.filled if now.balanced is not None else now.filled
    files = {
        line.unit.name: line.sent.sha256 for line in now.lines if line.state is State.MERGED and line.sent is not None
    }
    became = {unit: _became(before.files.get(unit), files.get(unit)) for unit in (*files, *before.files)}
    return Changed(
        {unit: change for unit, change in became.items() if change is not None},
        tuple(changes(before.figures, _figures(filled.layout, filled.values))),
    )


def _became(old: str | None, new: str | None) -> FileChange | None:
    if old is None or new is None:
        return FileChange.NEW if old is None else FileChange.GONE
    return FileChange.CHANGED if old != new else None


def _figures(layout: Layout, values: Mapping[Place, Value]) -> dict[FactKey, Value]:
    """Every figure by key: workbooks are compared as they were written, in the 15 digits that a cell keeps."""
    found: dict[FactKey, Value] = {}
    for place, value in values.items():
        if isinstance(value, Decimal):
            factor = layout.yuan_of(place)
            found[layout.key(place)] = Decimal(f"{value:.15g}") * factor
    return found
