"""What an accountant reads: which cell a finding points to, what it says, and how much is said of one mistake."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook

import xltool
from tests.budgets import BUDGETS, QINGLONG, key, template
from tests.edited_budgets import agreeing, findings, ours, pasted, told, where
from xltool.equations.filling import fill
from xltool.layout.book import Book
from xltool.model import FactKey, Finding, Severity, Value


def put(sheet: str, cell: str, value: object) -> Callable[[Workbook], None]:
    def change(workbook: Workbook) -> None:
        workbook[sheet][cell] = value

    return change


@pytest.mark.parametrize("make", [ours, pasted])
@pytest.mark.parametrize("name", BUDGETS)
def test_a_budget_that_agrees_has_nothing_to_tell(name: str, make: Callable[..., Workbook], tmp_path: Path) -> None:
    assert findings(make(tmp_path, name), tmp_path) == []


# ── formulas of our workbooks ──────────────────────────────────────────────────


def test_a_formula_replaced_by_the_same_number_is_a_warning(tmp_path: Path) -> None:
    workbook = ours(tmp_path)
    workbook["支出总表"]["D7"] = 151.61
    (finding,) = findings(workbook, tmp_path)
    assert told(finding) == (
        "F01",
        "支出总表!D7",
        Severity.WARNING,
        "“201 一般公共服务支出”合计（D7）应是公式，现在是直接填的数，目前数值一致。",
    )


def test_numbers_pasted_over_many_formulas_of_a_sheet_are_one_warning(tmp_path: Path) -> None:
    workbook = ours(tmp_path)
    values = openpyxl.load_workbook(tmp_path / "预算.xlsx", data_only=True)["支出总表"]
    for row in range(6, 26):
        workbook["支出总表"].cell(row, 4).value = values.cell(row, 4).value
    (finding,) = findings(workbook, tmp_path)
    assert (finding.rule, where(finding)) == ("F01", "支出总表!D6")
    assert "等 20 个合计单元格应是公式，现在是直接填的数" in finding.message


def test_a_formula_replaced_by_another_number_is_one_error_that_says_so(tmp_path: Path) -> None:
    workbook = ours(tmp_path)
    workbook["支出总表"]["D7"] = 152.61
    (finding,) = findings(workbook, tmp_path)
    assert finding.message.splitlines() == [
        "D7 应为 151.61，现为 152.61：像是填错了一个数字。",
        "“201 一般公共服务支出”合计（D7） 152.61 应等于 “20140 信访事务”合计（D8） 151.61，多 1.00。",
        "改正以后，另外 5 处不符也就没有了："
        "D7（A01）、D6（A02）、收支总表!C39（X01）、收支总表!E39（X02.2）、收入总表!D7（X17）。",
        "D7 应是公式，现在是直接填的数。",
        "提示：看下级科目是否漏填、多填，或归到了别的上级科目。",
    ]
    assert (finding.left, finding.right, finding.difference) == (Decimal("152.61"), Decimal("151.61"), Decimal(1))
    assert finding.key == key("支出总表", "201", "合计")


def test_a_formula_that_adds_up_too_little_is_told_as_changed(tmp_path: Path) -> None:
    workbook = ours(tmp_path)
    workbook["支出总表"]["E8"] = "=E9"
    workbook["支出总表"]["D8"] = 91.01  # what Excel would have stored; D8 typed over as well
    told_cells = {where(f): f.message for f in findings(workbook, tmp_path)}
    assert "E8 的公式已被改动。" in told_cells["支出总表!E8"]


def test_a_formula_that_is_written_otherwise_but_adds_up_the_same_is_fine(tmp_path: Path) -> None:
    workbook = ours(tmp_path)
    workbook["支出总表"]["D7"] = "=E7+F7+G7+SUM(H7:I7)"
    assert findings(workbook, tmp_path) == []


def test_a_number_beside_the_table_that_a_formula_adds_is_found(tmp_path: Path) -> None:
    workbook = ours(tmp_path)
    workbook["支出总表"]["D9"] = "=SUM(E9:I9)+K9"
    workbook["支出总表"]["K9"] = 100
    assert "支出总表!D9" in [where(f) for f in findings(workbook, tmp_path)]


def test_a_blank_total_over_filled_parts_is_told_with_what_it_should_be(tmp_path: Path) -> None:
    workbook = ours(tmp_path)
    workbook["支出总表"]["D7"] = None
    (finding,) = findings(workbook, tmp_path)
    assert (finding.rule, where(finding), finding.right) == ("A07", "支出总表!D7", Decimal("151.61"))
    assert finding.message.splitlines() == [
        "“201 一般公共服务支出”合计（D7）空白，而分项已填，应为 151.61。",
        "这里应有公式：先撤销工作表保护（没有密码），再从同类的行把公式复制过来。",
        "提示：分项已填而合计是空的，请补上合计或恢复公式。",
    ]


def test_an_added_row_without_its_totals_is_told_with_all_of_them(tmp_path: Path) -> None:
    """Its amount was typed in, its 小计 and 合计 have no formula: the amount itself is right."""
    workbook = ours(tmp_path)
    sheet = workbook["收入总表"]
    row = next(cell.row for cell in sheet["B"] if cell.value == "2014004")
    sheet.cell(row, 4).value = sheet.cell(row, 5).value = None
    (finding,) = [f for f in findings(workbook, tmp_path) if f.severity is Severity.ERROR]
    assert (finding.rule, where(finding)) == ("A07", f"收入总表!D{row}")
    assert f"同一行的合计也空白：小计（E{row}）应为" in finding.message


def test_a_code_without_the_rows_above_it_is_told_at_its_amount(tmp_path: Path) -> None:
    workbook = pasted(tmp_path)
    sheet = workbook["支出总表"]
    row = sheet.max_row + 1
    sheet.cell(row, 2, "2299999")
    sheet.cell(row, 4, 5)
    sheet.cell(row, 5, 5)
    orphan = next(f for f in findings(workbook, tmp_path) if f.rule == "A08")
    assert where(orphan) == f"支出总表!D{row}"
    assert "缺少上级科目 229、22999 的行" in orphan.message


def test_two_blank_totals_one_above_the_other_are_told_with_the_same_sum(tmp_path: Path) -> None:
    workbook = pasted(tmp_path)
    workbook["支出总表"]["E7"] = workbook["支出总表"]["E8"] = None
    blank = {where(f): f.right for f in findings(workbook, tmp_path) if f.rule == "A07"}
    assert blank["支出总表!E8"] == Decimal("121.02")
    assert set(blank.values()) == {Decimal("121.02")}


# ── one wrong figure is one finding ────────────────────────────────────────────


def test_one_wrong_input_in_a_workbook_of_values_is_one_finding_at_that_cell(tmp_path: Path) -> None:
    workbook = pasted(tmp_path)
    workbook["支出总表"]["E9"] = 99
    (finding,) = findings(workbook, tmp_path)
    assert told(finding)[:3] == ("A03", "支出总表!E9", Severity.ERROR)
    assert finding.message.startswith("E9 应为 60.42，现为 99.00。")
    assert "改正以后，另外 2 处不符也就没有了：D9（A01）、E9（X19.3）。" in finding.message


def test_one_wrong_total_in_a_workbook_of_values_is_one_finding_at_that_cell(tmp_path: Path) -> None:
    workbook = pasted(tmp_path)
    workbook["支出总表"]["D6"] = 236.25
    (finding,) = findings(workbook, tmp_path)
    assert where(finding) == "支出总表!D6"
    assert finding.message.startswith("D6 应为 263.25，现为 236.25：像是两个数字颠倒了。")
    assert "改正以后，另外 2 处不符也就没有了：D6（A01）、D6（A02）。" in finding.message


def test_one_wrong_input_in_a_live_workbook_is_one_finding_that_names_its_row(tmp_path: Path) -> None:
    """The totals follow the wrong figure, so that only another table can tell; which of them is wrong nobody knows."""
    workbook = ours(tmp_path)
    workbook["支出总表"]["E9"] = 99
    (finding,) = findings(workbook, tmp_path)
    assert finding.message.splitlines()[:3] == [
        "可能是 E9 应为 60.42（现为 99.00），或 收入总表!G9 应为 38.58（现为空白，像是漏填了）。",
        "收入总表“2014001 行政运行”合计（D9） 70.67 应等于 “2014001 行政运行”合计（D9） 109.25，少 38.58。",
        "另外 4 处也不符，可能是同一个错引起的："
        "收支总表!C39（X01）、收入总表!D7（X17）、收入总表!D8（X17）、E9（X19.3）。",
    ]


@pytest.mark.parametrize(
    ("typed", "slip"),
    [(604.2, "像是小数点错位"), (64.02, "像是两个数字颠倒了"), (-60.42, "像是正负号填反了")],
    ids=["decimal point", "two digits swapped", "sign"],
)
def test_a_slip_of_the_keyboard_in_a_live_workbook_is_told_at_its_cell(typed: float, slip: str, tmp_path: Path) -> None:
    workbook = ours(tmp_path)
    workbook["支出总表"]["E9"] = typed
    (finding,) = findings(workbook, tmp_path)
    assert where(finding) == "支出总表!E9"
    assert finding.message.startswith(f"E9 应为 60.42，现为 {typed:.2f}：{slip}。")


@pytest.mark.parametrize(("carried", "severity"), [(None, Severity.ERROR), (10, Severity.WARNING)])
def test_income_may_exceed_expenditure_where_something_is_carried_forward(
    carried: int | None, severity: Severity, tmp_path: Path
) -> None:
    """X17: what is carried forward stands by 科目 in no table, so that a difference may be just that."""
    workbook = ours(tmp_path)
    (label,) = [cell for row in workbook["收支总表"] for cell in row if cell.value == "年终结转结余"]
    label.offset(0, 1).value = carried
    workbook["支出总表"]["G9"] = 0.25
    found = findings(workbook, tmp_path)
    assert [(finding.severity, "“2014001 行政运行”" in finding.message) for finding in found] == [(severity, True)]


def test_two_wrong_figures_are_two_findings(tmp_path: Path) -> None:
    workbook = pasted(tmp_path)
    workbook["支出总表"]["E9"] = 99
    workbook["一般公共预算支出表"]["E14"] = 77
    assert sorted(where(f) for f in findings(workbook, tmp_path)) == ["一般公共预算支出表!E14", "支出总表!E9"]


def test_a_figure_that_cannot_be_read_is_the_only_one_told(tmp_path: Path) -> None:
    """The equations it is in are undecided until it can be read."""
    workbook = ours(tmp_path)
    workbook["支出总表"]["E9"] = "见附表"
    (unreadable,) = findings(workbook, tmp_path)
    assert told(unreadable) == (
        "A12",
        "支出总表!E9",
        Severity.ERROR,
        "“2014001 行政运行”基本支出（E9）的内容“见附表”不能读成金额。",
    )


# ── single cells ─────────────────────────────────────────────────────────────


def cell_findings(facts: dict[FactKey, Value], name: str = QINGLONG, amount_unit: str = "万元") -> list[Finding]:
    filled = fill(template(name), facts, "某部门", 2024, amount_unit)
    report = xltool.check(Book(filled.layout, dict(filled.values), live=filled.live))
    return [finding for finding in report.findings if finding.severity is not Severity.REMARK]


def test_a_negative_amount_is_an_error_at_its_cell() -> None:
    facts: dict[FactKey, Value] = {key("国有资本经营支出表", "223", "基本支出"): Decimal(-5)}
    assert ("A15", "“223 国有资本经营预算支出”基本支出（E7）是负数 -5.00。") in [
        (finding.rule, str(finding.statement)) for finding in cell_findings(facts)
    ]


def test_a_negative_amount_that_breaks_sums_is_told_once(tmp_path: Path) -> None:
    workbook = pasted(tmp_path)
    workbook["支出总表"]["E9"] = -60.42
    (finding,) = findings(workbook, tmp_path)
    assert told(finding) == ("A03", "支出总表!E9", Severity.ERROR, "E9 应为 60.42，现为 -60.42：像是正负号填反了。")


def test_what_is_carried_over_may_be_negative() -> None:
    facts = agreeing(QINGLONG) | {key("收入总表", "2014001", "上年结转"): Decimal("-5")}
    assert "A15" not in [f.rule for f in cell_findings(facts)]


def test_an_amount_stored_as_text_is_an_error_in_a_workbook_of_values(tmp_path: Path) -> None:
    workbook = pasted(tmp_path)
    workbook["支出总表"]["E9"] = "60.42"
    (finding,) = findings(workbook, tmp_path)
    assert told(finding) == (
        "A12",
        "支出总表!E9",
        Severity.ERROR,
        "“2014001 行政运行”基本支出（E9）的 60.42 是文本，Excel 求和时不会计入。",
    )


def empty_table_findings(*, note: str | None, amount: str | None) -> list[str]:
    cell = key("国有资本经营支出表", "合计", "基本支出")
    note_key = FactKey("国有资本经营支出表", ("注",), ("注",))
    facts = {k: v for k, v in agreeing(QINGLONG).items() if k.table != "国有资本经营支出表"}
    if note is not None:
        facts[note_key] = note
    if amount is not None:
        facts[cell] = Decimal(amount)
    return [f.message.splitlines()[0] for f in cell_findings(facts) if f.rule == "A09"]


def test_an_empty_table_must_say_that_it_is_empty() -> None:
    title = "“部门预算国有资本经营预算财政拨款支出表”"
    note = "注：无国有资本经营预算拨款，空表列示。"
    assert empty_table_findings(note=note, amount=None) == []
    assert empty_table_findings(note="注：本表无数据。", amount=None) == []
    assert empty_table_findings(note=None, amount=None) == [f"{title}没有数，也没有注明“{note}”。"]
    assert empty_table_findings(note=note, amount="0") == []
    assert empty_table_findings(note=note, amount="5") == [f"{title}的注说是空表，但表里有数 5.00（D6）。"]


def test_a_workbook_in_yuan_has_no_rounding() -> None:
    """One 分 is an error where every 分 is printed, and rounding where amounts are in 万元."""
    facts: dict[FactKey, Value] = {
        key("一般公共预算基本支出表", "30101", "一般公共预算基本支出/人员经费"): Decimal("100.10"),
        key("一般公共预算基本支出表", "30102", "一般公共预算基本支出/人员经费"): Decimal("200.20"),
        key("一般公共预算基本支出表", "301", "一般公共预算基本支出/人员经费"): Decimal("300.31"),
    }
    in_yuan = [f for f in cell_findings(facts, amount_unit="元") if f.rule == "A03"]
    assert [f.difference for f in in_yuan] == [Decimal("0.01")]
    assert [f for f in cell_findings(facts) if f.rule == "A03"] == []


def test_names_with_quotes_are_quoted_once() -> None:
    cell = key("三公经费支出表", "三公经费小计", "资金性质/一般公共预算财政拨款")
    messages = [f.message for f in cell_findings(agreeing(QINGLONG) | {cell: Decimal(99)})]
    assert any("“‘三公’经费小计”一般公共预算财政拨款（D6） 99.00" in message for message in messages)
    assert not any("““" in message or "””" in message or "。。" in message for message in messages)


@pytest.mark.parametrize("name", BUDGETS)
def test_messages_are_free_of_double_punctuation(name: str) -> None:
    """Every amount made wrong in turn: the sentences stay sentences."""
    facts = agreeing(name)
    for cell, value in list(facts.items())[::9]:
        if isinstance(value, Decimal):
            for finding in cell_findings(facts | {cell: value + 1}, name):
                for mark in ("。。", "，，", "““", "””", "。，", "  ", "None", "Decimal"):
                    assert mark not in finding.message, finding.message
                assert finding.message.splitlines()[-1].startswith("提示：")
