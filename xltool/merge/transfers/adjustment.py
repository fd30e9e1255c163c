"""The adjustment table (调整表): a unit of its own whose amounts take out what was counted twice."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from xltool.merge.adding.figures import CellFigure, RowFigures, UnitFigures
from xltool.merge.transfers.eliminated import Taken
from xltool.merge.transfers.internal import Spot
from xltool.model import Path
from xltool.source.our_sheets import ELIMINATION
from xltool.template.spec import Template

FIRST_ROW = 6
AMOUNT_COLUMN = 7
"""Where the 抵销 sheet has the first amount of the adjustment table; the others follow below it."""


def cells_taken(taken: Sequence[Taken]) -> dict[Spot, Decimal]:
    """What is taken out of each cell of the 汇总, in 元, in the order of the sheet."""
    amounts: dict[Spot, Decimal] = {}
    for one in taken:
        spot = one.said.line.spot
        amounts[spot] = amounts.get(spot, Decimal(0)) + one.amount
    return {spot: amount for spot, amount in amounts.items() if amount}


def adjustment(taken: Sequence[Taken], template: Template, department: str) -> UnitFigures | None:
    """The adjustment table as a unit hands over its figures, in 元; None if nothing is taken out.

    Each figure is said to stand where the 抵销 sheet has it.
    """
    amounts = cells_taken(taken)
    name = template.merging.adjustment
    rows = tuple(_row(spot, -amount, name, row) for row, (spot, amount) in enumerate(amounts.items(), FIRST_ROW))
    has_rows = any("unit" in spot.pattern for spot in amounts)
    return UnitFigures((name,) if has_rows else (), department, rows, {}) if rows else None


def path_of(spot: Spot, name: str) -> Path:
    """The path of a row in the 汇总, where the adjustment table is a unit called `name`."""
    return tuple(name if each == "unit" else member for member, each in zip(spot.row, spot.pattern, strict=True))


def _row(spot: Spot, amount: Decimal, name: str, row: int) -> RowFigures:
    cell = CellFigure(spot.column, amount, AMOUNT_COLUMN)
    return RowFigures(
        spot.table, spot.block, path_of(spot, name), spot.pattern, "元", ELIMINATION, row, True, (), (cell,)
    )
