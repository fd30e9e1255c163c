"""What is to be marked: a cell, a colour and a text; several of one cell become one colour and one note."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from xltool.excel.file.sheetxml import cell_name, position

_SEVERITIES = ("error", "warning")  # the worse one first


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing to say about one cell; severity is "error" (red) or "warning" (amber), text may have several lines."""

    sheet: str
    cell: str
    severity: str
    text: str


class OnSheet(NamedTuple):
    """What one sheet gets: the marks of each cell, the cells of each colour, the text of each note; from the top."""

    marks: dict[str, list[Mark]]
    coloured: dict[str, list[str]]
    texts: dict[str, str]


def by_sheet(marks: Iterable[Mark]) -> dict[str, OnSheet]:
    """The marks sheet by sheet: a cell has the colour of the worst, and each text once."""
    return {name: _on_sheet(there) for name, there in _grouped(marks, key=lambda mark: mark.sheet).items()}


def _on_sheet(marks: Iterable[Mark]) -> OnSheet:
    cells = _grouped(marks, key=lambda mark: cell_name(*position(mark.cell)))
    ordered = {cell: cells[cell] for cell in sorted(cells, key=position)}
    coloured = {
        severity: [cell for cell, there in ordered.items() if _worst(there) == severity] for severity in _SEVERITIES
    }
    texts = {cell: "\n\n".join(dict.fromkeys(mark.text for mark in there)) for cell, there in ordered.items()}
    return OnSheet(ordered, coloured, texts)


def _worst(marks: Iterable[Mark]) -> str:
    return min((mark.severity for mark in marks), key=_SEVERITIES.index)


def _grouped(marks: Iterable[Mark], key: Callable[[Mark], str]) -> dict[str, list[Mark]]:
    groups: dict[str, list[Mark]] = {}
    for mark in marks:
        groups.setdefault(key(mark), []).append(mark)
    return groups
