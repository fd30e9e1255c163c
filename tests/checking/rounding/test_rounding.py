"""Rounding is proved, not assumed: which differences the last printed digit explains (design, section 7)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
import tomli
from hypothesis import given
from hypothesis import strategies as st

from tests import CASE_FILES
from tests.budgets import PINGSHAN, QINGLONG, key, template
from xltool.equations.filling import fill
from xltool.equations.instances import all_equations
from xltool.equations.rounding.intervals import half_up
from xltool.equations.rounding.judging import judge, judge_copy
from xltool.equations.verdicts import Outcome, evaluate
from xltool.model import FactKey, Value, Verdict

CASES: list[dict[str, Any]] = tomli.loads((CASE_FILES / "rounding.toml").read_text(encoding="utf-8"))["case"]
CENTS = st.integers(-(10**9), 10**9).map(lambda cents: Decimal(cents) / 100)


def outcomes(name: str, facts: dict[FactKey, Value], amount_unit: str = "万元") -> dict[str, Outcome]:
    """The outcome of every rule of a budget with these facts; of several equations of a rule, one that fails."""
    filled = fill(template(name), facts, template(name).department, 2024, amount_unit)
    found = [evaluate(equation, filled.layout, filled.values, filled.live) for equation in all_equations(filled.layout)]
    known = [outcome for outcome in found if outcome is not None]
    return {outcome.equation.rule: outcome for outcome in sorted(known, key=lambda o: o.verdict is not Verdict.PASS)}


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_difference_gets_its_verdict(case: dict[str, Any]) -> None:
    total, unit = Decimal(case["total"]), Decimal(case["unit"])
    parts = [Decimal(part) for part in case["parts"]] * case.get("times", 1)
    part_unit = Decimal(case.get("part_unit", case["unit"]))
    hidden = Decimal(case.get("hidden", 0))
    if len(parts) == 1:
        verdict, _ = judge_copy(total, unit, parts[0], part_unit, hidden)
    else:
        verdict, tolerance = judge(total - sum(parts), [unit] + [part_unit] * len(parts), hidden)
        by_zeros = hidden if verdict is Verdict.IMPLAUSIBLE else 0
        assert tolerance == (unit + part_unit * len(parts)) / 2 + by_zeros
    assert verdict.value == case["verdict"]


@given(CENTS, CENTS)
def test_equal_printed_copies_have_no_tolerance(one: Decimal, other: Decimal) -> None:
    verdict, tolerance = judge_copy(one, Decimal("0.01"), other, Decimal("0.01"))
    assert tolerance == 0
    assert verdict is (Verdict.PASS if one == other else Verdict.FAIL)


@given(CENTS)
def test_exactly_one_whole_number_is_the_rounding_of_an_exact_amount(amount: Decimal) -> None:
    near = [int(amount) + step for step in range(-2, 3)]
    right = [n for n in near if judge_copy(Decimal(n), Decimal(1), amount, Decimal(0))[0] is Verdict.PASS]
    assert right == [half_up(Fraction(amount), Decimal(1))]


@given(st.decimals(-1000, 1000, places=4), st.sampled_from(["1", "0.1", "0.01"]), st.sampled_from(["1", "0.1", "0"]))
def test_an_amount_printed_twice_agrees_with_itself(amount: Decimal, unit: str, other_unit: str) -> None:
    one, other = Decimal(unit), Decimal(other_unit)
    printed = half_up(Fraction(amount), one), half_up(Fraction(amount), other)
    assert judge_copy(printed[0], one, printed[1], other)[0] is Verdict.PASS


@given(st.lists(st.decimals(0, 10**6, places=4), min_size=2, max_size=60))
def test_honest_rounding_never_fails(amounts: list[Decimal]) -> None:
    cent = Decimal("0.01")
    difference = sum(amounts, Decimal(0)).quantize(cent) - sum(a.quantize(cent) for a in amounts)
    assert judge(difference, [cent] * (len(amounts) + 1))[0] is not Verdict.FAIL


@given(st.lists(CENTS, min_size=2, max_size=40), st.integers(1, 10**6))
def test_exact_amounts_have_no_tolerance(amounts: list[Decimal], off: int) -> None:
    assert judge(Decimal(off) / 100, [Decimal(0)] * len(amounts)) == (Verdict.FAIL, Decimal(0))


@pytest.mark.parametrize(
    ("visits", "economic", "verdict"),
    [
        ("4.50", "5", Verdict.PASS),
        ("4.50", "4", Verdict.PASS),
        ("4.51", "4", Verdict.FAIL),
        ("0.40", "0", Verdict.PASS),
        ("0.40", None, Verdict.PASS),
        ("0.60", None, Verdict.FAIL),
        ("0.60", "1", Verdict.PASS),
    ],
)
def test_a_table_of_whole_numbers_rounds_the_one_with_decimals(
    visits: str, economic: str | None, verdict: Verdict
) -> None:
    """公务接待费 with two decimals in the “三公” table, as a whole number in the table by economic class."""
    unit = template(PINGSHAN).department
    facts: dict[FactKey, Value] = {
        key("三公经费支出表", "本年", "公务接待费"): Decimal(visits),
        key("一般公共预算支出表（经济）", f"{unit}/30217", "基本支出"): Decimal(economic) if economic else None,
    }
    assert outcomes(PINGSHAN, facts)["X12.1"].verdict is verdict


def test_cells_that_are_blank_or_zero_are_not_rounded() -> None:
    """31 rows of which two are filled: the tolerance is that of three cells, not of 32."""
    facts: dict[FactKey, Value] = {
        key("收支总表", code, "支出/预算数"): Decimal(amount)
        for code, amount in (("201", "4.24"), ("208", "17.76"), ("210", "0"))
    }
    facts[key("收支总表", "本年支出合计", "支出/预算数")] = Decimal("21.99")
    assert outcomes(QINGLONG, facts)["A05"].tolerance == Decimal("0.015")


@pytest.mark.parametrize(
    ("total", "zero", "verdict"),
    [
        ("22.02", "0", Verdict.IMPLAUSIBLE),
        ("22.02", None, Verdict.FAIL),
        ("22.03", "0", Verdict.FAIL),
        ("21.98", "0", Verdict.FAIL),
    ],
    ids=["it may hide 0.004", "a blank hides nothing", "no more than half a unit", "no amount below zero"],
)
def test_a_printed_zero_may_hide_half_a_unit_on_its_side(total: str, zero: str | None, verdict: Verdict) -> None:
    facts: dict[FactKey, Value] = {
        key("收支总表", code, "支出/预算数"): Decimal(amount)
        for code, amount in (("201", "4.24"), ("208", "17.76"), ("210", zero))
        if amount
    }
    facts[key("收支总表", "本年支出合计", "支出/预算数")] = Decimal(total)
    assert outcomes(QINGLONG, facts)["A05"].verdict is verdict


def test_an_amount_with_more_digits_than_printed_is_known_better() -> None:
    facts: dict[FactKey, Value] = {
        key("收入总表", "2014001", "本年收入/财政拨款收入"): Decimal("4.2412"),
        key("收入总表", "2014001", "本年收入/其他收入"): Decimal("17.7612"),
        key("收入总表", "2014001", "本年收入/小计"): Decimal("22.01"),
    }
    found = outcomes(QINGLONG, facts)["A04"]
    assert (found.verdict, found.tolerance) == (Verdict.FAIL, Decimal("0.0051"))


def test_a_workbook_in_yuan_is_exact() -> None:
    facts: dict[FactKey, Value] = {
        key("收入总表", "2014001", "本年收入/财政拨款收入"): Decimal("42400.12"),
        key("收入总表", "2014001", "本年收入/其他收入"): Decimal("177600.12"),
        key("收入总表", "2014001", "本年收入/小计"): Decimal("220000.25"),
    }
    found = outcomes(QINGLONG, facts, "元")["A04"]
    assert (found.verdict, found.tolerance) == (Verdict.FAIL, Decimal(0))
