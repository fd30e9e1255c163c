"""One block of a table where it lies: its rows and columns, and the cell of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from xltool.model import CellRef, FactKey, Path
from xltool.template.binding import matches
from xltool.template.spec import DIMENSIONS, FIGURES, Block, Column, Row, Table


class Place(NamedTuple):
    """A fact's position in a layout: the block's index in `Layout.blocks`, the row's and the column's in the block."""

    block: int
    row: int
    column: int


MOST_ROWS = 50_000
"""Of one table. The longest have some ten thousand; more would keep Excel, and us, busy for many minutes."""


class Astray(NamedTuple):
    """How the cells of a row stand beside their headings, though it is read as if they did not.

    first: the sheet column of the first such cell; steps: how far to the right all stand (to the left if negative);
    proof: the sheet column of a cell that shows it; content: what stands there.
    """

    first: int
    steps: int
    proof: int
    content: str


class RowAt(NamedTuple):
    """One row of a block where it lies (`sheet_row` is 0 if the workbook lacks it); `definition` is None for a row that
    the template does not know.

    `pattern` is the path with the dimension's name in place of each member. `shift` moves the row's cells to the
    right (fields of a form that share a line). `section_end` is the sheet row up to which rows can be added below.
    `astray` is how its cells stand if that is not under their headings. `counted_in` are the paths of the totals whose
    formulas in the workbook count the row though the template does not know it. `is_guessed` if its label is unlike the
    template's, so that it is known by its place.
    """

    path: Path
    definition: Row | None
    pattern: Path
    sheet_row: int
    label: str
    shift: int = 0
    section_end: int = 0
    astray: Astray | None = None
    counted_in: tuple[Path, ...] = ()
    is_guessed: bool = False

    @property
    def code(self) -> str:
        """The 科目编码 of a row of a classified dimension."""
        return self.path[-1]


class ColumnAt(NamedTuple):
    """One leaf column where it lies; `sheet_column` is 0 if the workbook lacks it.

    `guessed` is the heading printed there if it is unlike the template's, so that the column is known by its place.
    """

    definition: Column
    sheet_column: int
    guessed: str = ""


class ExtraRow(NamedTuple):
    """A row that somebody added for himself: a subtotal, an 其中, a difference. It is no row of the table."""

    sheet_row: int
    label: str


@dataclass(frozen=True, eq=False)
class BlockAt:
    """One block where it lies.

    `above` is the path that its rows' paths begin with (the project of a form repeated for each project).
    `blank_rows` are sheet rows kept free for more members, `body_end` is the last row above the foot, `helper_column`
    the sheet column beside the table that holds the codes where the format prints names only (0 if there is none),
    `amount_unit` the unit printed above the table if it is not the workbook's, `extra` the rows that are none of it.
    """

    table: Table
    block: Block
    index: int
    sheet: str
    rows: tuple[RowAt, ...]
    columns: tuple[ColumnAt, ...]
    heading_row: int = 0
    above: Path = ()
    blank_rows: tuple[int, ...] = ()
    body_end: int = 0
    helper_column: int = 0
    amount_unit: str = ""
    extra: tuple[ExtraRow, ...] = ()

    @cached_property
    def row_index(self) -> Mapping[Path, int]:
        """Row path -> index in `rows`."""
        return {row.path: i for i, row in enumerate(self.rows)}

    @cached_property
    def rows_below(self) -> Mapping[Path, list[int]]:
        """Row path -> indexes of the rows directly below that row, top to bottom."""
        found: dict[Path, list[int]] = {}
        for i, row in enumerate(self.rows):
            found.setdefault(row.path[:-1], []).append(i)
        return found

    @cached_property
    def rows_of_pattern(self) -> Mapping[Path, list[int]]:
        """Pattern -> indexes of the rows that are its instances."""
        found: dict[Path, list[int]] = {}
        for i, row in enumerate(self.rows):
            found.setdefault(row.pattern, []).append(i)
        return found

    def rows_named(self, wanted: Path) -> list[int]:
        """The rows that a reference's row path names, top to bottom."""
        found = self._rows_named.get(wanted)
        if found is None:
            said = [(i, name) for i, name in enumerate(wanted) if name not in DIMENSIONS]
            if said:  # one project among a thousand: only the rows with its name are looked at
                rows = min((self._rows_with.get(one, []) for one in said), key=len)
                found = [r for r in rows if matches(wanted, self.rows[r].path, self.rows[r].pattern)]
            else:
                found = self._rows_like(wanted)
            self._rows_named[wanted] = found
        return found

    def _rows_like(self, wanted: Path) -> list[int]:
        found: list[int] = []
        for pattern, rows in self.rows_of_pattern.items():
            found += rows if pattern == wanted else [r for r in rows if matches(wanted, self.rows[r].path, pattern)]
        return sorted(found)

    @cached_property
    def _rows_with(self) -> Mapping[tuple[int, str], list[int]]:
        """Position in a path and the name that stands there -> the rows with it, top to bottom."""
        found: dict[tuple[int, str], list[int]] = {}
        for r, row in enumerate(self.rows):
            for at in enumerate(row.path):
                found.setdefault(at, []).append(r)
        return found

    @cached_property
    def _rows_named(self) -> dict[Path, list[int]]:
        return {}

    @cached_property
    def column_index(self) -> Mapping[Path, int]:
        """Column path -> index in `columns`."""
        return {column.definition.path: i for i, column in enumerate(self.columns)}

    @cached_property
    def rows_of_line(self) -> Mapping[int, list[int]]:
        """Sheet row -> indexes of the rows that lie there (several only in forms)."""
        found: dict[int, list[int]] = {}
        for i, row in enumerate(self.rows):
            found.setdefault(row.sheet_row, []).append(i)
        return found

    @cached_property
    def column_of_line(self) -> Mapping[int, int]:
        """Sheet column -> index of the column that begins there."""
        return {column.sheet_column: i for i, column in enumerate(self.columns) if column.sheet_column}

    @cached_property
    def places(self) -> list[tuple[Place, ...]]:
        """The place of every fact, by row and column index."""
        count = len(self.columns)
        return [_places(self.index, r, count) for r in range(len(self.rows))]

    def cell(self, row: int, column: int) -> CellRef | None:
        """The cell of a row and column by their indexes; None if the workbook lacks one of them."""
        at, line = self.columns[column].sheet_column, self.rows[row]
        return CellRef(self.sheet, line.sheet_row, at + line.shift) if at and line.sheet_row else None

    def key(self, row: int, column: int) -> FactKey:
        """The key of a row and column by their indexes."""
        return FactKey(self.table.id, self.rows[row].path, self.columns[column].definition.path)

    def kind(self, row: int, column: int) -> str:
        """What the cell of a row and column holds: the kind of its column, or, in a form, of its field."""
        kind, definition = self.block.columns[column].kind, self.rows[row].definition
        return kind if kind != "field" else "text" if definition is None else definition.kind

    def figures(self, kinds: tuple[str, ...] = FIGURES) -> Iterator[Place]:
        """The places that hold figures of these kinds, column by column, whether or not they are filled."""
        for c, column in enumerate(self.block.columns):
            if column.kind in kinds:
                yield from (line[c] for line in self.places)
            elif column.kind == "field":
                yield from (line[c] for r, line in enumerate(self.places) if self.kind(r, c) in kinds)

    @cached_property
    def label_columns(self) -> list[int]:
        """Indexes of the columns that hold the labels of outer rows first, then of those in them."""
        return [i for i, column in enumerate(self.block.columns) if column.kind == "label"]

    def depth(self, row: int) -> int:
        """How many rows of the block a row is nested in."""
        return len(self.rows[row].path) - len(self.above) - 1

    def find_column(self, *kinds: str) -> int | None:
        """Index of the first column of one of `kinds`."""
        found = [self._first_columns[kind] for kind in kinds if kind in self._first_columns]
        return min(found, default=None)

    @cached_property
    def _first_columns(self) -> Mapping[str, int]:
        """Kind -> index of the first column of that kind."""
        return {column.kind: i for i, column in reversed([*enumerate(self.block.columns)])}

    @cached_property
    def code_column(self) -> int:
        """The sheet column that holds the codes: the official one, or the helper beside the table; 0 if none."""
        index = self.find_column("code")
        if index is None or self.columns[index].definition.parts:
            return self.helper_column
        return self.columns[index].sheet_column


@lru_cache(maxsize=4096)  # those of a block are the same in every workbook
def _places(block: int, row: int, columns: int) -> tuple[Place, ...]:
    return tuple([Place(block, row, c) for c in range(columns)])
