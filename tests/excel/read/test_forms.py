"""Forms repeated for each project, rows in groups and labels in several columns, as people change them."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from openpyxl.cell.cell import Cell
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

import xltool
from tests.budgets import SHENZHEN, filled, foreign, key, opened, reread
from xltool.layout.book import Book
from xltool.model import FactKey, Finding, Severity, Value

FORM = "项目支出绩效目标表"
UNIT = "市信访局本级"


@pytest.fixture
def workbook(tmp_path: Path) -> Workbook:
    """The published budget, as filled by xltool."""
    return opened(filled(SHENZHEN, tmp_path))


@pytest.fixture
def published(tmp_path: Path) -> Book:
    return xltool.read(filled(SHENZHEN, tmp_path))


def line_of(sheet: Worksheet, text: str, column: int = 1) -> int:
    return next(r for r in range(1, sheet.max_row + 1) if str(sheet.cell(r, column).value or "").strip() == text)


def right_of(sheet: Worksheet, label: str) -> Cell:
    """The cell right of a label."""
    at = next(cell for row in sheet.iter_rows() for cell in row if cell.value == label)
    return sheet.cell(at.row, at.column + 1)


def type_over(sheet: Worksheet, label: str, value: object) -> None:
    right_of(sheet, label).value = value


def copied(workbook: Workbook, name: str, title: str) -> Worksheet:
    """What Excel does when a sheet is copied: "表15-6 (2)"."""
    sheet = workbook.copy_worksheet(workbook[name])
    sheet.title = title
    return sheet


def facts(book: Book) -> dict[FactKey, Value]:
    return {fact.key: fact.value for fact in xltool.facts(book)}


def added(book: Book, before: Book) -> dict[str, Value]:
    """The facts that only the first book has, by row and column."""
    old = facts(before)
    return {"/".join((*k.row, *k.column[-1:])): value for k, value in facts(book).items() if k not in old}


def new_findings(book: Book, before: Book) -> list[Finding]:
    """Errors and warnings that only the first book has: not one whose cause is told otherwise."""
    known = {(finding.rule, finding.key, str(finding.statement)) for finding in xltool.check(before).findings}
    found = [f for f in xltool.check(book).findings if f.severity is not Severity.REMARK]
    return [f for f in found if (f.rule, f.key, str(f.statement)) not in known]


def told(findings: Iterable[Finding]) -> list[tuple[str, str, str]]:
    """Rule, cell and first sentence."""
    return [(f.rule, f"{f.cell.sheet}!{f.cell.a1}" if f.cell else "", f.message.splitlines()[0]) for f in findings]


# ── one sheet a project ──────────────────────────────────────────────────────────


def test_every_project_has_its_sheet(published: Book) -> None:
    sheets = {table.above: table.sheet for table in published.layout.tables.values() if table.above}
    assert list(sheets.items())[::6] == [
        (("信访大厅运行",), "表15-1"),
        (("深圳市人民政府热线全面整合工程",), "表15-7"),
    ]


def test_a_sheet_copied_in_excel_is_a_project_of_its_own(workbook: Workbook, published: Book, tmp_path: Path) -> None:
    sheet = copied(workbook, "表15-6", "表15-6 (2)")
    for label, value in (("项目名称", "应急处置"), ("本年度项目金额", None), ("财政拨款资金", None)):
        type_over(sheet, label, value)
    book = reread(workbook, tmp_path)
    assert added(book, published)["应急处置/项目用途/内容"] == "应急和新增任务"
    assert new_findings(book, published) == []


def test_a_project_with_a_sheet_but_no_row_is_told(workbook: Workbook, published: Book, tmp_path: Path) -> None:
    type_over(copied(workbook, "表15-6", "表15-8"), "项目名称", "应急处置")
    assert told(new_findings(reread(workbook, tmp_path), published)) == [
        ("X14.1", "表15-8!D8", "“应急处置·本年度项目金额”（D8） 100，但项目支出预算表没有对应的行，多 100。")
    ]


def test_a_sheet_copied_without_a_new_name_is_told_as_the_second(
    workbook: Workbook, published: Book, tmp_path: Path
) -> None:
    copied(workbook, "表15-6", "表15-6 (2)")
    (finding,) = new_findings(reread(workbook, tmp_path), published)
    assert told([finding]) == [
        (
            "X14.1",
            "表15-6 (2)!D8",
            "“预算准备金（第2个）·本年度项目金额”（D8） 100，但项目支出预算表没有对应的行，多 100。",
        )
    ]


def test_a_sheet_without_a_project_is_known_by_its_own_name(workbook: Workbook, tmp_path: Path) -> None:
    type_over(workbook["表15-5"], "项目名称", None)
    book = reread(workbook, tmp_path)
    assert facts(book)[key(FORM, "表15-5/项目总金额", "内容")] == Decimal(12)


def test_a_project_whose_sheet_was_deleted_is_told(workbook: Workbook, published: Book, tmp_path: Path) -> None:
    del workbook["表15-5"]
    assert told(new_findings(reread(workbook, tmp_path), published)) == [
        ("X14.1", "表5项目支出预算表!B27", "“严控类项目”总计（B27） 12，但没有它的项目支出绩效目标表，少 12。")
    ]


def test_all_sheets_deleted_are_one_missing_table(workbook: Workbook, published: Book, tmp_path: Path) -> None:
    for number in range(1, 8):
        del workbook[f"表15-{number}"]
    rules = [rule for rule, _, _ in told(new_findings(reread(workbook, tmp_path), published))]
    assert rules.count("S01") == 1
    assert "X14.1" not in rules


def test_a_sheet_of_another_amount_is_told_with_both_cells(workbook: Workbook, published: Book, tmp_path: Path) -> None:
    type_over(workbook["表15-4"], "本年度项目金额", 146)
    (finding,) = new_findings(reread(workbook, tmp_path), published)
    assert finding.cell == ("表15-4", 8, 4)
    assert "“信息管理·本年度项目金额”（D8） 146" in finding.message
    assert finding.rule in ("X14.1", "X14.4")


def test_two_projects_of_one_name_each_keep_their_figures(workbook: Workbook, published: Book, tmp_path: Path) -> None:
    sheet = workbook["表5项目支出预算表"]
    sheet.cell(line_of(sheet, "严控类项目"), 1).value = "信访专项"
    book = reread(workbook, tmp_path)
    values = facts(book)
    assert values[key("项目支出预算表", f"{UNIT}/信访专项", "总计")] == Decimal(387)
    assert values[key("项目支出预算表", f"{UNIT}/信访专项#2", "总计")] == Decimal(12)
    assert any("“信访专项（第2个）”总计（B27） 12" in f.message for f in new_findings(book, published))


def test_two_projects_of_one_name_are_written_and_read_again(tmp_path: Path) -> None:
    amounts: dict[FactKey, Value] = {}
    for project, amount in (("接访", 5), ("接访#2", 7)):
        cell = "财政预算拨款/一般公共预算拨款/一般性经费拨款"
        amounts[key("项目支出预算表", f"甲局/{project}/租房", cell)] = Decimal(amount)
        amounts[key(FORM, f"{project}/本年度项目金额", "内容")] = Decimal(amount)
    xltool.fill(SHENZHEN, amounts, tmp_path / "预算.xlsx", unit="甲局")
    book = xltool.read(tmp_path / "预算.xlsx")
    assert {k: value for k, value in facts(book).items() if k in amounts} == amounts
    written = openpyxl.load_workbook(tmp_path / "预算.xlsx")
    assert [right_of(written[sheet], "项目名称").value for sheet in ("表15-1", "表15-2")] == ["接访", "接访"]
    assert [f.rule for f in xltool.check(book).findings if f.rule.startswith("X14.1")] == []


def test_sheets_renamed_and_shuffled_are_found_by_what_is_on_them(
    workbook: Workbook, published: Book, tmp_path: Path
) -> None:
    for number, sheet in enumerate(workbook.worksheets):
        if sheet.title.startswith("表15"):
            sheet.title = f"绩效{100 - number}"
    workbook._sheets.reverse()
    assert facts(reread(workbook, tmp_path)) == facts(published)


def test_a_field_moved_down_and_to_the_right_is_found_by_its_label(tmp_path: Path) -> None:
    theirs = foreign(SHENZHEN, tmp_path)
    expected = facts(reread(theirs, tmp_path))
    sheet = theirs["表15-1"]
    for area in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(area))
    sheet.insert_rows(4)
    sheet.insert_cols(1)
    assert facts(reread(theirs, tmp_path)) == expected


# ── indicators of a form ─────────────────────────────────────────────────────────


def test_indicators_typed_into_an_empty_list_take_what_stands_above_them(
    workbook: Workbook, published: Book, tmp_path: Path
) -> None:
    sheet = workbook["表15-3"]
    first = line_of(sheet, "目标内容") + 1
    for offset, texts in enumerate(
        [
            ("产出目标", "数量", "付款笔数", "5笔", "合同"),
            ("", "", "付款金额", "252万元", ""),
            ("", "时效", "按期付款率", "100%", ""),
        ]
    ):
        for column, text in enumerate(texts, 1):
            sheet.cell(first + offset, column).value = text or None
    book = reread(workbook, tmp_path)
    assert added(book, published) == {
        "待支付以前年度采购项目/产出目标/数量/付款笔数/指标目标值": "5笔",
        "待支付以前年度采购项目/产出目标/数量/付款笔数/目标值来源": "合同",
        "待支付以前年度采购项目/产出目标/数量/付款金额/指标目标值": "252万元",
        "待支付以前年度采购项目/产出目标/时效/按期付款率/指标目标值": "100%",
    }


# ── labels in several columns ────────────────────────────────────────────────────


def test_a_purchase_typed_into_a_spare_row_counts_in_its_class(
    workbook: Workbook, published: Book, tmp_path: Path
) -> None:
    sheet = workbook["表11政府采购项目支出预算表"]
    spare = line_of(sheet, "其他服务", 3) + 1
    sheet.cell(spare, 2).value, sheet.cell(spare, 3).value, sheet.cell(spare, 4).value = "C0800", "信息技术服务", 7
    book = reread(workbook, tmp_path)
    assert added(book, published) == {
        f"{UNIT}/C/信息技术服务/编号": "C0800",
        f"{UNIT}/C/信息技术服务/金额": Decimal(7),
    }
    assert facts(book)[key("政府采购项目支出预算表", f"{UNIT}/C", "金额")] == Decimal(441)


def test_a_first_purchase_of_a_class_counts_too(workbook: Workbook, published: Book, tmp_path: Path) -> None:
    sheet = workbook["表11政府采购项目支出预算表"]
    spare = line_of(sheet, "工程类", 3) + 1
    sheet.cell(spare, 3).value, sheet.cell(spare, 4).value = "装修工程", 5
    book = reread(workbook, tmp_path)
    assert facts(book)[key("政府采购项目支出预算表", f"{UNIT}/B/装修工程", "金额")] == Decimal(5)
    assert [rule for rule, _, _ in told(new_findings(book, published))] == ["X13.1"]


def test_a_first_project_of_an_empty_table_counts(workbook: Workbook, tmp_path: Path) -> None:
    sheet = workbook["表10上级专项转移支付支出预算表"]
    spare = line_of(sheet, UNIT) + 1
    for column, value in ((2, "2010308"), (3, "信访事务"), (4, "信访救助"), (5, 30)):
        sheet.cell(spare, column).value = value
    book = reread(workbook, tmp_path)
    table = "上级专项转移支付支出预算表"
    assert facts(book)[key(table, f"{UNIT}/信访救助", "科目编码")] == "2010308"
    assert facts(book)[key(table, "部门", "项目金额")] == Decimal(30)


def test_a_row_without_a_name_is_told(workbook: Workbook, published: Book, tmp_path: Path) -> None:
    sheet = workbook["表11政府采购项目支出预算表"]
    sheet.cell(line_of(sheet, "其他服务", 3) + 1, 4).value = 7
    assert ("S03", "表11政府采购项目支出预算表!D19") in [
        (rule, cell) for rule, cell, _ in told(new_findings(reread(workbook, tmp_path), published))
    ]


# ── rows in groups ───────────────────────────────────────────────────────────────


@pytest.mark.parametrize("unit", [UNIT, None], ids=["named", "as above"])
def test_a_project_typed_into_a_spare_row_belongs_to_the_unit_above(
    unit: str | None, workbook: Workbook, published: Book, tmp_path: Path
) -> None:
    sheet = workbook["表13绩效管理项目情况表"]
    spare = line_of(sheet, "政府投资建设项目", 2) + 1
    for column, value in ((1, unit), (2, "信访宣传"), (4, 5)):
        sheet.cell(spare, column).value = value
    book = reread(workbook, tmp_path)
    assert added(book, published) == {
        f"{UNIT}/信访宣传/合计": Decimal(5),
        f"{UNIT}/信访宣传/一般公共预算拨款": Decimal(5),
    }


def test_another_unit_below_has_years_of_its_own(workbook: Workbook, published: Book, tmp_path: Path) -> None:
    sheet = workbook["表12三公经费预算情况表"]
    below = line_of(sheet, UNIT) + 2
    for area in [area for area in sheet.merged_cells.ranges if area.min_row >= below]:
        sheet.unmerge_cells(str(area))
    for row, unit, year, total in ((below, "接待中心", "2019年", 3), (below + 1, None, "2020年", 4)):
        for column, value in ((1, unit), (2, year), (3, total), (5, total)):
            sheet.cell(row, column).value = value
    book = reread(workbook, tmp_path)
    assert {name: value for name, value in added(book, published).items() if value} == {
        "接待中心/上年/“三公”经费财政拨款预算总额": Decimal(3),
        "接待中心/上年/公务接待费": Decimal(3),
        "接待中心/本年/“三公”经费财政拨款预算总额": Decimal(4),
        "接待中心/本年/公务接待费": Decimal(4),
    }
    messages = [f.message for f in new_findings(book, published)]
    assert any("“接待中心·2020年”" in message for message in messages)
