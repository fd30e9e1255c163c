"""Rows that cannot be placed because their cells stand one or two columns beside their headings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from xltool.equations.sums import column_sums
from xltool.excel.read.rows.subprojects import adds_up
from xltool.layout.block import Astray, BlockAt
from xltool.model import column_letters
from xltool.source.cells import Raw, amount, is_blank, label
from xltool.source.columns import fits
from xltool.source.sheet import Sheet
from xltool.template.binding import is_code
from xltool.template.spec import FIGURES, Column

_STEPS = (1, -1, 2, -2)
"""How far to the right of their headings the cells are looked for, in this order; to the left if negative."""

_Cells = Mapping[int, Raw]
"""The cells of a row in the columns of its block, by sheet column."""


class Way(NamedTuple):
    """One way to move the cells of a row back: how they stand now, and what all columns of the block hold then."""

    astray: Astray
    cells: _Cells


def ways_back(sheet: Sheet, at: BlockAt, sheet_row: int, dimension: str) -> Iterator[Way]:
    """The ways in which all that stands in a row fits the headings, and its sums hold; likeliest first.

    The cells from the number, code or name on are moved, all by the same distance. `dimension` is that of the codes.
    There is none for a row whose cells fit as they stand, nor for one of which only one cell may have slipped.
    """
    here = {c.sheet_column: sheet.raw(sheet_row, c.sheet_column) for c in at.columns if c.sheet_column}
    line = _SheetRow(sheet, at, sheet_row, dimension, here)
    misfits = line.misfits(here)
    if not misfits or not line.can_be_moved():
        return
    for steps in _STEPS:
        for start in line.first_columns():
            cells = line.moved(start, steps)
            if cells and not is_blank(cells[start]) and line.is_in_order(cells) and not line.has_slipped(start, steps):
                yield Way(Astray(start + steps, steps, misfits[0], label(here[misfits[0]])), cells)


class _SheetRow(NamedTuple):
    """A row of a sheet as the columns of its block see it; `here` is how it stands."""

    sheet: Sheet
    at: BlockAt
    sheet_row: int
    dimension: str
    here: _Cells

    def first_columns(self) -> list[int]:
        """The sheet columns that a row may begin with: that of the code first, then names, then the number."""
        found = [(c.definition.kind, c.sheet_column) for c in self.at.columns if c.sheet_column]
        return [column for kind, column in sorted(found) if kind in ("code", "label", "serial")]

    def can_be_moved(self) -> bool:
        """Whether the columns lie side by side, and each cell is by itself and has a value."""
        columns, formulas = sorted(self.here), self.sheet.formulas
        if columns != list(range(columns[0], columns[-1] + 1)):
            return False
        addresses = {f"{column_letters(column)}{self.sheet_row}" for column in columns}
        is_merged = any((self.sheet_row, column) in self.sheet.merged for column in columns)
        return not is_merged and addresses.isdisjoint(formulas.errors) and addresses.isdisjoint(formulas.without_value)

    def moved(self, start: int, steps: int) -> _Cells:
        """The row with what stands `steps` to the right moved back to `start` and on; empty if nothing can have come
        from there: a cell that is filled would be overwritten, or moved out of the block."""
        first, last = min(self.here), max(self.here)
        lost = range(start, start + steps) if steps > 0 else range(last + steps + 1, last + 1)
        if start + min(steps, 0) < first or any(_counts(self.here.get(column, "")) for column in lost):
            return {}
        kept = {column: self.here[column] if column < start + steps else "" for column in range(first, start)}
        return kept | {column: self._content(column + steps) for column in range(start, last + 1)}

    def _content(self, column: int) -> Raw:
        """What stands in a column of the block, or in one beside it that has no heading."""
        if column in self.here:
            return self.here[column]
        has_heading = any(self.sheet.label(row, column) for row in range(self.at.heading_row, self.sheet_row))
        return "" if has_heading else self.sheet.raw(self.sheet_row, column)

    def has_slipped(self, start: int, steps: int) -> bool:
        """Whether the row is in order, too, when only the first cell is moved."""
        return self.is_in_order({**self.here, start + steps: "", start: self.here.get(start + steps, "")})

    def is_in_order(self, cells: _Cells) -> bool:
        """Whether every cell fits its column, and every total across is there and is the sum of its parts."""
        if self.misfits(cells):
            return False
        values = [amount(cells.get(c.sheet_column, "")).value for c in self.at.columns]
        for total in column_sums(self.at):
            whole, parts = values[total.target], [sign * value for sign, c in total.parts if (value := values[c])]
            if (whole is None and parts) or not adds_up(parts, whole or Decimal(0)):
                return False
        return True

    def misfits(self, cells: _Cells) -> list[int]:
        """The sheet columns whose cell is neither blank nor what the column holds."""
        columns = {c.sheet_column: c.definition for c in self.at.columns}
        return [column for column in sorted(self.here) if not self._fits(cells[column], columns[column])]

    def _fits(self, raw: Raw, column: Column) -> bool:
        if is_blank(raw) or column.kind in ("serial", "fixed"):
            return True
        if column.kind in FIGURES:
            return not amount(raw).problem
        return is_code(self.dimension, label(raw)) if column.kind == "code" else fits(label(raw), column)


def _counts(raw: Raw) -> bool:
    """Whether a cell has anything but a zero, which pasted rows may leave behind."""
    return not is_blank(raw) and raw != 0
