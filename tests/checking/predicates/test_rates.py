"""Shares, rates, growth and prices: which are possible for rounded figures, and what is said of those that are not."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.budgets import QINGLONG, template
from tests.checking.predicates.examples import facts, said, told
from xltool.equations.rounding.intervals import Interval, around, half_up, is_possible, quotient
from xltool.model import Finding

CENT, BASIS_POINT = Decimal("0.01"), Decimal("0.0001")


def rated(budget: str, spent: str, rate: str) -> list[Finding]:
    cells = {"预算金额/合计": budget, "实际支出/合计": spent, "执行率": rate}
    return told(facts(*[("自评表", "接访", column, value) for column, value in cells.items()]), "R01")


@pytest.mark.parametrize(
    ("budget", "spent", "rate"),
    [
        ("91.66", "89.94", "0.9813"),
        ("50.36", "49.86", "0.9901"),
        ("129.22", "125.64", "0.9723"),
        ("34.26", "32.51", "0.9488"),
        ("162.33", "159.19", "0.9806"),
        ("6.76", "6.01", "0.8891"),
    ],
)
def test_the_published_rates_of_longgang_are_possible(budget: str, spent: str, rate: str) -> None:
    """9488 and 9806 are no rounding of the printed quotient, but of one that prints the same amounts."""
    assert rated(budget, spent, rate) == []


def test_a_rate_that_no_rounding_explains_is_told_with_the_right_one() -> None:
    assert said(rated("91.66", "89.94", "0.982")) == [
        "“接访”执行率（D5） 98.20% 应为 98.12%：“接访”合计（C5） 89.94 ÷ “接访”合计（B5） 91.66（已考虑四舍五入）。"
    ]


def test_a_rate_without_a_budget_is_left_alone() -> None:
    assert rated("0", "5", "1") == []


def test_growth_over_nothing_is_a_dash() -> None:
    cells = {"本年数": "121.67", "上年数": "0", "增减率": "1"}
    (finding,) = told(facts(*[("增减表", "公务接待费", column, value) for column, value in cells.items()]), "Y02")
    assert said([finding]) == [
        "“公务接待费”增减率（D4） 100.0% 应填“—”：“公务接待费”上年数（C4） 是 0.00，没有增减率可算。"
    ]


def test_a_wrong_rate_of_growth_is_told_with_the_right_one() -> None:
    cells = {"预算数/本年": "9.5", "预算数/上年": "9", "增减幅度": "5.9%"}
    (finding,) = told(facts(*[("增减说明表", "公务接待费", column, value) for column, value in cells.items()]), "Y02.1")
    assert said([finding]) == [
        "“公务接待费”增减幅度（D5） “5.9%” 应为 5.6%："
        "（“公务接待费”本年（B5） 9.50 － “公务接待费”上年（C5） 9.00） ÷ 9.00。"
    ]


def test_percentages_with_more_decimals_than_printed_are_told_once_a_column() -> None:
    budget = facts(
        *[("自评表", name, "执行率", rate) for name, rate in (("甲", "0.98125"), ("乙", "0.9"), ("丙", "0.333333"))]
    )
    (finding,) = told(budget, "R02")
    assert said([finding]) == ["“甲”执行率（D5） 98.125%等 2 处的小数位数比本栏多，本栏印 2 位小数。"]
    assert [related.cell.a1 for related in finding.places] == ["D7"]


def test_a_share_out_of_range_is_told() -> None:
    (finding,) = told(facts(("自评表", "甲", "执行率", "98.13")), "R03")
    assert said([finding]) == ["“甲”执行率（D5） 9,813.00% 应在 0% 与 100% 之间。"]


def test_a_plan_that_falls_and_ends_early_is_one_finding() -> None:
    cells = {"3月底": "0.5", "6月底": "0.25", "12月底": "0.9"}
    (finding,) = told(
        facts(*[("项目绩效目标表", f"接访/{field}", "内容", value) for field, value in cells.items()]), "A13"
    )
    assert "小于前一期 50%；" in finding.message
    assert "90% 应为 100%。" in finding.message


@given(
    st.integers(1, 10**9).flatmap(lambda whole: st.tuples(st.integers(0, 2 * whole), st.just(whole))),
    st.sampled_from([CENT, Decimal(1)]),
)
def test_an_honest_rate_of_hidden_amounts_is_always_possible(amounts: tuple[int, int], unit: Decimal) -> None:
    part, whole = (Fraction(amount, 10**4) for amount in amounts)
    printed_part, printed_whole = half_up(part, unit), half_up(whole, unit)
    hidden = quotient(around(printed_part, unit), around(printed_whole, unit))
    if hidden is not None:
        assert is_possible(half_up(part / whole, BASIS_POINT), BASIS_POINT, hidden)


def test_exact_amounts_have_one_rate() -> None:
    exactly = quotient(around(Decimal(1), Decimal(0)), around(Decimal(8), Decimal(0)))
    assert exactly == Interval(Fraction(1, 8), Fraction(1, 8))
    assert [n for n in range(10, 15) if is_possible(Decimal(n) / 100, CENT, exactly)] == [13]


@pytest.mark.parametrize(("value", "rounded"), [("0.125", "0.13"), ("-0.125", "-0.13"), ("0.1249", "0.12"), ("7", "7")])
def test_halves_are_rounded_away_from_zero(value: str, rounded: str) -> None:
    assert half_up(Fraction(value), CENT) == Decimal(rounded)


def test_a_price_may_be_rounded_and_a_number_is_exact() -> None:
    """30 x 0.02 is anything from 0.45 to 0.75; 30 x 0.02 is not 0.76."""

    def bought(amount: str, price: str = "0.02") -> list[Finding]:
        row = "接访经费/复印纸"
        budget = facts(
            ("部门政府采购预算", row, "政府采购项目来源/预算资金", "9"),
            ("部门政府采购预算", row, "数量", "30"),
            ("部门政府采购预算", row, "单价", price),
            ("部门政府采购预算", row, "政府采购金额/一般公共预算拨款", amount),
        )
        return told(budget, "A18", template(QINGLONG))

    assert bought("0.45") == bought("0.6") == bought("0.75") == []
    (finding,) = bought("0.76")
    assert said([finding]) == [
        "“接访经费·复印纸”合计（H5） 0.76 应为 0.60："
        "“接访经费·复印纸”数量（F5） 30 × “接访经费·复印纸”单价（G5） 0.02（已考虑四舍五入）。"
    ]
    (finding,) = bought("0.6", price="200")
    assert finding.notes == ("“单价”像是按元填的。",)
