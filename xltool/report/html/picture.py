"""A picture of the place that a finding is about: its row under its headings, and the cells that it speaks of."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from enum import Enum
from itertools import groupby
from typing import NamedTuple

from xltool.checking.tell.words import Words
from xltool.layout.block import BlockAt, Place
from xltool.layout.book import Book
from xltool.model import CellRef, Culprit, Finding, Role, Value, column_letters
from xltool.source.cells import shortened
from xltool.template.spec import FIGURES

_MOST_COLUMNS = 7
_MOST_ROWS = 8
_MOST_OTHERS = 12

_SHOWN = (*FIGURES, "text", "field")
"""The kinds of columns whose cells are shown; those of the others name the row."""


class Part(Enum):
    """Which part a cell has in a finding; the value is what the reader is told it is."""

    ACCUSED = "有问题"
    POSSIBLE = "可能有错"
    SUSPECT = "请一并核对"
    COMPARED = "对照"
    CONSEQUENCE = "也不符"
    ALIKE = "同样的问题"
    BESIDE = ""


_PARTS = {
    Role.COMPARED: Part.COMPARED,
    Role.SUSPECT: Part.SUSPECT,
    Role.CONSEQUENCE: Part.CONSEQUENCE,
    Role.ALIKE: Part.ALIKE,
}


class Heading(NamedTuple):
    """A heading over so many columns, so many lines high."""

    text: str
    columns: int
    lines: int


class Cell(NamedTuple):
    """A cell of the picture: what stands in it, and what should; "" if that is not known."""

    address: str
    text: str
    is_number: bool
    part: Part
    proposed: str = ""


class Row(NamedTuple):
    """A row of the sheet, what it is called, and its cells; None stands for columns that are left out."""

    number: int
    name: str
    cells: tuple[Cell | None, ...]


class Other(NamedTuple):
    """A cell that is no part of the picture, named `place` (表!格) and `line` (its row and column)."""

    place: str
    line: str
    text: str
    is_number: bool
    part: Part
    proposed: str = ""


class Picture(NamedTuple):
    """What is shown of a finding: a piece of a sheet (no `rows` if it is about none), and the cells elsewhere.

    `letters` are those of the columns, "" over those that are left out; `left_out` is how many more cells there are.
    """

    sheet: str = ""
    unit: str = ""
    letters: tuple[str, ...] = ()
    headings: tuple[tuple[Heading, ...], ...] = ()
    rows: tuple[Row, ...] = ()
    others: tuple[Other, ...] = ()
    left_out: int = 0


class _Spoken(NamedTuple):
    """A cell that the finding speaks of."""

    cell: CellRef
    value: Value
    part: Part
    proposed: Value = None


def picture_of(finding: Finding, book: Book) -> Picture:
    """The picture of a finding about `book`."""
    return _Painter(finding, book).picture()


class _Painter:
    def __init__(self, finding: Finding, book: Book) -> None:
        self.layout, self.values = book.layout, book.values
        self.words = Words(book.layout, book.values)
        self.cell = finding.cell
        self.at = self.layout.place_at(finding.cell) if finding.cell else None
        self.spoken = _spoken(finding, self._found(finding, self.at) if self.at else None)

    def picture(self) -> Picture:
        return self._elsewhere(Picture(), set()) if self.at is None else self._around(self.at)

    def _found(self, finding: Finding, at: Place) -> Value:
        """What stands in the accused cell; what names its row is no value, but the sentence may quote it."""
        if _is_shown(self.layout.blocks[at.block], at.column):
            return self.values.get(at)
        return finding.statement.found.strip("“”") or None

    def _around(self, at: Place) -> Picture:
        """The piece of the sheet around a place, and the cells elsewhere."""
        block = self.layout.blocks[at.block]
        near = {cell: place for cell in self.spoken if (place := self._near(cell, at)) is not None}
        rows = self._rows(near, at)
        columns = _columns(block, at.column, {place.column for place in near.values() if place.row in rows})
        piece = Picture(
            block.sheet,
            self.layout.amount_unit(block.index) if self.layout.kind(at) == "amount" else "",
            tuple(_letter(block, c) for c in columns),
            tuple(_headings(block, columns)),
            tuple(self._row(block, r, columns) for r in rows),
        )
        return self._elsewhere(
            piece, {cell for cell, place in near.items() if place.row in rows and place.column in columns}
        )

    def _elsewhere(self, piece: Picture, shown: Collection[CellRef]) -> Picture:
        others = [*self._others(cell for cell in self.spoken if cell not in shown)]
        return piece._replace(others=tuple(others[:_MOST_OTHERS]), left_out=len(others[_MOST_OTHERS:]))

    def _near(self, cell: CellRef, at: Place) -> Place | None:
        """Where a cell lies in the block of the accused one, if it can be shown with it."""
        place = self.layout.place_at(cell)
        if place is None or place.block != at.block:
            return None
        return place if place == at or _is_shown(self.layout.blocks[place.block], place.column) else None

    def _rows(self, near: Mapping[CellRef, Place], at: Place) -> list[int]:
        """The rows to show, from top to bottom: that of the accused cell, and those that matter most."""

        def matters(cell: CellRef) -> tuple[bool, bool]:
            one = self.spoken[cell]
            return one.part is not Part.ACCUSED and one.proposed is None, one.value is None

        wanted = [near[cell].row for cell in sorted(near, key=matters)]
        return sorted([*dict.fromkeys([at.row, *wanted])][:_MOST_ROWS])

    def _row(self, block: BlockAt, row: int, columns: Sequence[int | None]) -> Row:
        first = Place(block.index, row, 0)
        cells = tuple(None if c is None else self._cell(Place(block.index, row, c)) for c in columns)
        return Row(block.rows[row].sheet_row, shortened(self.words.row(first)), cells)

    def _cell(self, place: Place) -> Cell | None:
        cell = self.layout.cell(place)
        if cell is None:
            return None
        spoken = self.spoken.get(cell, _Spoken(cell, None, Part.BESIDE))
        value = self.values.get(place, spoken.value)
        is_blank = spoken.part is not Part.BESIDE and _is_shown(self.layout.blocks[place.block], place.column)
        text = self._text(value, place) or ("空白" if is_blank else "")
        is_number = isinstance(value, Decimal)
        return Cell(cell.a1, text, is_number, spoken.part, self._text(spoken.proposed, place))

    def _others(self, cells: Iterable[CellRef]) -> Iterator[Other]:
        """Cells elsewhere; blank ones are passed over unless something should stand there."""
        for cell in cells:
            one, place = self.spoken[cell], self.layout.place_at(cell)
            if cell != self.cell and (one.value is not None or one.proposed is not None):
                line = shortened(self.words.line(place)) if place is not None else ""
                text, proposed = self._text(one.value, place) or "空白", self._text(one.proposed, place)
                yield Other(cell.in_book, line, text, isinstance(one.value, Decimal), one.part, proposed)

    def _text(self, value: Value, place: Place | None) -> str:
        return self.words.amount(value, place) if isinstance(value, Decimal) else shortened(value or "")


def _spoken(finding: Finding, found: Value) -> dict[CellRef, _Spoken]:
    """The cells that a finding speaks of, those to be corrected first; `found` is what stands in its own.

    Where it is certain which cells are wrong, no other is suspected.
    """
    certain = len(finding.explanations) == 1
    rights: dict[CellRef, list[Culprit]] = {}
    for culprit in (culprit for way in finding.explanations for culprit in way.culprits):
        if culprit.cell is not None:
            rights.setdefault(culprit.cell, []).append(culprit)
    spoken: dict[CellRef, _Spoken] = {}
    for cell, culprits in rights.items():
        part = Part.ACCUSED if certain or cell == finding.cell else Part.POSSIBLE
        spoken[cell] = _Spoken(cell, culprits[0].found, part, culprits[0].proposed if len(culprits) == 1 else None)
    if finding.cell is not None:
        spoken.setdefault(finding.cell, _Spoken(finding.cell, found, Part.ACCUSED))
    for other in finding.places:
        if certain and other.role is Role.SUSPECT:
            continue
        spoken.setdefault(other.cell, _Spoken(other.cell, other.value, _PARTS[other.role]))
    return spoken


def _is_shown(block: BlockAt, column: int) -> bool:
    at = block.columns[column]
    return at.sheet_column > 0 and at.definition.kind in _SHOWN


def _letter(block: BlockAt, column: int | None) -> str:
    """The letter of a column; "" where columns are left out, and in a form, whose fields stand side by side."""
    if column is None or block.columns[column].definition.kind == "field":
        return ""
    return column_letters(block.columns[column].sheet_column)


def _columns(block: BlockAt, accused: int, wanted: Collection[int]) -> list[int | None]:
    """The columns to show, from left to right: those wanted, and their neighbours; None where some are left out."""
    there = [c for c in range(len(block.columns)) if c == accused or _is_shown(block, c)]
    nearest = sorted(there, key=lambda c: (c != accused, c not in wanted, abs(c - accused)))
    shown = sorted(nearest[:_MOST_COLUMNS])
    columns: list[int | None] = []
    for before, c in zip([None, *there], there, strict=False):
        if c in shown:
            columns.append(c)
        elif before is None or before in shown:
            columns.append(None)
    return columns


def _headings(block: BlockAt, columns: Sequence[int | None]) -> Iterator[tuple[Heading, ...]]:
    """The headings of these columns line by line, one over several columns once; none over the fields of a form."""
    paths = [("…",) if c is None else block.columns[c].definition.path for c in columns]
    if all(c is not None and block.columns[c].definition.kind == "field" for c in columns):
        return
    depth = max(map(len, paths))
    for level in range(depth):
        line: list[Heading] = []
        for path, same in groupby(path[: level + 1] for path in paths):
            if len(path) > level:
                is_leaf = path in paths
                line.append(Heading(shortened(path[level]), len([*same]), depth - level if is_leaf else 1))
        yield tuple(line)
