"""The layout (版面) of one workbook: where every row and column lies, FactKey <-> cell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple

from xltool.layout.outline import Outline
from xltool.model import CellRef, FactKey, Path, format_path, member_name
from xltool.template.binding import matches
from xltool.template.spec import DIMENSIONS, FIGURES, YUAN, Block, Column, Row, Table, Template

_EXACT_DECIMALS = {"元": 2, "万元": 6}
_DECIMALS = {"元": 2, "万元": 2}
"""Decimals of a workbook whose unit is not the template's own."""

_PERCENT_DIGITS = 2
"""98.13% is 0.9813."""


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
    """One row of a block where it lies; `definition` is None for a row that the template does not know.

    `pattern` is the path with the dimension's name in place of each member. `shift` moves the row's cells to the
    right (fields of a form that share a line). `section_end` is the sheet row up to which rows can be added below.
    `astray` is how its cells stand if that is not under their headings. `counted_in` are the paths of the totals whose
    formulas in the workbook count the row though the template does not know it.
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

    @property
    def code(self) -> str:
        """The 科目编码 of a row of a classified dimension."""
        return self.path[-1]


class ColumnAt(NamedTuple):
    """One leaf column where it lies; `sheet_column` is 0 if the workbook lacks it."""

    definition: Column
    sheet_column: int


@dataclass(frozen=True, eq=False)
class BlockAt:
    """One block where it lies.

    `above` is the path that its rows' paths begin with (the project of a form repeated for each project).
    `blank_rows` are sheet rows kept free for more members, `body_end` is the last row above the foot, `helper_column`
    the sheet column beside the table that holds the codes where the format prints names only (0 if there is none),
    `amount_unit` the unit printed above the table if it is not the workbook's.
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

    def kind(self, row: int, column: int) -> str:
        """What the cell of a row and column holds: the kind of its column, or, in a form, of its field."""
        kind, definition = self.block.columns[column].kind, self.rows[row].definition
        return kind if kind != "field" else "text" if definition is None else definition.kind

    def figures(self, kinds: tuple[str, ...] = FIGURES) -> Iterator[Place]:
        """The places that hold figures of these kinds, column by column, whether or not they are filled."""
        for c, column in enumerate(self.block.columns):
            if column.kind in kinds or column.kind == "field":
                for r in range(len(self.rows)):
                    if self.kind(r, c) in kinds:
                        yield self.places[r][c]

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


class TableAt(NamedTuple):
    """One table (or one sheet of a repeated form, for the project at the end of `above`) where it lies.

    `notes` are the texts below it, by sheet row; `number` tells the sheets of a repeated form apart.
    """

    table: Table
    sheet: str
    blocks: tuple[BlockAt, ...]
    title_row: int = 1
    last_row: int = 0
    last_column: int = 0
    notes: Mapping[int, str] = MappingProxyType({})
    above: Path = ()
    number: int = 0

    def text(self, template_text: str) -> str:
        """`template_text` with the placeholders filled in that mean something else here than in other tables."""
        member = member_name(self.above[-1]) if self.above else ""
        text = template_text.replace("{n}", str(self.number)).replace("{member}", member)
        return text.replace("{amount_unit}", self.table.amount_unit) if self.table.amount_unit else text


def sheet_key(table: str, above: Path) -> str:
    """The key of a sheet in `Layout.tables`."""
    return format_path((table, *above)) if above else table


