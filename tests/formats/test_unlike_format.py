"""A format unlike all of ours exists as a folder of data only: codes in three columns, 元 beside 万元, forms."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

import xltool
from tests import TEMPLATES
from tests.budgets import pasted
from tests.excel.libreoffice.macro import program
from tests.excel.libreoffice.office import Office, formula_cells, read_values
from xltool.excel.read.facts import read_facts
from xltool.layout.book import Book
from xltool.layout.seen import Seen
from xltool.model import FactKey, Severity, parse_path

FOLDER = TEMPLATES / "某省某市-2025"
NAME = str(FOLDER)


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    path = tmp_path / "预算.xlsx"
    xltool.fill(NAME, FOLDER / "facts.csv", path)
    return path


def value(book: Book, table: str, row: str, column: str) -> object:
    fact = book.facts.get(FactKey(table, parse_path(row), parse_path(column)))
    return fact.value if fact else None


def wrong(book: Book) -> list[tuple[str, str]]:
    """Rule and cell of every error and warning."""
    findings = xltool.check(book).findings
    return [(f.rule, f.cell.a1 if f.cell else "") for f in findings if f.severity is not Severity.REMARK]


def edited(path: Path, sheet: str, cell: str, new: object) -> Book:
    workbook = openpyxl.load_workbook(path)
    workbook[sheet][cell] = new
    workbook.save(path)
    return xltool.read(path, NAME)


def test_everything_filled_in_is_read_again_and_agrees(workbook: Path) -> None:
    book = xltool.read(workbook, NAME)
    facts = read_facts(FOLDER / "facts.csv", book.template)
    assert {key: book.facts[key].value for key in facts} == facts
    assert replace(book.seen, heads=[]) == Seen(department="清江市信访局")
    assert wrong(book) == []


def test_totals_go_through_units_codes_projects_and_years(workbook: Path) -> None:
    book = xltool.read(workbook, NAME)
    assert value(book, "支出总表", "部门", "支出预算/合计") == Decimal("1000020.5")
    assert value(book, "支出总表", "清江市信访局本级/20140", "支出预算/项目支出") == Decimal("600000.5")
    assert value(book, "项目表", "合计", "项目金额") == Decimal("950020.5")
    assert value(book, "三公经费表", "清江市信访局本级/增减", "合计") == -1


@pytest.mark.skipif(program is None, reason="LibreOffice is not installed")
def test_libreoffice_computes_the_same(workbook: Path, office: Office) -> None:
    cached, computed = read_values(workbook), office.recalculate(workbook)
    cells = formula_cells(workbook)
    assert ("支出总表", "C9") in cells  # the middle part of a code
    assert {at: computed[at[0]].get(at[1]) for at in cells} == {at: cached[at[0]].get(at[1]) for at in cells}
    assert computed["目录"]["A3"] == "校验结果：全部相符"


def test_a_code_in_three_columns_is_one_code_in_a_workbook_of_another_program(workbook: Path, tmp_path: Path) -> None:
    foreign = pasted(workbook)
    foreign["支出总表"].delete_cols(9)  # the codes beside the table
    foreign.save(tmp_path / "外来.xlsx")
    book = xltool.read(tmp_path / "外来.xlsx", NAME)
    assert value(book, "支出总表", "清江市信访局本级/2014004", "支出预算/项目支出") == Decimal("600000.5")
    assert wrong(book) == []


def test_an_amount_in_ten_thousands_is_compared_with_one_in_yuan(workbook: Path) -> None:
    book = edited(workbook, "三公经费表", "H9", 4)  # 运行费 of the second unit, 3 万元 before
    assert wrong(book) == [("X12", "E6")]
    (finding,) = (f for f in xltool.check(book).findings if f.rule == "X12")
    told = [[culprit.cell.a1 for culprit in one.culprits if culprit.cell] for one in finding.explanations]
    assert [*told[:2]] == [["E6"], ["H9"]]  # 2 may be 1 doubled, or 4 be 3: each as good


def test_the_amount_of_a_form_is_compared_with_the_list_of_projects(workbook: Path) -> None:
    assert wrong(edited(workbook, "绩效2", "C4", 350021)) == [("X14", "C4")]


def test_a_form_that_the_user_removed_is_missed(workbook: Path) -> None:
    book = openpyxl.load_workbook(workbook)
    del book["绩效2"]
    book.save(workbook)
    assert [rule for rule, _ in wrong(xltool.read(workbook, NAME))] == ["X14"]


def test_a_form_that_the_user_copied_is_another_project(workbook: Path) -> None:
    book = openpyxl.load_workbook(workbook)
    copy = book.copy_worksheet(book["绩效2"])
    copy["B3"] = "车辆租赁"
    book.save(workbook)
    read = xltool.read(workbook, NAME)
    assert value(read, "项目绩效表", "车辆租赁/项目金额", "内容") == 350020
    assert [rule for rule, _ in wrong(read)] == ["X14"]


def test_a_percentage_typed_as_text_is_read_and_remarked(workbook: Path) -> None:
    book = edited(workbook, "项目表", "D6", "98.20%")
    assert value(book, "项目表", "信访业务/大厅", "执行率") == Decimal("0.982")
    assert wrong(book) == [("A12", "D6")]
