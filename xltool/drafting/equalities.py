"""Proposes rules between totals that the numbers of a filled workbook show to be equal, where names say so too."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import product
from typing import NamedTuple

from xltool.drafting import words
from xltool.drafting.rows.fixed_rows import DEPARTMENT_ROW
from xltool.drafting.spec import DraftBlock, DraftColumn, DraftRow, DraftTable, Evidence
from xltool.expression import Reference
from xltool.model import Path
from xltool.template.names import normal

_FUNDS = ("一般公共预算", "政府性基金", "国有资本经营", "财政拨款", "拨款")
_SIDES = ("收入", "支出")


class Total(NamedTuple):
    """One total of a table: whether it is 收入 or 支出 ("" if that is not said), and how much it is."""

    table: DraftTable
    row: str
    column: Path
    side: str
    value: Decimal
    is_of_year: bool

    @property
    def name(self) -> str:
        """What it is called, in a sentence."""
        row = "合计" if self.row == DEPARTMENT_ROW else self.row
        return f"{self.table.id}的{'' if self.side in row else self.side}{row}"

    @property
    def reference(self) -> Reference:
        """How a rule names it."""
        return Reference(self.table.id, (self.row,), self.column, False)


class Equality(NamedTuple):
    """Two totals that are equal, or should be by their names."""

    left: Total
    right: Total
    evidence: Evidence


def equalities(tables: list[DraftTable]) -> list[Equality]:
    """收入 equals 支出 at the foot of a table with both; each of them equals the total of the table about it alone."""
    whole = [table for table in tables if not table.each]
    with_both = [table for table in whole if len(table.blocks) > 1 and table.blocks[-1].place == "right"]
    found = [equality for table in with_both for equality in _balance(table)]
    for table, other in product(with_both, whole):
        if (
            other not in with_both
            and funds(table.title) == funds(other.title)
            and table.amount_unit == other.amount_unit
        ):
            found += _of_one_side(table, other)
    return found


def _balance(table: DraftTable) -> Iterator[Equality]:
    feet = [list(_totals(table, block))[-1:] for block in table.blocks]
    if len(feet) == len(_SIDES) and all(feet):
        left, right = feet[0][0], feet[1][0]
        if (left.side, right.side) == _SIDES:
            yield Equality(left, right, Evidence.NUMBERS if left.value == right.value else Evidence.NAMES)


def _of_one_side(table: DraftTable, other: DraftTable) -> Iterator[Equality]:
    """A table that has a column for what is carried over tells the whole, any other one what is of this year."""
    has_carried = any(words.CARRIED.search(column.path[-1]) for block in other.blocks for column in block.columns)
    single = [total for block in other.blocks for total in _totals(other, block)][:1]
    for mine in (total for block in table.blocks for total in _totals(table, block)):
        for its in single:
            if mine.side == its.side != "" and mine.value == its.value and mine.is_of_year != has_carried:
                yield Equality(mine, its, Evidence.NUMBERS)


def funds(title: str) -> frozenset[str]:
    """Which money a table is about, by its title."""
    return frozenset(fund for fund in _FUNDS if fund in title)


def _totals(table: DraftTable, block: DraftBlock) -> Iterator[Total]:
    """The totals of a block in its outermost amount column, from the top down."""
    column = _outermost(block)
    for row in block.rows if column is not None else ():
        value = None if row.each or column is None else table.page.number(row.instances[0].line, column.at)
        if value and column is not None and (words.TOTAL.search(normal(row.label)) or row.id == DEPARTMENT_ROW):
            yield Total(table, row.id, column.path, _side(table, row, column), value, row.label.startswith("本年"))


def _outermost(block: DraftBlock) -> DraftColumn | None:
    """The only amount column, or the only one that adds up others and is no part itself."""
    if len(block.amounts) == 1:
        return block.amounts[0]
    totals = [column for column in block.amounts if column.sum]
    added = {name.removeprefix("-").rsplit("/", 1)[-1] for column in totals if column.sum for name in column.sum.parts}
    whole = [column for column in totals if len(column.path) == 1 and column.path[-1] not in added]
    return whole[0] if len(whole) == 1 else None


def _side(table: DraftTable, row: DraftRow, column: DraftColumn) -> str:
    """收入 or 支出: as the row says, else the column, else the table."""
    for text in (row.label, "".join(column.path), table.title):
        said = [side for side in _SIDES if side in text]
        if len(said) == 1:
            return said[0]
    return ""
