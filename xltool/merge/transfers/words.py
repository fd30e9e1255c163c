"""How 往来 is told: the lines by their names, cells with their units, amounts in 元."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from xltool.checking.tell.words import grouped
from xltool.merge.transfers.internal import Said, TransferSide
from xltool.template.spec import DIMENSIONS, Elimination

MOST_CELLS = 3
"""More cells than these are told by their number."""


def line_name(elimination: Elimination, side: TransferSide) -> str:
    """What the format calls what is received, or paid: its column, or its row where the line is a fixed one."""
    references = elimination.income if side is TransferSide.RECEIVED else elimination.expenditure
    if not references:
        return elimination.name
    row, column = references[0].row, references[0].column
    return column[-1] if any(name in DIMENSIONS for name in row) else row[-1]


def yuan(amount: Decimal) -> str:
    """An amount in 元: to the 分, or exactly where it has more digits."""
    return f"{grouped(amount.normalize(), 2)} 元"


def cells(said: Sequence[Said]) -> str:
    """The cells of one unit, such as 支出总表!I9."""
    shown = "、".join(one.line.cell.in_book for one in said[:MOST_CELLS])
    return shown if len(said) <= MOST_CELLS else f"{shown} 等 {len(said)} 格"


def shares(said: Sequence[Said]) -> str:
    """What each unit says: 甲中心 5.00 元（收入总表!I9）、乙中心 …"""
    shown = "、".join(f"{one.name} {yuan(one.line.amount)}（{one.line.cell.in_book}）" for one in said[:MOST_CELLS])
    return shown if len(said) <= MOST_CELLS else f"{shown} 等 {len(said)} 处"
