"""Two workbooks compared: years, versions, formats, units of money, names and codes that changed."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import xltool
from tests.budgets import BUDGETS, LONGGANG, PINGSHAN, QINGLONG, SAMPLES, SHENZHEN, key
from tests.merge.compare.workbooks import UNIT, book, compared, told
from xltool.errors import FileRefused
from xltool.layout.book import Book
from xltool.merge.compare.comparison import Comparison, Incomparable, Proposal
from xltool.model import Value

D = Decimal
FUNCTIONS = "一般公共预算支出表（功能）"
REVENUE = "本年收入/政府预算拨款/一般公共预算拨款/基本支出拨款"


@cache
def sample(name: str) -> Book:
    """The workbook of a real budget; nobody changes it."""
    return xltool.read(SAMPLES / name / "预算.xlsx")


def functions(**amounts: int) -> dict[tuple[str, str, str], D]:
    """基本支出 of 功能科目, in 万元."""
    return {(FUNCTIONS, f"{UNIT}/{code[1:]}", "基本支出"): D(amount) for code, amount in amounts.items()}


@pytest.mark.parametrize("name", BUDGETS)
def test_a_workbook_is_the_same_as_itself(name: str) -> None:
    one = sample(name)
    comparison = compared(one, one)
    assert comparison.is_same
    assert comparison.same >= 30


def test_what_was_corrected_is_told_with_its_growth(tmp_path: Path) -> None:
    old = book(tmp_path, PINGSHAN, functions(_2080505=80, _2101101=40))
    new = book(tmp_path, PINGSHAN, functions(_2080505=60, _2101101=40))
    found = [one for one in compared(old, new).figures if one.row.endswith("2080505 机关事业单位基本养老保险缴费支出")]
    assert [(one.column, one.amount, one.rate, one.is_total) for one in found] == [
        ("支出总计", D(-200000), D("-0.2500"), True),
        ("基本支出", D(-200000), D("-0.2500"), False),
    ]


def test_in_a_table_the_largest_changes_come_first(tmp_path: Path) -> None:
    old = book(tmp_path, PINGSHAN, functions(_2080505=80, _2101101=40))
    new = book(tmp_path, PINGSHAN, functions(_2080505=81, _2101101=10))
    amounts = [abs(one.amount) for one in compared(old, new).figures]
    assert amounts == sorted(amounts, reverse=True)


def test_exact_values_are_compared_and_it_is_said_when_both_print_alike(tmp_path: Path) -> None:
    line = (FUNCTIONS, f"{UNIT}/2080505", "基本支出")
    old, new = (book(tmp_path, PINGSHAN, {line: D(value)}) for value in ("80.2", "80.4"))
    comparison = compared(old, new)
    assert {one.prints_same for one in comparison.figures} == {True}
    assert {one.amount for one in comparison.figures} == {D(2000)}
    assert all("印出来相同" in one.note for one in comparison.figures)


def test_yuan_and_ten_thousand_yuan_are_converted_exactly(tmp_path: Path) -> None:
    line = (FUNCTIONS, f"{UNIT}/2080505", "基本支出")
    small = book(tmp_path, PINGSHAN, {line: D("123456.78")}, amount_unit="元")
    assert compared(small, book(tmp_path, PINGSHAN, {line: D("12.345678")})).is_same
    larger = compared(small, book(tmp_path, PINGSHAN, {line: D("12.345679")}))
    assert {one.amount for one in larger.figures} == {D("0.01")}


def test_rows_that_came_or_went_are_listed_and_count_as_nothing_on_the_other_side(tmp_path: Path) -> None:
    old = book(tmp_path, PINGSHAN, functions(_2080505=80))
    new = book(tmp_path, PINGSHAN, functions(_2101101=40))
    comparison = compared(old, new)
    assert {(row.row.rpartition("·")[2], row.is_new) for row in comparison.rows} >= {
        ("2080505 机关事业单位基本养老保险缴费支出", False),
        ("2101101 行政单位医疗", True),
    }
    assert (f"{UNIT}·2101101 行政单位医疗", "基本支出", None, D(400000)) in map(told, comparison.figures)


class TestSubjectsOfTwoYears:
    """2010308 信访事务 is 20140 with its own 项 since 2024."""

    def test_a_code_is_compared_with_what_it_became(self, tmp_path: Path) -> None:
        old = book(tmp_path, PINGSHAN, functions(_2010301=10, _2010308=70), 2023)
        new = book(tmp_path, PINGSHAN, functions(_2010301=10, _2014001=30, _2014004=50), 2024)
        comparison = compared(old, new)
        (pair,) = (
            one for one in comparison.figures if one.row == f"{UNIT}·20140 信访事务" and one.column == "基本支出"
        )
        assert told(pair)[2:] == (D(700000), D(800000))
        assert "2010308 自 2024 年起改为 20140 信访事务" in pair.note
        assert not comparison.rows

    def test_what_the_other_year_does_not_split_is_not_compared_by_itself(self, tmp_path: Path) -> None:
        old = book(tmp_path, PINGSHAN, functions(_2010308=70), 2023)
        new = book(tmp_path, PINGSHAN, functions(_2014001=30, _2014004=50), 2024)
        assert [(one.row.rpartition("·")[2][:7], one.figures) for one in compared(old, new).incomparable] == [
            ("2014001", 2),
            ("2014004", 2),
        ]

    def test_several_codes_are_compared_together_where_there_is_no_row_above_them(self, tmp_path: Path) -> None:
        table = "一般公共预算支出情况表"
        old = book(tmp_path, SHENZHEN, {(table, f"{UNIT}/2010308", "基本支出"): D(70)}, 2023)
        split = {(table, f"{UNIT}/{code}", "基本支出"): D(40) for code in ("2014001", "2014004")}
        new = book(tmp_path, SHENZHEN, split, 2024)
        comparison = compared(old, new)
        (pair,) = (one for one in comparison.figures if "2014001" in one.row and one.column == "基本支出")
        assert told(pair) == (
            f"{UNIT}·2014001 行政运行＋{UNIT}·2014004 信访业务",
            "基本支出",
            D(700000),
            D(800000),
        )
        assert len(pair.new_cells) == 2
        assert not comparison.incomparable

    def test_a_parent_that_lost_a_code_says_so(self, tmp_path: Path) -> None:
        old = book(tmp_path, PINGSHAN, functions(_2010301=10, _2010308=70), 2023)
        new = book(tmp_path, PINGSHAN, functions(_2010301=10, _2014004=50), 2024)
        notes = {one.row.rpartition("·")[2]: one.note for one in compared(old, new).figures}
        assert notes["20103 政府办公厅（室）及相关机构事务"].startswith("口径有变：2010308 自 2024 年起")
        assert notes["201 一般公共服务支出"] == ""


class TestNames:
    def lines(self, unit: str, project: str = "信访专项", amount: int = 50) -> dict[tuple[str, str, str], D]:
        column = "本年预算/政府预算拨款/一般公共预算拨款/履职类项目拨款"
        return {("项目支出总表", f"{unit}/{project}", column): D(amount)}

    def test_a_unit_with_another_name_is_known_by_its_code(self, tmp_path: Path) -> None:
        old = book(tmp_path, PINGSHAN, self.lines("101001某区信访局本级"))
        new = book(tmp_path, PINGSHAN, self.lines("101001某区信访工作局本级"))
        comparison = compared(old, new)
        assert not comparison.figures
        assert comparison.renamed == {"101001某区信访局本级": "101001某区信访工作局本级"}

    def test_a_project_with_another_name_is_proposed_and_never_merged(self, tmp_path: Path) -> None:
        old = book(tmp_path, PINGSHAN, self.lines("某局", "信访稳定备用金"))
        new = book(tmp_path, PINGSHAN, self.lines("某局", "信访稳定专项备用金"))
        comparison = compared(old, new)
        assert [one[:3] for one in comparison.proposals] == [("project", "信访稳定备用金", "信访稳定专项备用金")]
        assert {row.is_new for row in comparison.rows} == {True, False}

    def test_what_the_user_says_is_the_same_is_compared(self, tmp_path: Path) -> None:
        old = book(tmp_path, PINGSHAN, self.lines("某局", "甲"))
        new = book(tmp_path, PINGSHAN, self.lines("某局", "乙"))
        comparison = compared(old, new, ("甲", "乙"))
        assert not comparison.figures and not comparison.rows and not comparison.proposals

    def test_the_only_unit_of_each_is_proposed_whatever_its_name(self, tmp_path: Path) -> None:
        old, new = book(tmp_path, PINGSHAN, self.lines("甲局")), book(tmp_path, PINGSHAN, self.lines("乙中心"))
        assert compared(old, new).proposals == (Proposal("unit", "甲局", "乙中心", 0.0),)

    def test_who_is_named_must_be_there(self, tmp_path: Path) -> None:
        one = book(tmp_path, PINGSHAN, self.lines("某局"))
        with pytest.raises(FileRefused, match="“丙=丁”：旧工作簿里没有叫“丙”的单位、项目"):
            compared(one, one, ("丙", "丁"))


def test_texts_are_listed_apart_from_figures(tmp_path: Path) -> None:
    table = "整体支出绩效目标表"
    old = book(tmp_path, PINGSHAN, {(table, "产出指标/数量指标/接访批次", "目标值"): "≥10批"})
    new = book(tmp_path, PINGSHAN, {(table, "产出指标/数量指标/接访批次", "目标值"): "≥12批"})
    comparison = compared(old, new)
    assert not comparison.figures
    assert list(map(told, comparison.texts)) == [("产出指标·数量指标·接访批次", "目标值", "≥10批", "≥12批")]


@pytest.fixture(scope="module")
def years() -> Comparison:
    """深圳市 2020 and 坪山区 2023: different units, but the same kind of budget."""
    return compared(sample(SHENZHEN), sample(PINGSHAN))


class TestFormats:
    def test_lines_are_compared_as_the_newer_format_says(self, years: Comparison) -> None:
        pairs = {(one.table, one.row, one.column): one for one in years.figures}
        total = pairs["收支总表", "收入总计", "收入·预算数"]
        assert (total.old_cells[0].in_book, total.new_cells[0].in_book) == ("表1收支预算总表!B30", "表1收支总表!B25")
        trips = pairs["一般公共预算“三公”经费支出表", "2023年", "公务接待费"]
        assert trips.old_cells[0].sheet == "表12三公经费预算情况表"

    def test_what_is_called_otherwise_is_said_but_not_other_blanks(self, years: Comparison) -> None:
        notes = {(one.table, one.row, one.column): one.note for one in years.figures}
        assert notes["收支总表", "收入总计", "收入·预算数"] == ""
        assert notes["支出总表", "深圳市坪山区信访局（部门）", "基本支出"] == "原为：深圳市信访局（部门）"

    def test_what_has_no_partner_is_listed_with_its_reason(self, years: Comparison) -> None:
        listed = {(one.is_new, one.table, one.row, one.column): one.reason for one in years.incomparable}
        assert listed[True, "一般公共预算支出表（按经济分类）", "", ""] == "“深圳市部门预算公开表”里没有对应的表"
        assert any("不列到这一级科目" in reason for reason in listed.values())
        assert any(not is_new for is_new, *_ in listed)

    def test_a_partner_that_is_a_sum_is_added_up(self, tmp_path: Path) -> None:
        column = "收入/预算数"
        old = book(
            tmp_path,
            SHENZHEN,
            {("收支预算总表", row, column): D(3) for row in ("事业收入", "上级补助收入", "其他收入")},
        )
        new = book(tmp_path, PINGSHAN, {("收支总表", "单位资金/事业收入", column): D(10)})
        (pair,) = (one for one in compared(old, new).figures if one.row == "三、单位资金")
        assert told(pair)[2:] == (D(90000), D(100000))

    def test_formats_that_have_nothing_to_do_with_each_other_are_refused(self, tmp_path: Path) -> None:
        old, new = book(tmp_path, SHENZHEN, {}), book(tmp_path, QINGLONG, {})
        with pytest.raises(FileRefused, match="两种格式.*请在模板 qinglong-2024 的各表里写 same_as"):
            compared(old, new)


def test_an_amount_that_is_a_text_is_listed_with_the_texts(tmp_path: Path) -> None:
    line = (FUNCTIONS, f"{UNIT}/2080505", "基本支出")
    one = book(tmp_path, PINGSHAN, {line: D(2000)})
    place = one.layout.place(key(*line))
    assert place is not None
    other = replace(one, values={**one.values, place: "2000万"})
    assert list(map(told, compared(one, other).texts)) == [
        (f"{UNIT}·2080505 机关事业单位基本养老保险缴费支出", "基本支出", D(20000000), "2000万")
    ]


def test_a_unit_is_known_by_the_code_that_its_workbook_notes(tmp_path: Path) -> None:
    column = "本年预算/政府预算拨款/一般公共预算拨款/履职类项目拨款"
    old, new = (
        replace(book(tmp_path, PINGSHAN, {("项目支出总表", f"{name}/甲", column): D(5)}), noted=noted)
        for name, noted in (
            ("接访中心", {"unit": "接访中心", "unit_code": "101002"}),
            ("人民来访接待中心", {"unit": "人民来访接待中心", "unit_code": "101002"}),
        )
    )
    comparison = compared(old, new)
    assert comparison.renamed == {"接访中心": "人民来访接待中心"}
    assert not comparison.figures


EDITS = st.lists(
    st.tuples(st.integers(0, 10_000), st.one_of(st.none(), st.integers(-(10**9), 10**9).map(D), st.just("文字")))
)
PAIRS = [(PINGSHAN, PINGSHAN), (SHENZHEN, PINGSHAN), (PINGSHAN, LONGGANG), (SHENZHEN, LONGGANG)]


def edited(one: Book, edits: list[tuple[int, Value]]) -> Book:
    """A book with other values in some of its cells."""
    places = sorted(one.values)
    values = {**one.values, **{places[n % len(places)]: value for n, value in edits}}
    return replace(one, values={place: value for place, value in values.items() if value is not None})


@settings(max_examples=10, deadline=None)
@given(st.sampled_from(PAIRS), EDITS, EDITS)
def test_comparing_back_is_the_mirror(
    names: tuple[str, str], old_edits: list[tuple[int, Value]], new_edits: list[tuple[int, Value]]
) -> None:
    old, new = (edited(sample(name), edits) for name, edits in zip(names, (old_edits, new_edits), strict=True))
    assert mirrored(compared(new, old)) == facts(compared(old, new))


@settings(max_examples=15, deadline=None)
@given(EDITS)
def test_all_differences_come_to_the_difference_of_all_amounts(edits: list[tuple[int, Value]]) -> None:
    old, new = sample(PINGSHAN), edited(sample(PINGSHAN), [edit for edit in edits if edit[1] != "文字"])
    grown = sum((one.amount for one in compared(old, new).figures if one.kind == "amount"), D(0))
    assert grown == _sum(new) - _sum(old)


def _sum(one: Book) -> D:
    """All amounts in 元."""
    values = [(place, value) for place, value in one.values.items() if one.layout.kind(place) == "amount"]
    return sum((value * 10000 for _, value in values if isinstance(value, D)), D(0))


def facts(comparison: Comparison) -> tuple[object, ...]:
    """What does not depend on how rows are called."""
    changed = [
        {(one.old_cells, one.new_cells, one.old, one.new, one.prints_same) for one in part}
        for part in (comparison.figures, comparison.texts)
    ]
    rows, apart = set(comparison.rows), set(comparison.incomparable)
    return *changed, rows, apart, set(comparison.proposals), comparison.same, comparison.moved


def mirrored(comparison: Comparison) -> tuple[object, ...]:
    changed = [
        {(one.new_cells, one.old_cells, one.new, one.old, one.prints_same) for one in part}
        for part in (comparison.figures, comparison.texts)
    ]
    rows = {row._replace(is_new=not row.is_new) for row in comparison.rows}
    apart: set[Incomparable] = {one._replace(is_new=not one.is_new) for one in comparison.incomparable}
    proposals = {one._replace(old=one.new, new=one.old) for one in comparison.proposals}
    return *changed, rows, apart, proposals, comparison.same, comparison.moved
