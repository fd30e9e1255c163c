"""What a cell means: amounts, codes and labels as people type them."""

from __future__ import annotations

import csv
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import CASE_FILES
from xltool.source.cells import Amount, Raw, amount, from_float, is_blank, join_code, label
from xltool.template.binding import is_code
from xltool.template.names import bare, normal


def cases(name: str) -> list[dict[str, str]]:
    """The lines of a table of cases."""
    with (CASE_FILES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("case", cases("amounts"), ids=lambda case: f"{case['typed']!r} {case['why']}")
def test_an_amount_typed_as_text_is_understood(case: dict[str, str]) -> None:
    found = amount(case["typed"])
    assert str(found.value or "" if found.value != 0 else found.value) == case["amount"]
    assert case["problem"] in found.problem
    assert bool(found.problem) == bool(case["problem"])
    assert found.is_text == bool(case["amount"])


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        (True, "是逻辑值 TRUE，不是金额"),
        (False, "是逻辑值 FALSE，不是金额"),
        (date(2024, 1, 2), "是日期或时间，不是金额"),
        (datetime(2024, 1, 2, 3, 4), "是日期或时间，不是金额"),
        (time(1, 2), "是日期或时间，不是金额"),
        (timedelta(hours=1), "是日期或时间，不是金额"),
        (" 见附表 ", "的内容“见附表”不能读成金额"),
        ("见" * 9000, f"的内容“{'见' * 40}…”不能读成金额"),
        (float("inf"), "的数 inf 太大，不是金额"),
        (float("nan"), "的数 nan 太大，不是金额"),
        (-1e300, "的数 -1e+300 太大，不是金额"),
        (1e15, "的数 1e+15 太大，不是金额"),
    ],
    ids=str,
)
def test_what_is_no_amount_is_told(raw: Raw, problem: str) -> None:
    assert (amount(raw).value, amount(raw).problem) == (None, problem)


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        (325.55000000000001, "325.55"),
        (1224.0700000000002, "1224.07"),
        (0.1 + 0.2, "0.3"),
        (299.17 + 26.38, "325.55"),
        (-0.30000000000000004, "-0.3"),
        (5.0, "5"),
        (5, "5"),
        (0.0, "0"),
        (1e-7, "1E-7"),
        (-1e-300, "0"),
        (999999999999999.0, "999999999999999"),
        (9999999999999.99, "9999999999999.99"),
        (1e16, "1E+16"),
    ],
)
def test_a_stored_float_is_the_number_that_excel_shows(stored: float, shown: str) -> None:
    assert from_float(stored) == Decimal(shown)
    assert not amount(stored).is_text


@given(st.integers(-(10**13) + 1, 10**13 - 1))
def test_every_amount_of_money_survives_the_float_in_the_file(cents: int) -> None:
    money = Decimal(cents) / 100
    assert from_float(float(money)) == money


@given(st.integers(-(10**11), 10**11), st.sampled_from(["{}", " {} ", "¥{}", "{:,}", "({})"]))
def test_an_amount_as_it_is_printed_is_read_back(cents: int, style: str) -> None:
    money = Decimal(cents) / 100
    printed = style.format(abs(money) if style == "({})" else money)
    assert amount(printed).value == (-abs(money) if style == "({})" else money)


@given(st.text(max_size=12))
def test_any_text_is_an_amount_or_blank_or_told(text: str) -> None:
    found = amount(text)
    assert (found.value is None) or not found.problem
    assert found.value is None or found.value.is_finite()


@pytest.mark.parametrize("case", cases("codes/typed"), ids=lambda case: f"{case['parts']} {case['why']}")
def test_a_code_in_three_columns_is_joined(case: dict[str, str]) -> None:
    assert join_code(case["parts"].split("|"), case["before"]) == case["code"]


@pytest.mark.parametrize(
    ("raw", "text"),
    [(2014001.0, "2014001"), (2014001, "2014001"), (" 2014001 ", "2014001"), (201.5, "201.5"), ("", "")],
)
def test_a_code_is_the_same_as_number_and_as_text(raw: Raw, text: str) -> None:
    assert label(raw) == text


INVISIBLE = (
    "\u200b\u200c\u200d\u200e\u200f\u202a\u202e\u2060\u2066\u2069\ufeff\u00ad\u034f\u061c\u180e\u3164\ufe0f\x07\x9d"
)
BLANKS = "\u00a0\u3000\u2003\u202f\u205f\u1680"


@pytest.mark.parametrize("sign", [*INVISIBLE, *BLANKS], ids=lambda sign: f"U+{ord(sign):04X}")
def test_what_prints_nothing_does_not_count(sign: str) -> None:
    assert label(f"{sign}行政运行{sign}") == "行政运行"
    assert normal(f"{sign}行政{sign}运行") == "行政运行"
    assert normal(f"2014{sign}001") == "2014001"
    assert amount(f"1,2{sign}24.07{sign}") == Amount(Decimal("1224.07"), is_text=True)
    assert amount(f"{sign}见附表").problem == "的内容“见附表”不能读成金额"
    assert amount(sign) == Amount(None)
    assert is_blank(sign)


def test_digits_of_other_scripts_make_no_code() -> None:
    assert is_code("function", "2014001")
    assert not is_code("function", "2٠14001")


@pytest.mark.parametrize("case", cases("labels"), ids=lambda case: f"{case['printed']} {case['why']}")
def test_a_label_is_known_without_its_ordinal(case: dict[str, str]) -> None:
    assert bare(case["printed"]) == case["bare"]


@given(st.text("一、（(1)）．. 其中：:“”'预算　ＡａＺ", max_size=12))
def test_making_comparable_twice_changes_nothing(text: str) -> None:
    assert normal(normal(text)) == normal(text)
