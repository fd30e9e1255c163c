"""The layout (版面) of one workbook: where every row and column lies, FactKey <-> cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from xltool.layout.outline import Outline
from xltool.model import CellRef, FactKey, Path
from xltool.template.spec import Block, Column, Row, Table, Template

YUAN = {"元": 1, "万元": 10_000}
"""How many 元 one amount unit is."""

_EXACT_DECIMALS = {"元": 2, "万元": 6}
_DECIMALS = {"元": 2, "万元": 2}
"""Decimals of a workbook whose unit is not the template's own."""


class Place(NamedTuple):
    """A fact's position in a layout: the block's index in `Layout.blocks`, the row's and the column's in the block."""

    block: int
    row: int
    column: int


@dataclass(slots=True)
class RowAt:
    """One row of a block where it lies; `definition` is None for a row that the template does not know.

    `pattern` is the path with the dimension's name in place of each member. `shift` moves the row's cells to the
    right (fields of a form that share a line). `section_end` is the sheet row up to which rows can be added below.
    """

    path: Path
    definition: Row | None
    pattern: Path
    sheet_row: int
    label: str
    shift: int = 0
    section_end: int = 0

    @property
    def code(self) -> str:
        """The 科目编码 of a row of a classified dimension."""
        return self.path[-1]


@dataclass(slots=True)
class ColumnAt:
    """One leaf column where it lies; `sheet_column` is 0 if the workbook lacks it."""

    definition: Column
    sheet_column: int


@dataclass
class BlockAt:
    """One block where it lies.

    `blank_rows` are sheet rows kept free for more members, `body_end` is the last row above the foot, `helper_column`
    the sheet column beside the table that holds the codes where the format prints names only (0 if there is none),
    `amount_unit` the unit printed above the table if it is not the workbook's.
    """

    table: Table
    block: Block
    index: int
    sheet: str
    rows: list[RowAt]
    columns: list[ColumnAt]
    heading_row: int = 0
    blank_rows: list[int] = field(default_factory=list)
    body_end: int = 0
    helper_column: int = 0
    amount_unit: str = ""

    @cached_property
    def row_index(self) -> Mapping[Path, int]:
        """Row path -> index in `rows`."""
        return {row.path: i for i, row in enumerate(self.rows)}

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
    def places(self) -> list[list[Place]]:
        """The place of every fact, by row and column index."""
        return [[Place(self.index, r, c) for c in range(len(self.columns))] for r in range(len(self.rows))]

    def cell(self, row: int, column: int) -> CellRef | None:
        """The cell of a row and column by their indexes; None if the workbook lacks the column."""
        at = self.columns[column].sheet_column
        return CellRef(self.sheet, self.rows[row].sheet_row, at + self.rows[row].shift) if at else None

    def key(self, row: int, column: int) -> FactKey:
        """The key of a row and column by their indexes."""
        return FactKey(self.table.id, self.rows[row].path, self.columns[column].definition.path)

    def find_column(self, *kinds: str) -> int | None:
        """Index of the first column of one of `kinds`."""
        return next((i for i, c in enumerate(self.block.columns) if c.kind in kinds), None)

    @property
    def code_column(self) -> int:
        """The sheet column that holds the codes: the official one, or the helper beside the table; 0 if none."""
        index = self.find_column("code")
        return self.columns[index].sheet_column if index is not None else self.helper_column


@dataclass
class TableAt:
    """One table where it lies; `notes` are the texts below it, by sheet row."""

    table: Table
    sheet: str
    blocks: list[BlockAt]
    title_row: int = 1
    last_row: int = 0
    last_column: int = 0
    notes: dict[int, str] = field(default_factory=dict)


@dataclass(eq=False)
class Layout:
    """Where every table of one workbook lies, as planned for a new one or as found in one that was read."""

    template: Template
    outline: Outline
    tables: dict[str, TableAt]

    @cached_property
    def blocks(self) -> list[BlockAt]:
        """Every block of every table; a block's index in this list is its `Place.block`."""
        return [block for table in self.tables.values() for block in table.blocks]

    @cached_property
    def _blocks_of_sheet(self) -> Mapping[str, list[BlockAt]]:
        found: dict[str, list[BlockAt]] = {}
        for block in self.blocks:
            found.setdefault(block.sheet, []).append(block)
        return found

    def decimals(self, block: int) -> int:
        """Decimals that a block's amounts are printed with: the table's own, or 2 (分) in a workbook in 元."""
        unit = self.amount_unit(block)
        return self.blocks[block].table.decimals if unit == self.template.amount_unit else _DECIMALS[unit]

    def amount_unit(self, block: int) -> str:
        """ "元" or "万元": the unit of a block's amounts."""
        return self.blocks[block].amount_unit or self.outline.amount_unit

    def unit(self, block: int) -> Decimal:
        """What a block's printed amounts are rounded to; 0 where every 分 is printed, so that nothing is rounded."""
        decimals = self.decimals(block)
        return Decimal(0) if decimals >= _EXACT_DECIMALS[self.amount_unit(block)] else Decimal(1).scaleb(-decimals)

    def place(self, key: FactKey) -> Place | None:
        """Where a fact lies; None if this workbook has no such row or column."""
        table = self.tables.get(key.table)
        for block in table.blocks if table else ():
            row, column = block.row_index.get(key.row), block.column_index.get(key.column)
            if row is not None and column is not None:
                return Place(block.index, row, column)
        return None

    def key(self, place: Place) -> FactKey:
        """The key of the fact at `place`."""
        return self.blocks[place.block].key(place.row, place.column)

    def cell(self, place: Place) -> CellRef | None:
        """The cell of the fact at `place`; None if the workbook lacks the column."""
        return self.blocks[place.block].cell(place.row, place.column)

    def place_at(self, cell: CellRef) -> Place | None:
        """The fact that lies in `cell`; None if none does."""
        for block in self._blocks_of_sheet.get(cell.sheet, ()):
            for r in block.rows_of_line.get(cell.row, ()):
                c = block.column_of_line.get(cell.column - block.rows[r].shift)
                if c is not None:
                    return block.places[r][c]
        return None
