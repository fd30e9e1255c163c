"""Rates printed beside amounts: computed again from the rounded ones where they would be wrong, and only there."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from tests.merge.balance.small_formats import written
from xltool.diagnose.report import check
from xltool.equations.filling import fill
from xltool.library import load_template
from xltool.merge.balance.balance import Balanced, balanced
from xltool.merge.balance.summary import summary
from xltool.model import FactKey, Value

_TABLE = """
id = "执行表"
title = "预算执行表"
[[block]]
columns = [
  { id = "项目", kind = "label" }, { id = "实际" }, { id = "预算" }, { id = "执行率", kind = "percent", decimals = 2 },
  { id = "上年" }, { id = "增减率", kind = "text" },
]
rows = [ { id = "合计", sum = ["甲", "乙", "丙"], rule = "A02" }, { id = "甲" }, { id = "乙" }, { id = "丙" } ]
"""
_RULES = """
[[rule]]
id = "A02"
name = "合计等于各项之和"
hint = "看是否漏加。"
[[rule]]
id = "R01"
name = "执行率"
hint = "实际除以预算。"
predicate = "ratio"
table = "执行表"
columns = ["执行率", "实际", "预算"]
[[rule]]
id = "Y02"
name = "增减率"
hint = "与上年比。"
predicate = "growth_rate"
table = "执行表"
columns = ["实际", "上年", "增减率"]
"""
ACTUAL, BUDGET, RATE, LAST, GROWTH = (("实际",), ("预算",), ("执行率",), ("上年",), ("增减率",))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return written(tmp_path, "执行-2024", "执行", "执行表", _TABLE, _RULES)


def result(folder: Path, *cells: tuple[str, tuple[str, ...], Value]) -> Balanced:
    facts = {FactKey("执行表", (row,), column): value for row, column, value in cells}
    return balanced(fill(load_template("执行-2024", folder), facts, "某单位", 2024, "万元"))


def value(balanced: Balanced, row: str, column: tuple[str, ...]) -> Value:
    place = balanced.filled.layout.place(FactKey("执行表", (row,), column))
    assert place is not None
    return balanced.filled.values[place]


def parts(**amounts: str) -> list[tuple[str, tuple[str, ...], Value]]:
    return [(row, ACTUAL, Decimal(amount)) for row, amount in amounts.items()]


def test_a_rate_of_a_figure_that_was_adjusted_is_that_of_what_is_printed(folder: Path) -> None:
    actual = parts(甲="1.45", 乙="1.3", 丙="1.25")
    done = result(folder, *actual, ("甲", BUDGET, Decimal(400)), ("甲", RATE, Decimal("0.0036")))
    assert value(done, "甲", ACTUAL) == 2
    assert value(done, "甲", RATE) == Decimal("0.005")
    assert check(done.filled.book).is_clean
    assert "执行表!D4 的比率按舍位后的数重算：由 0.36% 改为 0.50%。" in [*summary(done)]


def test_a_rate_that_rounding_explains_stays(folder: Path) -> None:
    actual = parts(甲="1.45", 乙="1.3", 丙="1.25")
    done = result(folder, *actual, ("甲", BUDGET, Decimal("1.6")), ("甲", RATE, Decimal("0.9063")))
    assert value(done, "甲", ACTUAL) == 2
    assert value(done, "甲", RATE) == Decimal("0.9063")
    assert done.rates == ()


def test_a_rate_that_was_wrong_is_left_to_be_found(folder: Path) -> None:
    done = result(folder, *parts(甲="1.4"), ("甲", BUDGET, Decimal(400)), ("甲", RATE, Decimal("0.9")))
    assert value(done, "甲", RATE) == Decimal("0.9")


def test_growth_over_a_year_that_has_become_nothing_is_a_dash(folder: Path) -> None:
    done = result(folder, *parts(甲="1.4"), ("甲", LAST, Decimal("0.4")), ("甲", GROWTH, "250.00%"))
    assert value(done, "甲", GROWTH) == "—"
    assert check(done.filled.book).is_clean


def test_growth_of_adjusted_figures_keeps_its_digits(folder: Path) -> None:
    actual = parts(甲="1.45", 乙="1.3", 丙="1.25")
    done = result(folder, *actual, ("甲", LAST, Decimal(400)), ("甲", GROWTH, "-99.64%"))
    assert value(done, "甲", GROWTH) == "-99.50%"
    assert check(done.filled.book).is_clean
