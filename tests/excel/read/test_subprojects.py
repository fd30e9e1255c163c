"""项目支出预算表 lists projects and, below each, its 子项目 in the same column: told apart however they were typed."""

from __future__ import annotations

import cProfile
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests.budgets import SHENZHEN, filled, foreign, opened, reread
from xltool.excel.read.rows.subprojects import adds_up, subprojects
from xltool.layout.book import Book
from xltool.source.cells import Raw
from xltool.source.sheet import Sheet

TABLE = "项目支出预算表"
SHEET = "表5项目支出预算表"
UNIT = "市信访局本级"
PUBLISHED = {
    "信访大厅运行": ["大厅保安服务费", "物业管理", "其他", "大厅运行管理经费"],
    "信访专项": ["信访案件处理", "信访专项培训", "信访调研"],
    "待支付以前年度采购项目": ["待支付以前年度采购项目"],
    "信息管理": ["信息化系统维护", "网上信访"],
    "严控类项目": ["公务接待", "公务用车购置及运行"],
    "预算准备金": ["预算准备金"],
    "政府投资项目建设": ["政府投资项目建设"],
}
GENERAL = 5
"""The sheet column of 一般性经费拨款, where most figures are typed."""


def projects(book: Book) -> dict[str, list[str]]:
    """The projects of the only unit, each with its 子项目."""
    found: dict[str, list[str]] = {}
    (block,) = book.layout.blocks_of(TABLE)
    for row in block.rows:
        if row.pattern == ("unit", "project"):
            found[row.path[1]] = []
        elif row.pattern == ("unit", "project", "item"):
            found[row.path[1]].append(row.path[2])
    return found


def line_of(sheet: Worksheet, name: str) -> int:
    return next(r for r in range(1, sheet.max_row + 1) if str(sheet.cell(r, 1).value or "").strip() == name)


def without_blanks(sheet: Worksheet) -> None:
    for cell in sheet["A"]:
        if isinstance(cell.value, str):
            cell.value = cell.value.strip()


@pytest.fixture
def ours(tmp_path: Path) -> Workbook:
    return opened(filled(SHENZHEN, tmp_path))


@pytest.fixture
def theirs(tmp_path: Path) -> Workbook:
    """Values only, as another program makes it."""
    return foreign(SHENZHEN, tmp_path)


def test_the_published_projects_and_their_parts_are_read(ours: Workbook, tmp_path: Path) -> None:
    assert projects(reread(ours, tmp_path)) == PUBLISHED


def test_a_project_and_its_only_part_may_have_the_same_name(ours: Workbook, tmp_path: Path) -> None:
    book = reread(ours, tmp_path)
    paths = {fact.row for fact in book.facts if fact.table == TABLE and "预算准备金" in fact.row}
    assert paths == {(UNIT, "预算准备金"), (UNIT, "预算准备金", "预算准备金")}


@pytest.mark.parametrize("typed", ["信访宣传", "　　信访宣传", "  信访宣传"])
def test_what_is_typed_into_the_spare_row_of_a_project_is_a_part_of_it(
    typed: str, ours: Workbook, tmp_path: Path
) -> None:
    sheet = ours[SHEET]
    spare = line_of(sheet, "信访调研") + 1
    sheet.cell(spare, 1).value, sheet.cell(spare, GENERAL).value = typed, 9
    assert projects(reread(ours, tmp_path)) == {**PUBLISHED, "信访专项": [*PUBLISHED["信访专项"], "信访宣传"]}


def test_what_is_typed_below_the_last_section_is_a_project(ours: Workbook, tmp_path: Path) -> None:
    sheet = ours[SHEET]
    below = line_of(sheet, "政府投资项目建设") + 3
    assert sheet.cell(below, 1).value is None
    sheet.cell(below, 1).value, sheet.cell(below, GENERAL).value = "新项目", 9
    assert projects(reread(ours, tmp_path)) == {**PUBLISHED, "新项目": []}


def test_formulas_tell_parts_without_blanks_before_their_names(ours: Workbook, tmp_path: Path) -> None:
    without_blanks(ours[SHEET])
    assert projects(reread(ours, tmp_path)) == PUBLISHED


def test_amounts_tell_parts_where_there_are_neither_blanks_nor_formulas(theirs: Workbook, tmp_path: Path) -> None:
    without_blanks(theirs[SHEET])
    assert projects(reread(theirs, tmp_path)) == PUBLISHED


def test_one_wrong_total_does_not_hide_what_the_other_columns_tell(theirs: Workbook, tmp_path: Path) -> None:
    sheet = theirs[SHEET]
    without_blanks(sheet)
    sheet.cell(line_of(sheet, "信访专项"), 2).value = 378
    assert projects(reread(theirs, tmp_path)) == PUBLISHED


def test_parts_rounded_one_by_one_still_make_up_their_project(theirs: Workbook, tmp_path: Path) -> None:
    sheet = theirs[SHEET]
    without_blanks(sheet)
    for column in range(2, GENERAL + 1):
        sheet.cell(line_of(sheet, "信访调研"), column).value = 97
    assert projects(reread(theirs, tmp_path)) == PUBLISHED


def test_projects_that_do_not_add_up_to_each_other_are_projects(theirs: Workbook, tmp_path: Path) -> None:
    sheet = theirs[SHEET]
    without_blanks(sheet)
    for project, parts in reversed(PUBLISHED.items()):
        sheet.delete_rows(line_of(sheet, project) + 1, len(parts))
    assert projects(reread(theirs, tmp_path)) == {project: [] for project in PUBLISHED}


@pytest.mark.parametrize(
    ("parts", "whole", "does"),
    [
        (["1.2", "3.4"], "4.6", True),
        (["1.2", "3.4"], "4.7", True),
        (["1.2", "3.4"], "4.8", False),
        (["1", "3"], "4.5", True),
        (["1"], "2.5", False),
        ([], "0", True),
        ([], "0.01", False),
    ],
)
def test_parts_add_up_but_for_what_each_may_be_rounded_by(parts: list[str], whole: str, does: bool) -> None:
    assert adds_up([Decimal(part) for part in parts], Decimal(whole)) is does


def calls(amounts: list[float]) -> int:
    """How many functions are called to tell parts from projects by their amounts."""
    lines: list[list[Raw]] = [["单位", sum(amounts)]]
    lines += [[f"项目{n}", amount] for n, amount in enumerate(amounts)]
    profile = cProfile.Profile()
    profile.runcall(subprojects, Sheet("项目", lines), 1, [2], range(1, len(lines) + 1), [1])
    return sum(entry.callcount for entry in profile.getstats())


@pytest.mark.parametrize(
    "pattern", [[5.0, 2.0, 3.0], [9.99, 1.11, 0.01], [9.99, -1.11, 0.01]], ids=["parts", "none", "some below zero"]
)
def test_a_list_twice_as_long_takes_twice_the_work(pattern: list[float]) -> None:
    assert calls(pattern * 240) < 2.6 * calls(pattern * 120)
