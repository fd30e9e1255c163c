"""One workbook of a comparison: its rows by what they mean, so that those of the other are found beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from xltool.equations.instances import formulas, is_code_row
from xltool.layout.block import BlockAt, Place, RowAt
from xltool.layout.book import Book
from xltool.merge.compare.subjects import Subjects, outermost
from xltool.model import CellRef, Path, Value
from xltool.template.spec import CODE_LEVELS, DIMENSIONS, FIGURES

INDICATOR = "indicator"
_TEXTS = ("text", "name", "label")
_NOTHING = Decimal(0)


class Member(NamedTuple):
    """One name in a row's path: its dimension, and what it is called in the comparison."""

    dimension: str
    name: str | Path


class RowKey(NamedTuple):
    """A row by what it means: its table, its pattern in the template, its members as the comparison calls them."""

    table: str
    pattern: Path
    members: tuple[Member, ...]

    @property
    def is_known(self) -> bool:
        """Whether the template knows such a row."""
        return all(member.dimension for member in self.members)


class Cell(NamedTuple):
    """The cells of one side that are compared together, mostly one."""

    value: Value
    places: tuple[Place, ...]


class ComparedSide:
    """The rows of a workbook; `names` says what its units, projects and so on are called in the comparison."""

    def __init__(self, book: Book, is_new: bool, names: Mapping[tuple[str, str], str], subjects: Subjects) -> None:
        self.book, self.is_new = book, is_new
        self._totals = formulas(book.layout)
        self._names, self._subjects = names, subjects
        self.rows: dict[RowKey, list[tuple[BlockAt, int]]] = {}
        self.inner: dict[RowKey, list[tuple[BlockAt, int]]] = {}
        for block in book.layout.blocks:
            for r in range(len(block.rows)):
                self.rows.setdefault(self._key(block, r), []).append((block, r))
        for key, rows in self.rows.items():
            codes = {block.rows[r].code for block, r in rows}
            if len(codes) > 1:
                self._keep_outermost(key, rows, outermost(codes))

    def _keep_outermost(self, key: RowKey, rows: list[tuple[BlockAt, int]], codes: set[str]) -> None:
        """Of 科目 that are compared together, those in others are counted there."""
        self.inner[key] = [(block, r) for block, r in rows if block.rows[r].code not in codes]
        self.rows[key] = [(block, r) for block, r in rows if block.rows[r].code in codes]

    def _key(self, block: BlockAt, r: int) -> RowKey:
        row = block.rows[r]
        if row.definition is None:
            return RowKey(block.table.id, row.path, (Member("", row.path),))
        members = tuple(self._members(row.path, row.pattern))
        pattern = tuple(
            [name for i, name in enumerate(row.pattern) if name != INDICATOR or INDICATOR not in row.pattern[:i]]
        )
        return RowKey(block.table.id, pattern, members)

    def _members(self, path: Path, pattern: Path) -> Iterator[Member]:
        for i, (name, kind) in enumerate(zip(path, pattern, strict=True)):
            if kind == INDICATOR:
                if INDICATOR not in pattern[:i]:
                    yield Member(kind, path[i : pattern.count(kind) + i])
            elif kind in CODE_LEVELS:
                yield Member(kind, self._subjects.group(self.is_new, name))
            elif kind in DIMENSIONS:
                yield Member(kind, self._names.get((kind, name), name))

    def cell(self, key: RowKey, column: Path) -> Cell | None:
        """What stands in a row and column, amounts in 元; None if the workbook has no such row or column."""
        return self._cell(self.rows.get(key, ()), column)

    def inner_cells(self) -> Iterator[Cell]:
        """The figures of 科目 that are counted in others of their group."""
        for rows in self.inner.values():
            for block, r in rows:
                yield from (Cell(self.value(p), (p,)) for p in block.places[r] if block.kind(r, p.column) in FIGURES)

    def _cell(self, rows: Iterable[tuple[BlockAt, int]], column: Path) -> Cell | None:
        places = tuple(
            [block.places[r][block.column_index[column]] for block, r in rows if column in block.column_index]
        )
        return Cell(added([self.value(place) for place in places]), places) if places else None

    def columns(self, key: RowKey) -> Iterator[tuple[Path, str]]:
        """The columns of a row in which figures or texts stand, each with its kind there."""
        for block, r in self.rows[key]:
            for c, column in enumerate(block.columns):
                kind = block.kind(r, c)
                if kind in FIGURES or kind == "text" or (kind in _TEXTS and is_code_row(block, r)):
                    yield column.definition.path, self.kind(block.places[r][c])

    def kind(self, place: Place) -> str:
        """What stands at a place: "amount", "percent", "number" or "text"."""
        kind = self.book.layout.kind(place)
        return kind if kind in FIGURES else "text"

    def row_at(self, place: Place) -> RowAt:
        """The row of a place."""
        return self.book.layout.blocks[place.block].rows[place.row]

    def cells(self, places: Iterable[Place]) -> tuple[CellRef, ...]:
        """Where they are in the workbook."""
        return tuple([cell for place in places if (cell := self.book.layout.cell(place)) is not None])

    def value(self, place: Place) -> Value:
        """The figure at a place, amounts in 元, or the text."""
        value = self.book.values.get(place)
        return value * self.book.layout.yuan_of(place) if isinstance(value, Decimal) else value

    def step(self, place: Place) -> Decimal:
        """What the figure at a place is rounded to where it is printed, amounts in 元; 0 where it is exact."""
        return self.book.layout.unit(place) * self.book.layout.yuan_of(place)

    def is_total(self, places: Iterable[Place]) -> bool:
        """Whether any of the figures follows from others."""
        return any(place in self._totals for place in places)


def added(values: Iterable[Value]) -> Value:
    """The sum of figures; None if all are blank. Of a text among them, or the only one, the text."""
    filled = [value for value in values if value is not None]
    if not filled:
        return None
    texts = [value for value in filled if isinstance(value, str)]
    if texts:
        return "\n".join(texts) if len(texts) == len(filled) else str(texts[0])
    return sum((value for value in filled if isinstance(value, Decimal)), _NOTHING)