@dataclass(frozen=True, eq=False, repr=False)
class Layout:
    """Where every table of one workbook lies, as planned for a new one or as found in one that was read.

    `tables` are by their id; the sheets of a form repeated for each project by its id and the project, see `sheet_key`.
    `rounding` is of figures that are added up from several workbooks (汇总): what their addends are rounded to, summed.
    It never changes: what is known of a layout (its equations) is kept for as long as it is there.
    """

    template: Template
    outline: Outline
    tables: Mapping[str, TableAt]
    rounding: Mapping[Place, Decimal] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"<Layout of {self.template.id} {self.outline.year}: {len(self.tables)} tables>"

    def with_blocks(self, blocks: Iterable[BlockAt]) -> Layout:
        """The layout with other blocks in the places of its own."""
        others = iter(blocks)
        tables = {key: at._replace(blocks=tuple([next(others) for _ in at.blocks])) for key, at in self.tables.items()}
        return replace(self, tables=tables)

    def with_notes(self, notes: Mapping[str, Sequence[str]]) -> Layout:
        """The layout with these lines below some of its tables, instead of any others."""
        tables = dict(self.tables)
        for key, lines in notes.items():
            first = tables[key].last_row + 1
            tables[key] = tables[key]._replace(notes=dict(enumerate(lines, first)))
        return replace(self, tables=tables)

    @cached_property
    def blocks(self) -> list[BlockAt]:
        """Every block of every table; a block's index in this list is its `Place.block`."""
        return [block for table in self.tables.values() for block in table.blocks]

    @cached_property
    def _blocks_of_table(self) -> Mapping[str, list[BlockAt]]:
        found: dict[str, list[BlockAt]] = {}
        for block in self.blocks:
            found.setdefault(block.table.id, []).append(block)
        return found

    def blocks_of(self, table: str, column: Path | None = None) -> list[BlockAt]:
        """The blocks of a table (on every sheet of a repeated form), all or those that have a column."""
        if column is None:
            return self._blocks_of_table.get(table, [])
        found = self._blocks_with.get((table, column))
        if found is None:
            found = [block for block in self._blocks_of_table.get(table, []) if column in block.column_index]
            self._blocks_with[table, column] = found
        return found

    @cached_property
    def _blocks_with(self) -> dict[tuple[str, Path], list[BlockAt]]:
        """Table and column -> the blocks that have it, as they are asked for."""
        return {}

    @cached_property
    def _blocks_of_sheet(self) -> Mapping[str, list[BlockAt]]:
        found: dict[str, list[BlockAt]] = {}
        for block in self.blocks:
            found.setdefault(block.sheet, []).append(block)
        return found

    def column_decimals(self, block: int, column: int) -> int:
        """Decimals that a column's figures are printed with: the workbook's, its own, the table's, or 2 (分) for 元."""
        definition = self.blocks[block].columns[column].definition
        return self._decimals(block, definition.kind, definition.decimals)

    def decimals(self, place: Place) -> int:
        """Decimals that a figure is printed with; those of a percentage stand before its sign."""
        block = self.blocks[place.block]
        row = block.rows[place.row].definition
        if block.columns[place.column].definition.kind != "field" or row is None:
            return self.column_decimals(place.block, place.column)
        return self._decimals(place.block, row.kind, row.decimals)

    def _decimals(self, block: int, kind: str, own: int | None) -> int:
        if kind in ("percent", "number"):
            return own or 0
        if self.outline.decimals is not None:
            return self.outline.decimals
        unit = self.amount_unit(block)
        if unit != (self.blocks[block].table.amount_unit or self.template.amount_unit):
            return _DECIMALS[unit]
        return self.blocks[block].table.decimals if own is None else own

    def kind(self, place: Place) -> str:
        """What the cell at `place` holds, see `BlockAt.kind`."""
        return self.blocks[place.block].kind(place.row, place.column)

    def amount_unit(self, block: int) -> str:
        """ "元" or "万元": the unit of a block's amounts."""
        return self.blocks[block].amount_unit or self.outline.amount_unit

    def yuan_of(self, place: Place) -> int:
        """How many 元 make one of the unit that a figure is in; 1 where it is no amount."""
        return YUAN[self.amount_unit(place.block)] if self.kind(place) == "amount" else 1

    def unit(self, place: Place) -> Decimal:
        """What a printed figure is rounded to; 0 where every 分 is printed, so that nothing is rounded."""
        kind, decimals = self.kind(place), self.decimals(place)
        if kind == "percent":
            return Decimal(1).scaleb(-decimals - _PERCENT_DIGITS)
        if kind == "amount" and decimals >= _EXACT_DECIMALS[self.amount_unit(place.block)]:
            return Decimal(0)
        return Decimal(1).scaleb(-decimals)

    def unit_of(self, place: Place, value: Decimal) -> Decimal:
        """What the value at a place is rounded to: the printed unit, or finer if it shows more digits than are printed.

        One that is added up from several workbooks is as inexact as all of them together.
        """
        summed = self.rounding.get(place)
        if summed is not None:
            return summed
        printed, exponent = self.unit(place), value.normalize().as_tuple().exponent
        return min(printed, Decimal(1).scaleb(exponent)) if isinstance(exponent, int) and exponent < 0 else printed

    def may_be_negative(self, place: Place) -> bool:
        """Whether an amount below zero is right at `place`: the template allows it, or it corrects others."""
        block = self.blocks[place.block]
        row = block.rows[place.row].definition
        is_allowed = block.columns[place.column].definition.negative or (row is not None and row.negative)
        return is_allowed or self.is_correction(place)

    def is_correction(self, place: Place) -> bool:
        """Whether the amounts of the row correct those of others, see `Outline.corrections`."""
        corrections = self.outline.corrections
        return bool(corrections) and not corrections.isdisjoint(self.blocks[place.block].rows[place.row].path)

    def place(self, key: FactKey) -> Place | None:
        """Where a fact lies; None if this workbook has no such row or column."""
        for block in self.blocks_of(key.table):
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
