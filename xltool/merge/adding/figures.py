"""What one unit's workbook hands over to be added up, small enough to be sent to another process.

Rows and cells are plain values, so that a workbook that has been read can be let go of.
"""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from xltool.model import CellRef, Path, Value


class CellFigure(NamedTuple):
    """One fact: its column, its value as printed (blank ones are left out), the sheet column it stands in.

    `is_total`: it follows from others (a total or a link) that are filled in, whether or not its formula is live.
    `unit` is what the value is rounded to, 0 if it is exact. `off` is what such a total exceeds them by (0 where it
    agrees), `is_rounding` whether rounding explains it. All are in the figure's own unit.
    """

    column: Path
    value: Value
    sheet_column: int
    is_total: bool = False
    unit: Decimal = Decimal(0)
    off: Decimal = Decimal(0)
    is_rounding: bool = False


class RowFigures(NamedTuple):
    """One row of a table: its path, its path with the dimensions in place of members, and where it lies.

    `block` is the index of its block in the table, `amount_unit` "元" or "万元", `counted_in` the totals that count a
    row which the template does not know (`is_known` False).
    """

    table: str
    block: int
    path: Path
    pattern: Path
    amount_unit: str
    sheet: str
    sheet_row: int
    is_known: bool
    counted_in: tuple[Path, ...]
    cells: tuple[CellFigure, ...]

    def cell(self, figure: CellFigure) -> CellRef:
        """Where a figure of the row stands."""
        return CellRef(self.sheet, self.sheet_row, figure.sheet_column)


class UnitFigures(NamedTuple):
    """All of one workbook: its rows, table by table, and its footnotes by sheet key (table, or table/project)."""

    units: tuple[str, ...]
    department: str
    rows: tuple[RowFigures, ...]
    notes: Mapping[tuple[str, Path], tuple[str, ...]]


def packed(figures: UnitFigures) -> bytes:
    """All of a workbook's figures as bytes: plain tuples, which take half the time of named ones."""
    rows = [(*row[:-1], [tuple(cell) for cell in row.cells]) for row in figures.rows]
    return pickle.dumps((figures.units, figures.department, rows, figures.notes), pickle.HIGHEST_PROTOCOL)


def unpacked(content: bytes) -> UnitFigures:
    """What was packed in a process of our own."""
    units, department, rows, notes = pickle.loads(content)
    named = [RowFigures._make((*row, tuple(map(CellFigure._make, cells)))) for *row, cells in rows]
    return UnitFigures(units, department, tuple(named), notes)
