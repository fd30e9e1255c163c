"""What does not add up is not rounded; what is no more than a warning, or not filled in yet, does not matter."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pytest

from made_up.flows import FLOWS
from tests.budgets import PINGSHAN, QINGLONG, key, template
from tests.merge.balance.exact_budgets import facts
from xltool.equations.filling import fill
from xltool.errors import BalanceError
from xltool.layout.book import Book
from xltool.merge.balance.balance import balanced
from xltool.merge.balance.converting import converted
from xltool.merge.balance.exactness import refuse_inexact
from xltool.model import FactKey, Value

SUMS = [(number, 1_234_567 * (number + 1)) for number in range(len(FLOWS[QINGLONG]))]


def book(name: str, known: Mapping[FactKey, Value], amount_unit: str = "万元") -> Book:
    filled = fill(template(name), known, "某部门", template(name).year, amount_unit)
    return Book(filled.layout, dict(filled.values), live=filled.live, is_ours=True)


def refused(book: Book) -> str:
    with pytest.raises(BalanceError) as error:
        refuse_inexact(book)
    return "\n".join(error.value.problems)


def more(known: Mapping[FactKey, Value], where: FactKey, amount: str) -> dict[FactKey, Value]:
    """The facts with so much more in one cell."""
    value = known[where]
    assert isinstance(value, Decimal)
    return {**known, where: value + Decimal(amount)}


def test_a_typed_total_that_is_off_by_a_fen_is_named() -> None:
    known = facts(QINGLONG, SUMS, "元")
    said = refused(book(QINGLONG, more(known, key("支出总表", "201", "基本支出"), "0.01"), "元"))
    assert "支出总表!E7" in said
    assert "0.01" in said


def test_a_tail_that_rounding_explains_is_named_too() -> None:
    known = facts(QINGLONG, [(0, 10**10), (1, 10**10), (2, 10**10)], "万元")
    said = refused(book(QINGLONG, more(known, key("支出总表", "201", "基本支出"), "0.01")))
    assert "应等于" in said


def test_copies_that_only_differ_in_their_decimals_are_named() -> None:
    """The check takes 100.25 and 100 for the same amount; here nobody knows which of them is exact."""
    project = key("整体支出绩效目标表", "接访", "预算金额/财政拨款")
    flow = next(number for number, cells in enumerate(FLOWS[PINGSHAN]) if project in cells)
    known = facts(PINGSHAN, [(flow, 10**8)], "万元")
    assert known[project] == 100
    refuse_inexact(book(PINGSHAN, known))
    said = refused(book(PINGSHAN, more(known, project, "0.25")))
    assert "100.25" in said
    assert "小数位数不同" in said


def test_a_difference_that_is_only_a_warning_stays_one() -> None:
    known = facts(QINGLONG, SUMS, "元")
    reception = key("三公经费支出表", "公务接待费", "资金性质/一般公共预算财政拨款")
    exact = book(QINGLONG, more(known, reception, "5"), "元")
    refuse_inexact(exact)
    assert balanced(converted(exact, "万元", None)).rounded


def test_what_is_not_filled_in_yet_does_not_matter() -> None:
    known = {k: value for k, value in facts(QINGLONG, SUMS, "元").items() if k.table == "支出总表"}
    exact = book(QINGLONG, known, "元")
    refuse_inexact(exact)
    assert balanced(converted(exact, "万元", None)).rounded
