"""Columns are found by their headings; where these are not the template's, only if there is no doubt which is meant."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl.cell.cell import Cell
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

import xltool
from tests.budgets import QINGLONG, SELFEVAL, WHOLE, amounts, foreign, reread
from xltool.layout.book import Book


def heading(sheet: Worksheet, text: str, which: int = 0) -> Cell:
    """The cell with a heading, its line breaks aside."""
    found = [cell for row in sheet.iter_rows(max_row=8) for cell in row if "".join(str(cell.value).split()) == text]
    return found[which]


def blank_column(sheet: Worksheet, cell: Cell) -> None:
    """Take out a heading and all below it."""
    for (below,) in sheet.iter_rows(cell.row, sheet.max_row, cell.column, cell.column):
        if isinstance(below, Cell):
            below.value = None


def missing_columns(book: Book) -> list[str]:
    return [f.statement.expected for f in xltool.check(book).findings if f.rule == "S05.1"]


def column(book: Book, *path: str) -> list[object]:
    return [fact.value for key, fact in book.facts.items() if key.column == path]


def test_a_column_is_found_though_the_heading_above_it_was_changed(tmp_path: Path) -> None:
    workbook = foreign(QINGLONG, tmp_path)
    expected = amounts(reread(workbook, tmp_path))
    heading(workbook["收入总表"], "本年收入").value = "当年收入"
    assert amounts(reread(workbook, tmp_path)) == expected


@pytest.mark.parametrize("name", WHOLE)
def test_headings_are_found_when_nothing_is_merged_any_more(name: str, tmp_path: Path) -> None:
    """A heading stands over the blank cells to its right, however far below them the next heading is."""
    workbook = foreign(name, tmp_path)
    expected = amounts(reread(workbook, tmp_path))
    for sheet in workbook.worksheets:
        for cells in list(sheet.merged_cells.ranges):
            sheet.unmerge_cells(str(cells))
    assert amounts(reread(workbook, tmp_path)) == expected


@pytest.mark.parametrize("written", ["其中：{}", "{}（万元）", "{}①", "{}*", "1.{}", "{}（注1）"])
def test_a_heading_is_known_with_what_does_not_belong_to_it(written: str, tmp_path: Path) -> None:
    workbook = foreign(QINGLONG, tmp_path)
    expected = amounts(reread(workbook, tmp_path))
    for text in ("合计", "基本支出", "项目支出"):
        heading(workbook["支出总表"], text).value = written.format(text)
    book = reread(workbook, tmp_path)
    assert amounts(book) == expected
    assert missing_columns(book) == []


def test_numbers_of_the_columns_are_no_row_though_nothing_says_so(tmp_path: Path) -> None:
    workbook = foreign(QINGLONG, tmp_path)
    expected = amounts(reread(workbook, tmp_path))
    sheet = workbook["支出总表"]
    for cells in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(cells))
    sheet.delete_cols(1)  # 序号, with the word 栏次
    assert amounts(reread(workbook, tmp_path)) == expected


def test_what_was_spent_is_not_read_as_what_was_planned(tmp_path: Path) -> None:
    """Both groups have a column 非财政资金: with one of them gone and the other group renamed, it may be either."""
    workbook = foreign(SELFEVAL, tmp_path)
    sheet = workbook.active
    spent = ("实际支出金额", "非财政资金")
    assert column(reread(workbook, tmp_path), *spent)
    blank_column(sheet, heading(sheet, "非财政资金", 0))
    heading(sheet, "实际支出金额").value = "全年执行数"
    book = reread(workbook, tmp_path)
    assert column(book, "项目年度预算金额", "非财政资金") == []
    assert column(book, *spent) == []
    assert {"“项目年度预算金额/非财政资金”栏", "“实际支出金额/非财政资金”栏"} <= set(missing_columns(book))


def test_last_year_is_not_read_as_this_year(tmp_path: Path) -> None:
    """A table with the same columns for two years: nothing says which of them the template means."""
    workbook = foreign(QINGLONG, tmp_path)
    table = "一般公共预算支出表"
    figures = {key.column for key in amounts(reread(workbook, tmp_path)) if key.table == table}
    assert figures == {("合计",), ("基本支出",), ("项目支出",)}
    print_beside_last_year(workbook, table)
    book = reread(workbook, tmp_path)
    assert not [key for key in amounts(book) if key.table == table and key.column in figures]
    assert "S01" in [finding.rule for finding in xltool.check(book).findings]


def print_beside_last_year(workbook: Workbook, table: str) -> None:
    sheet = workbook[table]
    total = heading(sheet, "合计")
    for area in list(sheet.merged_cells.ranges):
        if area.min_row >= total.row and area.min_col >= total.column:
            sheet.unmerge_cells(str(area))
    top, first = total.row, total.column
    for row in range(top + 2, sheet.max_row + 1):
        for at in range(first, first + 3):
            sheet.cell(row, at + 3).value = sheet.cell(row, at).value
            sheet.cell(row, at).value = 1
    for at, year in ((first, "2023年执行数"), (first + 3, "2024年预算数")):
        for i, text in enumerate(("合计", "基本支出", "项目支出")):
            sheet.cell(top, at + i).value = year if i == 0 else None
            sheet.cell(top + 1, at + i).value = text
        sheet.merge_cells(start_row=top, start_column=at, end_row=top, end_column=at + 2)
