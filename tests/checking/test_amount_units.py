"""Tables of one workbook in 元 and in 万元: converted where the figures are, said where only the line was changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests.budgets import PINGSHAN, QINGLONG
from tests.edited_budgets import findings, ours, pasted, told, where
from xltool.model import Severity

LINKED = "A12.2"
"""Of a formula that takes figures from a table in another unit as they are."""


def change_unit_line(sheet: Worksheet) -> str:
    """Let a table say that it is in 元; where it says so."""
    (cell,) = [c for row in sheet.iter_rows(max_row=4) for c in row if str(c.value) == "单位：万元"]
    cell.value = "单位：元"
    return f"{sheet.title}!{cell.coordinate}"


def convert(sheet: Worksheet) -> str:
    """Put a table into 元: its typed figures and its unit line; its formulas stay as they are."""
    for row in sheet.iter_rows(min_row=3):
        for cell in row:
            if isinstance(cell.value, int | float) and "%" not in cell.number_format:
                cell.value = round(cell.value * 10_000, 2)
    return change_unit_line(sheet)


def test_a_changed_unit_line_in_our_own_workbook_is_one_error(tmp_path: Path) -> None:
    """Its amounts were not changed with it: nothing else disagrees."""
    workbook = ours(tmp_path)
    cell = change_unit_line(workbook["支出总表"])
    (finding,) = findings(workbook, tmp_path)
    assert (finding.rule, finding.severity, where(finding)) == ("A12.1", Severity.ERROR, cell)
    assert "单位行写的是元，而本工作簿的单位是万元，检查仍按万元进行" in finding.message


def test_a_changed_unit_line_in_a_foreign_workbook_is_one_error_where_the_figures_speak_against_it(
    tmp_path: Path,
) -> None:
    workbook = pasted(tmp_path)
    cell = change_unit_line(workbook["支出总表"])
    (finding,) = findings(workbook, tmp_path)
    assert (finding.rule, finding.severity, where(finding)) == ("A12.1", Severity.ERROR, cell)
    assert "单位行写的是元，而其他表是万元，检查仍按万元进行" in finding.message


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("（元）", "单位行写的是元，而其他表是万元，检查仍按万元进行"),
        ("计量单位：千元", "单位行写的是千元，只能是万元或元，检查按万元进行"),
        ("单位：人民币亿元", "单位行写的是亿元，只能是万元或元，检查按万元进行"),
    ],
)
def test_another_unit_is_told_however_it_is_written(line: str, says: str, tmp_path: Path) -> None:
    workbook = pasted(tmp_path)
    workbook["支出总表"]["I2"] = line
    (finding,) = findings(workbook, tmp_path)
    assert (finding.rule, finding.severity, where(finding)) == ("A12.1", Severity.ERROR, "支出总表!I2")
    assert says in finding.message


@pytest.mark.parametrize(
    "line", ["（万元）", "万元", "金额单位：人民币万元", "单位：RMB万元", "单位：元/人", "单位：青龙县信访局"]
)
def test_lines_that_say_no_other_unit(line: str, tmp_path: Path) -> None:
    workbook = pasted(tmp_path)
    workbook["支出总表"]["I2"] = line
    assert findings(workbook, tmp_path) == []


@pytest.mark.parametrize("make", [ours, pasted])
@pytest.mark.parametrize(
    ("name", "table"),
    [
        (QINGLONG, "收入总表"),
        (QINGLONG, "一般公共预算基本支出表"),
        (QINGLONG, "项目绩效目标表2"),
        (PINGSHAN, "表7一般公共预算支出表（功能）"),
        (PINGSHAN, "表8一般公共预算支出表（经济）"),
    ],
)
def test_a_table_in_another_unit_is_converted_where_tables_are_compared(
    make: Callable[..., Workbook], name: str, table: str, tmp_path: Path
) -> None:
    """In our own workbook as in one that was pasted; formulas that link such tables are another matter."""
    workbook = make(tmp_path, name)
    cell = convert(workbook[table])
    (finding,) = [f for f in findings(workbook, tmp_path) if f.rule != LINKED]
    assert (finding.rule, finding.severity, where(finding)) == ("A12.1", Severity.WARNING, cell)
    assert "比较时已折算" in finding.message


def test_the_first_table_alone_does_not_decide_the_unit_of_a_foreign_workbook(tmp_path: Path) -> None:
    workbook = pasted(tmp_path)
    cell = convert(workbook["收支总表"])
    (finding,) = findings(workbook, tmp_path)
    assert (finding.rule, where(finding)) == ("A12.1", cell)
    assert "单位行写的是元，其他表是万元" in finding.message


def test_formulas_that_link_tables_in_different_units_are_told_once_for_two_tables(tmp_path: Path) -> None:
    """The linked cells follow from what their formula should be: nothing disagrees because of them."""
    workbook = ours(tmp_path)
    convert(workbook["支出总表"])
    linked, unit = findings(workbook, tmp_path)
    assert (unit.rule, unit.severity) == ("A12.1", Severity.WARNING)
    assert told(linked) == (
        LINKED,
        "收支总表!E6",
        Severity.ERROR,
        "“一、一般公共服务支出”预算数（E6）等 5 格的公式“='支出总表'!D7”没有折算：“支出总表”的单位是元，本表是万元，"
        "应是 “='支出总表'!D7/10000”。",
    )


def test_formulas_that_convert_are_right(tmp_path: Path) -> None:
    workbook = ours(tmp_path)
    convert(workbook["收支总表"])
    for row in workbook["收支总表"].iter_rows():
        for cell in row:
            if str(cell.value).startswith("=") and "!" in str(cell.value):
                cell.value = f"=({str(cell.value)[1:]})*10000"
    for row in workbook["财政拨款收支总表"].iter_rows():
        for cell in row:
            if str(cell.value).startswith("='收支总表'"):
                cell.value = f"{cell.value}/10000"
    (finding,) = findings(workbook, tmp_path)
    assert (finding.rule, finding.severity) == ("A12.1", Severity.WARNING)
