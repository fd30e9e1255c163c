"""The layout (版面) of one workbook: where every row and column lies, FactKey <-> cell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple

from xltool.layout.block import BlockAt, Place
from xltool.layout.outline import Outline
from xltool.model import CellRef, FactKey, Path, format_path, member_name
from xltool.template.spec import YUAN, Table, Template

_EXACT_DECIMALS = {"元": 2, "万元": 6}
_DECIMALS = {"元": 2, "万元": 2}
"""Decimals of a workbook whose unit is not the template's own."""

_PERCENT_DIGITS = 2
"""98.13% is 0.9813."""


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

    @property
    def first_row(self) -> int:
        """Where its headings begin, or the fields of a form; 0 if nothing was found of it."""
        starts = [at.heading_row or min((row.sheet_row for row in at.rows), default=0) for at in self.blocks]
        return min(filter(None, starts), default=0)

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
    `printed` has the columns of amounts (block, column) that are printed with more or fewer decimals than the template
    says, and what their figures are rounded to.
    It never changes: what is known of a layout (its equations) is kept for as long as it is there.
    """

    template: Template
    outline: Outline
    tables: Mapping[str, TableAt]
    rounding: Mapping[Place, Decimal] = field(default_factory=dict)
    printed: Mapping[tuple[int, int], Decimal] = field(default_factory=dict)

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

    def lacks(self, table: str, column: Path) -> bool:
        """Whether no block of a table that should have a column has it in its sheet; not if the table is not there."""
        found = self._lacking.get((table, column))
        if found is None:
            blocks = self.blocks_of(table, column)
            is_there = any(block.columns[block.column_index[column]].sheet_column for block in blocks)
            found = self._lacking[table, column] = bool(blocks) and not is_there
        return found

    @cached_property
    def _lacking(self) -> dict[tuple[str, Path], bool]:
        """Table and column -> whether it is lacking, as they are asked for."""
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
        at = place.block, place.column
        unit = self._units.get(at)
        if unit is None:
            unit = self._unit(place)
            if self.blocks[place.block].columns[place.column].definition.kind != "field":
                self._units[at] = unit
        return unit

    @cached_property
    def _units(self) -> dict[tuple[int, int], Decimal]:
        """Block and column -> what its figures are rounded to, as they are asked for."""
        return {}

    def _unit(self, place: Place) -> Decimal:
        kind, decimals = self.kind(place), self.decimals(place)
        if kind == "percent":
            return Decimal(1).scaleb(-decimals - _PERCENT_DIGITS)
        printed = self.printed.get((place.block, place.column))
        if kind != "amount":
            return Decimal(1).scaleb(-decimals)
        return self.unit_with(decimals, place.block) if printed is None else printed

    def unit_with(self, decimals: int, block: int) -> Decimal:
        """What the amounts of a block are rounded to that are printed with so many decimals; 0 if that is every 分."""
        is_exact = decimals >= _EXACT_DECIMALS[self.amount_unit(block)]
        return Decimal(0) if is_exact else Decimal(1).scaleb(-decimals)

    def unit_of(self, place: Place, value: Decimal) -> Decimal:
        """What the value at a place is rounded to: the printed unit, or finer if it shows more digits than are printed.

        One that is added up from several workbooks is as inexact as all of them together.
        """
        summed = self.rounding.get(place)
        if summed is not None:
            return summed
        printed = self.unit(place)
        if not printed or not value % printed:  # most show no more digits than are printed
            return printed
        exponent = value.normalize().as_tuple().exponent
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
