"""Copies of a sheet that people keep in a workbook: the original is read, and what was left out is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl.workbook import Workbook
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.worksheet import Worksheet

import xltool
from tests.budgets import SHENZHEN, amounts, foreign, reread
from tests.edited_budgets import ours, pasted, where
from xltool.errors import TableNotFound
from xltool.layout.book import Book
from xltool.model import Finding, Severity

SHEET = "支出总表"


def copied(workbook: Workbook, name: str, state: str = "visible", sheet: str = SHEET) -> Worksheet:
    """A copy with another figure in it."""
    copy = workbook.copy_worksheet(workbook[sheet])
    copy.title, copy.sheet_state = name, state
    copy["E9"] = 987654.32
    return copy


def left_out(book: Book) -> list[Finding]:
    return [finding for finding in xltool.check(book).findings if finding.rule == "S01.1"]


def assert_original_is_read(workbook: Workbook, copy: str, before: Book, folder: Path) -> None:
    book = reread(workbook, folder)
    assert amounts(book) == amounts(before)
    (finding,) = left_out(book)
    assert finding.cell is not None
    assert (finding.cell.sheet, finding.severity) == (copy, Severity.REMARK)
    assert f"工作表“{copy}”" in finding.message


@pytest.mark.parametrize("state", ["hidden", "veryHidden", "visible"])
def test_in_our_own_workbook_the_hidden_names_say_which_sheet_is_the_original(state: str, tmp_path: Path) -> None:
    workbook = ours(tmp_path)
    before = reread(workbook, tmp_path)
    copied(workbook, "支出总表 (2)", state)
    assert_original_is_read(workbook, "支出总表 (2)", before, tmp_path)


def test_they_follow_the_original_when_its_copy_takes_its_name_and_the_notes_are_lost(tmp_path: Path) -> None:
    """As another program saves it: without properties of its own."""
    workbook = ours(tmp_path)
    for prop in list(workbook.custom_doc_props.names):
        del workbook.custom_doc_props[prop]
    workbook[SHEET].title = "旧的支出总表 (2)"
    names = [name for name in workbook.defined_names.values() if name.value == f"'{SHEET}'!$A$1"]
    for name in names:
        name.value = "'旧的支出总表 (2)'!$A$1"
    copy = workbook.copy_worksheet(workbook["旧的支出总表 (2)"])
    copy.title = SHEET
    copy.defined_names["_xltool_T03"] = DefinedName("_xltool_T03", attr_text=f"'{SHEET}'!$A$1", hidden=True)
    assert len(names) == 1
    book = reread(workbook, tmp_path)
    assert book.is_ours
    assert book.layout.tables[SHEET].sheet == "旧的支出总表 (2)"
    assert [where(finding) for finding in left_out(book)] == [f"{SHEET}!A1"]


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("另一张", "hidden"),
        ("另一张", "veryHidden"),
        ("支出总表 (2)", "visible"),
        ("支出总表（3）", "visible"),
        ("支出总表_2", "visible"),
        ("支出总表副本", "visible"),
        ("支出总表 备份1", "visible"),
        ("备份-支出总表", "visible"),
        ("支出总表（旧）", "visible"),
        ("支出总表 Copy", "visible"),
    ],
)
@pytest.mark.parametrize("is_first", [False, True])
def test_in_another_workbook_its_state_and_its_name_say_it(
    name: str, state: str, is_first: bool, tmp_path: Path
) -> None:
    workbook = pasted(tmp_path)
    before = reread(workbook, tmp_path)
    copied(workbook, name, state)
    if is_first:
        workbook.move_sheet(name, -len(workbook.sheetnames) + 1)
        workbook.active = 1
    assert_original_is_read(workbook, name, before, tmp_path)


def test_a_copy_of_a_sheet_that_has_lost_its_title_is_left_out_too(tmp_path: Path) -> None:
    workbook = pasted(tmp_path)
    workbook["收入总表"]["A1"] = None
    before = reread(workbook, tmp_path)
    assert before.layout.tables["收入总表"].title_row == 0
    copied(workbook, "收入总表 (2)", sheet="收入总表")
    assert_original_is_read(workbook, "收入总表 (2)", before, tmp_path)


def test_of_two_sheets_with_the_same_content_the_first_is_read(tmp_path: Path) -> None:
    workbook = pasted(tmp_path)
    before = reread(workbook, tmp_path)
    workbook.copy_worksheet(workbook[SHEET]).title = "部门支出"
    assert_original_is_read(workbook, "部门支出", before, tmp_path)


@pytest.mark.parametrize("states", [("visible", "visible"), ("hidden", "veryHidden")])
def test_two_sheets_with_other_contents_neither_of_which_is_a_copy_are_refused(
    states: tuple[str, str], tmp_path: Path
) -> None:
    workbook = pasted(tmp_path)
    workbook[SHEET].sheet_state, _ = states
    copied(workbook, "部门支出", states[1])
    expected = (
        "工作表“支出总表”和“部门支出”都是“部门预算支出总表”：请删去其中一张；要留备份，请把它隐藏起来，或改掉它的标题。"
    )
    with pytest.raises(TableNotFound, match=expected):
        reread(workbook, tmp_path)


def test_a_hidden_copy_of_a_form_is_no_second_project(tmp_path: Path) -> None:
    workbook = foreign(SHENZHEN, tmp_path)
    before = reread(workbook, tmp_path)
    copy = workbook.copy_worksheet(workbook["表15-6"])
    copy.sheet_state = "hidden"
    assert_original_is_read(workbook, copy.title, before, tmp_path)
