"""Proposes rules between totals that the numbers of a filled workbook show to be equal, where names say so too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import permutations, product
from typing import NamedTuple

from xltool.drafting import words
from xltool.drafting.rows.fixed_rows import DEPARTMENT_ROW
from xltool.drafting.spec import Draft, DraftBlock, DraftColumn, DraftRow, DraftTable, Evidence
from xltool.expression import Reference
from xltool.model import Path
from xltool.template.names import is_plain_total, normal

BUDGETS = ("一般公共预算", "政府性基金", "国有资本经营")
"""Kinds of money that tables are about: each has one of its own."""

_FUNDS = (*BUDGETS, "财政拨款", "拨款")
_TASKS = ("基本支出", "项目支出")
_OTHERS = 2
_SIDES = ("收入", "支出")


class Total(NamedTuple):
    """One total of a table: 收入, 支出 or a task such as 基本支出 ("" if that is not said), and how much it is."""

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
        return f"{self.table.id}的{self.side if is_plain_total(row) else ''}{row}"

    @property
    def reference(self) -> Reference:
        """How a rule names it."""
        return Reference(self.table.id, (self.row,), self.column, False)


class Equality(NamedTuple):
    """A total that is equal to another, or to several together, or should be by their names."""

    left: Total
    right: tuple[Total, ...]
    evidence: Evidence

    @property
    def is_of_one_money(self) -> bool:
        """Whether both sides are about the same money; else they are equal while there is no other."""
        return len(self.right) > 1 or funds(self.left.table.title) == funds(self.right[0].table.title)


def equalities(draft: Draft) -> list[Equality]:
    """What the totals of the tables say of each other.

    收入 equals 支出 at the foot of a table with both, or one total is that of both sides; each of them equals the total
    of the table about it alone. What is paid for by one kind of money each adds up to the whole. A column of a table
    (基本支出) equals the total of the table about it. Of further tables with the same total each equals the first.
    """
    whole = [table for table in draft.tables if not table.each]
    with_both = [table for table in whole if _has_both(table)]
    found = [equality for table in with_both for equality in (*_balance(table), *_of_both_sides(table))]
    for table, other in product(with_both, whole):
        if (
            other not in with_both
            and funds(table.title) == funds(other.title)
            and table.amount_unit == other.amount_unit
        ):
            found += _of_one_side(table, other)
    if not any(len(agreement.right) > 1 for agreement in draft.agreements):  # which says more
        found += _of_parts(whole)
    found += [equality for table, other in permutations(whole, 2) for equality in _of_a_column(table, other)]
    found += [equality for table, other in product(with_both, whole) for equality in _of_the_same_name(table, other)]
    return [*found, *_of_the_same_total(whole, found)]


def _has_both(table: DraftTable) -> bool:
    """Whether a table has 收入 and 支出 side by side."""
    return len(table.blocks) > 1 and table.blocks[-1].place == "right"


def _of_parts(whole: list[DraftTable]) -> Iterator[Equality]:
    """支出总表 = 一般公共预算 + 政府性基金 + 国有资本经营, each in a table of its own; at least two of them."""
    parts: dict[str, Total] = {}
    for fund, part in ((_only_budget(table), _grand_total(table)) for table in whole):
        if fund and part is not None:
            parts.setdefault(fund, part)
    together = sum((total.value for total in parts.values()), Decimal(0))
    units = {total.table.amount_unit for total in parts.values()}
    for table in whole if len(parts) > 1 and together and len(units) == 1 else ():
        total = _grand_total(table)
        if total and not funds(table.title) & set(BUDGETS) and total.value == together and _is_spent(total, parts):
            yield Equality(total, tuple(parts.values()), Evidence.NUMBERS)
            return


def _is_spent(total: Total, parts: Mapping[str, Total]) -> bool:
    return not _has_both(total.table) and {total.side, *(part.side for part in parts.values())} == {"支出"}


def _only_budget(table: DraftTable) -> str:
    """The one kind of money that a table is about, all of which it has; "" if it is not."""
    told = funds(table.title) & set(BUDGETS)
    is_whole = not any(word in table.title for word in (*_TASKS, "三公")) and not _has_both(table)
    return next(iter(told)) if len(told) == 1 and is_whole else ""


def _of_a_column(table: DraftTable, other: DraftTable) -> Iterator[Equality]:
    """A column called like what another table is about, and the total of that table."""
    total, task = _grand_total(other), next((task for task in _TASKS if task in other.title), "")
    if not total or not total.value or not task or funds(table.title) != funds(other.title):
        return
    for block in table.blocks if table.amount_unit == other.amount_unit else ():
        for column in block.amounts:
            for mine in _totals_in(table, block, column) if normal(column.path[-1]) == task else ():
                if mine.value == total.value:
                    yield Equality(mine._replace(side=task), (total,), Evidence.NUMBERS)
                    return


def _of_the_same_name(table: DraftTable, other: DraftTable) -> Iterator[Equality]:
    """A line of a table with both sides (政府性基金收入) and the total that another table has of it: in a column of
    that name, or all of it. Where others are equal, a single one that is not is a mistake."""
    if _has_both(other) or table.amount_unit != other.amount_unit:
        return
    totals = [total for block in other.blocks for column in block.amounts for total in _totals_in(other, block, column)]
    grand = _grand_total(other)
    found: list[Equality] = []
    unlike: list[Equality] = []
    for block in table.blocks:
        column = _outermost(block)
        for line in _lines_in(table, block, column) if column is not None else ():
            named = [total for total in totals if line.side == total.side and _is_called(line.row, total.column[-1])]
            if grand is not None and line.row in _TASKS and line.row in other.title and not funds(other.title):
                named.append(grand)
            if named and funds(other.title) <= funds(line.row):
                same = next((total for total in named if total.value == line.value), None)
                (unlike if same is None else found).append(Equality(line, (same or named[0],), Evidence.NUMBERS))
    yield from found
    if len(unlike) == 1 and len(found) >= _OTHERS:
        yield unlike[0]._replace(evidence=Evidence.NUMBERS_WITH_EXCEPTIONS)


def _is_called(line: str, heading: str) -> bool:
    """Whether a line and a heading are about the same: in the same words, or as one kind of money."""
    line, heading = normal(line), normal(heading)
    fund = funds(line) & set(BUDGETS)
    return line == heading or (bool(fund) and fund == funds(heading) & set(BUDGETS) and not _is_of_a_task(heading))


def _is_of_a_task(heading: str) -> bool:
    return any(task in heading for task in _TASKS)


def _lines_in(table: DraftTable, block: DraftBlock, column: DraftColumn) -> Iterator[Total]:
    """The fixed lines of a block in a column that are no totals and not 0."""
    for row in block.rows:
        if row.id and not words.TOTAL.search(normal(row.label)):
            value = table.page.number(row.instances[0].line, column.at)
            if value:
                yield Total(table, row.id, column.path, _side(table, row, column), value, False)


def _of_the_same_total(whole: list[DraftTable], found: list[Equality]) -> Iterator[Equality]:
    """Tables of which nothing was said so far, with the same total as one before: of the same money, if one is."""
    linked = {id(total.table) for equality in found for total in (equality.left, *equality.right)}
    totals = [total for table in whole for total in _grand_totals(table) if total.value]
    for i, total in enumerate(totals):
        known = (total.value, total.table.amount_unit)
        same = [one for one in totals[:i] if (one.value, one.table.amount_unit) == known]
        same = [one for one in same if one.table is not total.table]
        same.sort(key=lambda one: (funds(one.table.title) != funds(total.table.title), one.side != total.side))
        if same and id(total.table) not in linked:
            linked.add(id(total.table))
            yield Equality(same[0], (total,), Evidence.NUMBERS)


def _balance(table: DraftTable) -> Iterator[Equality]:
    feet = [list(_totals(table, block))[-1:] for block in table.blocks]
    if len(feet) == len(_SIDES) and all(feet):
        left, right = feet[0][0], feet[1][0]
        if (left.side, right.side) == _SIDES:
            yield Equality(left, (right,), Evidence.NUMBERS if left.value == right.value else Evidence.NAMES)


def _of_both_sides(table: DraftTable) -> Iterator[Equality]:
    """A total below both sides of a table (人员经费 and 公用经费) that adds up the totals of each."""
    sides = [[*_all_totals(table, block)] for block in table.blocks]
    if all(sides) and len(sides[-1]) > 1:
        parts, below = tuple(totals[0] for totals in sides), sides[-1][-1]
        if below.value and below.value == sum((part.value for part in parts), Decimal(0)):
            yield Equality(below, parts, Evidence.NUMBERS)


def _of_one_side(table: DraftTable, other: DraftTable) -> Iterator[Equality]:
    """A table that has a column for what is carried over tells the whole, any other one what is of this year; where
    only one total of a side is printed, it is both."""
    has_carried = any(words.CARRIED.search(column.path[-1]) for block in other.blocks for column in block.columns)
    single = [total for block in other.blocks for total in _totals(other, block)][:1]
    for totals in ([*_totals(table, block)] for block in table.blocks):
        for mine, its in product(totals, single):
            is_meant = mine.is_of_year != has_carried or len(totals) == 1
            if mine.side == its.side != "" and mine.value == its.value and is_meant:
                yield Equality(mine, (its,), Evidence.NUMBERS)


def funds(title: str) -> frozenset[str]:
    """Which money a table is about, by its title."""
    return frozenset(fund for fund in _FUNDS if fund in title)


def _grand_total(table: DraftTable) -> Total | None:
    """The total of a table; of one with 收入 and 支出 that of its first side. 0 where it is blank."""
    return next(_grand_totals(table), None)


def _grand_totals(table: DraftTable) -> Iterator[Total]:
    """The total of a table, or those at the foot of its two sides."""
    if _has_both(table):
        for block in table.blocks:
            yield from [*_all_totals(table, block)][-1:]
    else:
        yield from [total for block in table.blocks for total in _all_totals(table, block)][:1]


def _totals(table: DraftTable, block: DraftBlock) -> Iterator[Total]:
    """The totals of a block in its outermost amount column that are not 0, from the top down."""
    return (total for total in _all_totals(table, block) if total.value)


def _all_totals(table: DraftTable, block: DraftBlock) -> Iterator[Total]:
    column = _outermost(block)
    return _totals_in(table, block, column) if column is not None else iter(())


def _totals_in(table: DraftTable, block: DraftBlock, column: DraftColumn) -> Iterator[Total]:
    """The totals of a block in one of its columns, from the top down."""
    for row in block.rows:
        if not row.each and (words.TOTAL.search(normal(row.label)) or row.id == DEPARTMENT_ROW):
            value = table.page.number(row.instances[0].line, column.at) or Decimal(0)
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
