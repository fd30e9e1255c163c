"""增减表 as a workbook: live formulas, what asks for a reason, a chart, ready to print."""

from __future__ import annotations

import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

import xltool
from tests.budgets import LONGGANG, PINGSHAN, SAMPLES
from tests.excel.libreoffice.macro import program
from tests.excel.libreoffice.office import Office, assert_recalculates
from tests.merge.compare.workbooks import UNIT, book, compared
from xltool.merge.compare.change_chart import MOST_BARS
from xltool.merge.compare.comparison import Comparison
from xltool.merge.compare.workbook import comparison_bytes, write_comparison

TABLE = "一般公共预算支出表（功能）"


@pytest.fixture(scope="module")
def years() -> Comparison:
    """坪山区 2023 and 龙岗区 2024."""
    return compared(xltool.read(SAMPLES / PINGSHAN / "预算.xlsx"), xltool.read(SAMPLES / LONGGANG / "预算.xlsx"))


@pytest.fixture(scope="module")
def written(years: Comparison, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("增减") / "增减表.xlsx"
    write_comparison(years, path)
    return path


def test_every_difference_is_a_line_with_formulas(years: Comparison, written: Path) -> None:
    sheet = openpyxl.load_workbook(written)["增减表"]
    assert sheet.max_row == 6 + len(years.figures)
    assert [sheet.cell(7, column).value for column in (6, 7)] == [
        "=ROUND(E7-D7,8)",
        '=IF(D7=0,"—",ROUND((E7-D7)/D7,4))',
    ]
    values = openpyxl.load_workbook(written, data_only=True)["增减表"]
    first = years.figures[0]
    assert [values.cell(7, column).value for column in (1, 2, 4, 5, 6)] == [
        *(first.table, first.row),
        *[float(amount / 10000) for amount in (first.old, first.new, first.amount) if isinstance(amount, Decimal)],
    ]


def test_it_prints_on_a4_with_its_heads_on_every_page(written: Path) -> None:
    for sheet in openpyxl.load_workbook(written).worksheets:
        assert (sheet.page_setup.paperSize, sheet.page_setup.fitToHeight) == (9, 0), sheet.title
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        if sheet.title != "增减图":
            assert sheet.print_title_rows and sheet.freeze_panes, sheet.title


def test_lists_are_there_if_they_have_lines(written: Path, tmp_path: Path) -> None:
    names = ["增减表", "增减图", "文字变化", "行的增减", "无法对比", "改名和科目变动"]
    assert openpyxl.load_workbook(written).sheetnames == names
    one = book(tmp_path, PINGSHAN, {(TABLE, f"{UNIT}/2080505", "基本支出"): Decimal(1)})
    write_comparison(compared(one, one), tmp_path / "增减表.xlsx")
    assert openpyxl.load_workbook(tmp_path / "增减表.xlsx").sheetnames == ["增减表"]


def test_no_row_is_higher_than_excel_allows(tmp_path: Path) -> None:
    line = ("整体支出绩效目标表", "年度总体目标", "内容")
    old, new = (book(tmp_path, PINGSHAN, {line: text * 3000}) for text in "甲乙")
    write_comparison(compared(old, new), tmp_path / "增减表.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "增减表.xlsx")["文字变化"]
    assert max(row.height or 0 for row in sheet.row_dimensions.values()) <= 409


def test_reasons_are_asked_for_by_rate_or_by_amount(tmp_path: Path) -> None:
    codes = {"2080505": (100, 111), "2080506": (10, 16), "2101101": (1000, 1009), "2210201": (0, 9)}
    old, new = (
        book(
            tmp_path,
            PINGSHAN,
            {(TABLE, f"{UNIT}/{code}", "基本支出"): Decimal(both[i]) for code, both in codes.items()},
        )
        for i in (0, 1)
    )
    write_comparison(compared(old, new), tmp_path / "增减表.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "增减表.xlsx", data_only=True)["增减表"]
    asked = {
        str(line[1]).rpartition("·")[2][:7]: line[7]
        for line in sheet.iter_rows(min_row=7, values_only=True)
        if line[2] == "基本支出"
    }
    assert {code: asked[code] or "" for code in codes} == {
        "2080505": "要",  # more than 10 万元
        "2080506": "要",  # more than 50 %
        "2101101": "",
        "2210201": "",  # from 0: no rate, and not that much
    }


def test_the_chart_shows_what_is_typed_once(years: Comparison, written: Path) -> None:
    bars = years.largest(MOST_BARS)
    assert len(bars) == 15
    assert not any(bar.is_total for bar in bars)
    assert len({(bar.row.rpartition("·")[2], bar.amount) for bar in bars}) == len(bars)
    with zipfile.ZipFile(written) as package:
        assert "xl/charts/chart1.xml" in package.namelist()


def test_the_same_comparison_gives_the_same_bytes(years: Comparison) -> None:
    assert comparison_bytes(years) == comparison_bytes(years)


@pytest.mark.skipif(program is None, reason="LibreOffice is not installed")
def test_libreoffice_agrees_with_every_formula(written: Path, office: Office) -> None:
    assert_recalculates(written, office)
