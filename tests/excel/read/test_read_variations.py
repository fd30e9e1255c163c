"""Workbooks as people change them are read all the same."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from openpyxl.cell.cell import MergedCell
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

import xltool
from tests.budgets import BUDGETS, PINGSHAN, QINGLONG, amounts, filled, foreign, key, opened, reread
from tests.edited_budgets import where
from xltool.model import FactKey, Severity, Value
from xltool.template.names import is_note


def rename_sheets(workbook: Workbook) -> None:
    for number, sheet in enumerate(workbook, 1):
        sheet.title = f"Sheet{number}"


def reorder_sheets(workbook: Workbook) -> None:
    workbook._sheets.reverse()


def hide_rows_columns_and_a_sheet(workbook: Workbook) -> None:
    for sheet in workbook.worksheets[1:2]:
        sheet.sheet_state = "hidden"
    for sheet in (*workbook.worksheets[2:3], workbook.worksheets[0]):
        sheet.row_dimensions[8].hidden = True
        sheet.column_dimensions["D"].hidden = True


def blank_rows_above_and_between(workbook: Workbook) -> None:
    for sheet in workbook:
        _insert_row(sheet, sheet.max_row - 3)
        _insert_row(sheet, 1)


def blank_column_on_the_left(workbook: Workbook) -> None:
    for sheet in workbook:
        _unmerge(sheet)
        sheet.insert_cols(1)


def no_merged_cells(workbook: Workbook) -> None:
    for sheet in workbook:
        _unmerge(sheet)


def trailing_notes_and_signature(workbook: Workbook) -> None:
    for sheet in workbook:
        sheet.cell(sheet.max_row + 2, 1, "注：以上数据四舍五入。")
        sheet.cell(sheet.max_row + 1, 1, "单位负责人：")
        sheet.cell(sheet.max_row, 3, "填表人：")


def full_width_digits_and_typed_separators(workbook: Workbook) -> None:
    for sheet in workbook:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, float) and cell.value > 100:
                    wide = f"{cell.value:,.2f}".translate(str.maketrans("0123456789.,", "０１２３４５６７８９．，"))
                    cell.value = f" {wide} "


def dashes_for_blanks(workbook: Workbook) -> None:
    for sheet in workbook:
        for row in sheet.iter_rows(min_row=8):
            numbers = [cell for cell in row if isinstance(cell.value, int | float)]
            for cell in row:
                is_text = cell.number_format == "@" or isinstance(cell, MergedCell)
                if cell.value is None and not is_text and len(numbers) > 1 and cell.column > numbers[0].column:
                    cell.value = "—" if cell.column % 2 else "-"


def codes_as_numbers(workbook: Workbook) -> None:
    for sheet in workbook:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.value.isdigit() and len(cell.value) in (3, 5, 7):
                    cell.value = int(cell.value)


def headings_printed_again_on_every_page(workbook: Workbook) -> None:
    for sheet in workbook:
        _unmerge(sheet)
        starts = [r for r in range(1, 9) if any(c.value in ("序号", "预算单位", "收入") for c in sheet[r])]
        texts = [[cell.value for cell in sheet[row]] for start in starts[:1] for row in (start, start + 1)]
        for line in reversed(texts):
            sheet.insert_rows(14)
            for column, text in enumerate(line, 1):
                sheet.cell(14, column, text)


def blanks_and_line_breaks_inside_headings(workbook: Workbook) -> None:
    for sheet in workbook:
        for row in sheet.iter_rows(min_row=2, max_row=6):
            for cell in row:
                if (
                    isinstance(cell.value, str)
                    and cell.font.bold
                    and len(cell.value) > 2
                    and "：" not in cell.value
                    and "信访局" not in cell.value
                ):
                    cell.value = f"{cell.value[:2]}\n {cell.value[2:]}　"


def invisible_characters_in_every_text(workbook: Workbook) -> None:
    for sheet in workbook:
        sheet.title = f"{sheet.title}\u200b"
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, float):
                    cell.value = f"{cell.value:,}\u202c"
                elif isinstance(cell.value, str):
                    half = len(cell.value) // 2
                    cell.value = f"\ufeff{cell.value[:half]}\u200b\u00ad{cell.value[half:]}\u200e"


def _insert_row(sheet: Worksheet, row: int) -> None:
    merged = [(r.min_row, r.min_col, r.max_row, r.max_col) for r in sheet.merged_cells.ranges]
    for area in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(area))
    sheet.insert_rows(row)
    for top, left, bottom, right in merged:
        down = (top >= row, bottom >= row)
        sheet.merge_cells(start_row=top + down[0], start_column=left, end_row=bottom + down[1], end_column=right)


def _unmerge(sheet: Worksheet) -> None:
    for area in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(area))


CHANGES: list[Callable[[Workbook], None]] = [
    rename_sheets,
    reorder_sheets,
    hide_rows_columns_and_a_sheet,
    blank_rows_above_and_between,
    trailing_notes_and_signature,
    full_width_digits_and_typed_separators,
    dashes_for_blanks,
    codes_as_numbers,
    invisible_characters_in_every_text,
    blanks_and_line_breaks_inside_headings,
]


@pytest.mark.parametrize("name", BUDGETS)
@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_changed_workbook_gives_the_same_facts(name: str, change: Callable[[Workbook], None], tmp_path: Path) -> None:
    workbook = foreign(name, tmp_path)
    expected = amounts(reread(workbook, tmp_path))
    change(workbook)
    assert amounts(reread(workbook, tmp_path)) == expected


@pytest.mark.parametrize(
    "change",
    [blank_column_on_the_left, no_merged_cells, headings_printed_again_on_every_page],
    ids=lambda c: c.__name__,
)
def test_a_qinglong_workbook_without_merged_cells_gives_the_same_facts(
    change: Callable[[Workbook], None], tmp_path: Path
) -> None:
    workbook = foreign(QINGLONG, tmp_path)
    expected = amounts(reread(workbook, tmp_path))
    change(workbook)
    assert amounts(reread(workbook, tmp_path)) == expected


@pytest.mark.parametrize("name", BUDGETS)
def test_a_foreign_workbook_has_the_published_facts(name: str, tmp_path: Path) -> None:
    ours = amounts(xltool.read(filled(name, tmp_path)))
    assert amounts(reread(foreign(name, tmp_path), tmp_path)) == ours


@pytest.mark.parametrize(
    ("name", "department"), [(QINGLONG, "202青龙满族自治县信访局"), (PINGSHAN, "深圳市坪山区信访局")]
)
def test_a_foreign_workbook_has_its_department_from_the_line_under_the_title(
    name: str, department: str, tmp_path: Path
) -> None:
    assert reread(foreign(name, tmp_path), tmp_path).outline.department == department


@pytest.mark.parametrize("name", BUDGETS)
def test_saved_by_openpyxl_without_cached_values_gives_the_same_facts(name: str, tmp_path: Path) -> None:
    path = filled(name, tmp_path)
    expected = amounts(xltool.read(path))
    assert amounts(reread(opened(path), tmp_path)) == expected


def test_swapped_columns_are_found_by_their_headings(tmp_path: Path) -> None:
    workbook = foreign(QINGLONG, tmp_path)
    expected = amounts(reread(workbook, tmp_path))
    sheet = workbook["支出总表"]
    for row in sheet.iter_rows(min_row=3):
        basic, project = row[4], row[5]
        if basic.value != "基本支出" and project.coordinate in sheet.merged_cells:
            continue
        basic.value, project.value = project.value, basic.value
    assert amounts(reread(workbook, tmp_path)) == expected


def test_swapped_rows_are_found_by_their_codes(tmp_path: Path) -> None:
    workbook = foreign(QINGLONG, tmp_path)
    expected = amounts(reread(workbook, tmp_path))
    sheet = workbook["收入总表"]
    rows = {cell.value: cell.row for cell in sheet["B"]}
    first, second = sheet[rows["2014001"]], sheet[rows["2014004"]]
    for one, other in zip(first, second, strict=True):
        one.value, other.value = other.value, one.value
    assert amounts(reread(workbook, tmp_path)) == expected


def test_codes_split_over_three_columns_are_joined(tmp_path: Path) -> None:
    workbook = foreign(QINGLONG, tmp_path)
    expected = amounts(reread(workbook, tmp_path))
    sheet = workbook["支出总表"]
    _unmerge(sheet)
    sheet.insert_cols(3, 2)
    sheet.insert_rows(5)
    for column, text in enumerate(("类", "款", "项"), 2):
        sheet.cell(5, column, text)
    sheet.merge_cells("B4:D4")
    sheet.merge_cells("B3:E3")
    for row in range(7, sheet.max_row + 1):
        code = str(sheet.cell(row, 2).value or "")
        if code.isdigit() and len(code) in (3, 5, 7):
            for column, part in enumerate((code[:3], code[3:5], code[5:]), 2):
                sheet.cell(row, column, int(part) if part else None)
    assert amounts(reread(workbook, tmp_path)) == expected


@pytest.mark.parametrize(
    ("typed", "reason"),
    [("见附表", "不能读成金额"), (True, "逻辑值"), ("2024/1/2x", "不能读成金额")],
)
def test_a_cell_that_is_no_amount_is_told_at_that_cell(typed: object, reason: str, tmp_path: Path) -> None:
    workbook = foreign(QINGLONG, tmp_path)
    workbook["收入总表"]["F9"] = typed
    (finding,) = [f for f in xltool.check(reread(workbook, tmp_path)).findings if where(f) == "收入总表!F9"]
    assert reason in finding.message


def test_an_error_value_is_told_at_its_cell(tmp_path: Path) -> None:
    workbook = foreign(QINGLONG, tmp_path)
    cell = workbook["收入总表"]["F9"]
    cell.value = "#REF!"
    cell.data_type = "e"
    (finding,) = [f for f in xltool.check(reread(workbook, tmp_path)).findings if where(f) == "收入总表!F9"]
    assert "#REF!" in finding.message


def test_a_pingshan_table_without_code_column_gets_its_codes_from_the_names(tmp_path: Path) -> None:
    workbook = foreign(PINGSHAN, tmp_path)
    for sheet in workbook:
        for row in sheet.iter_rows(min_row=2, max_row=7):
            for cell in row:
                if cell.value == "科目编码" and sheet.title[:2] in ("表1", "表4", "表6"):
                    sheet.delete_cols(cell.column)
    book = reread(workbook, tmp_path)
    unit = "深圳市坪山区信访局"
    values = {fact_key: fact.value for fact_key, fact in book.facts.items()}
    assert values[key("收支总表", "2010308", "支出/预算数")] == Decimal(672)
    assert values[key("基本支出总表", f"{unit}/30231", "总计")] == Decimal(5)


def projects_by_table(workbook: Path) -> dict[str, set[str]]:
    """The projects that each table of a workbook lists."""
    found: dict[str, set[str]] = {}
    for block in xltool.read(workbook).layout.blocks:
        for row in block.rows:
            if "project" in row.pattern:
                found.setdefault(block.table.id, set()).add(row.path[row.pattern.index("project")])
    return found


@pytest.fixture
def two_projects(tmp_path: Path) -> Path:
    """A new workbook whose two projects stand in several tables."""
    path = tmp_path / "空白.xlsx"
    xltool.new("shenzhen-2020", path, projects=["注册费", "接访劝返"])
    return path


def test_a_row_whose_name_begins_like_a_note_is_a_row(two_projects: Path) -> None:
    found = projects_by_table(two_projects)
    assert len(found) > 2
    assert all(projects == {"注册费", "接访劝返"} for projects in found.values())


def test_a_project_typed_with_other_blanks_is_the_same_project(two_projects: Path) -> None:
    before = projects_by_table(two_projects)
    workbook = openpyxl.load_workbook(two_projects)
    for number, sheet in enumerate(workbook):
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value == "接访劝返":
                    cell.value = ("接访 劝返", "接　访劝返 ", "接访劝返")[number % 3]
    workbook.save(two_projects)
    after = projects_by_table(two_projects)
    assert after.keys() == before.keys()
    assert [len(set.union(*found.values())) for found in (before, after)] == [2, 2]


@pytest.mark.parametrize(
    "text",
    [
        "注：本表无数据。",
        "注:1.以上",
        "注1：按项目列",
        "注（1）：按项目列",
        "注 本表无数据",
        "注",
        "备注：无",
        "说明：四舍五入",
        "附注：无",
        "注2024年新增",
    ],
)
def test_a_note(text: str) -> None:
    assert is_note(text)


@pytest.mark.parametrize(
    "text", ["注册费", "注 册 费", "注销登记", "注射用水采购", "注重宣传", "说明会", "备注册费", "关注"]
)
def test_no_note(text: str) -> None:
    assert not is_note(text)


@pytest.mark.parametrize("unit", ["项", "类", "款", "台"])
def test_a_unit_of_measure_below_the_headings_is_no_part_of_a_code(unit: str, tmp_path: Path) -> None:
    facts: dict[FactKey, Value] = {
        key("部门政府采购预算", "接访/物业服务", "计量单位"): unit,
        key("部门政府采购预算", "接访/物业服务", "政府采购金额/一般公共预算拨款"): Decimal("7.50"),
    }
    xltool.fill(QINGLONG, facts, tmp_path / "预算.xlsx")
    found = xltool.read(tmp_path / "预算.xlsx").facts
    assert {one: found[one].value for one in facts} == facts


def test_hidden_figures_are_read_and_told(tmp_path: Path) -> None:
    workbook = foreign(QINGLONG, tmp_path)
    before = amounts(reread(workbook, tmp_path))
    hide_rows_columns_and_a_sheet(workbook)
    workbook["一般公共预算支出表"].row_dimensions[7].hidden = True
    book = reread(workbook, tmp_path)
    assert amounts(book) == before
    told = [finding for finding in xltool.check(book).findings if finding.rule == "S03.3"]
    sheets = [sheet.title for sheet in workbook.worksheets]
    assert [(str(finding.statement), finding.severity) for finding in told] == [
        (f"工作表“{sheets[1]}”已隐藏，里面的数（D6 等 65 格）照样读了。", Severity.WARNING),
        (f"工作表“{sheets[2]}”有隐藏的数（D6 等 42 格），照样读了。", Severity.WARNING),
        ("工作表“一般公共预算支出表”有隐藏的数（D7 等 3 格），照样读了。", Severity.WARNING),
    ]
