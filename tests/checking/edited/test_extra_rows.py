"""Subtotals, 其中 and checks that an officer adds to a table for himself are no units, projects or unknown rows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl.workbook import Workbook

import xltool
from tests.budgets import PINGSHAN, QINGLONG, SHENZHEN
from tests.edited_budgets import ours, pasted, told
from xltool.model import Severity

INCOME = "表2收入总表"
"""Of 坪山: the department in row 8, its units in rows 9 and 10, a spare row 11."""

OWN = "是自己加的，没有算作表里的行。"


def found(workbook: Workbook, folder: Path) -> list[tuple[str, str, Severity, str]]:
    workbook.save(folder / "改过的预算.xlsx")
    return [told(finding) for finding in xltool.check(xltool.read(folder / "改过的预算.xlsx")).findings]


@pytest.mark.parametrize("make", [ours, pasted])
@pytest.mark.parametrize("label", ["小计", "合 计", "各单位合计", "其中：人员经费", "差额", "核对数："])
def test_a_row_of_ones_own_below_a_table_is_a_remark(make: Callable[..., Workbook], label: str, tmp_path: Path) -> None:
    workbook = make(tmp_path, PINGSHAN)
    sheet = workbook[INCOME]
    sheet["A13"], sheet["D13"], sheet["E13"] = label, "=SUM(D9:D10)", "=E9+E10"
    if "其中" in label:
        sheet["D13"], sheet["E13"] = 1, 1
    assert found(workbook, tmp_path) == [("S03.5", f"{INCOME}!D13", Severity.REMARK, f"第 13 行“{label}”{OWN}")]


def test_a_subtotal_in_a_spare_row_is_counted_twice_by_the_total(tmp_path: Path) -> None:
    workbook = ours(tmp_path, PINGSHAN)
    sheet = workbook[INCOME]
    sheet["A11"], sheet["D11"] = "小计", "=SUM(D9:D10)"
    says = "第 11 行“小计”不是表里的行，合计的公式却把它也加进去了，重复计算。"
    assert found(workbook, tmp_path) == [("S03.5", f"{INCOME}!B11", Severity.ERROR, says)]


def test_the_total_repeated_below_is_a_remark_and_a_wrong_one_a_warning(tmp_path: Path) -> None:
    workbook = pasted(tmp_path, QINGLONG)
    sheet = workbook["支出总表"]
    row = sheet.max_row + 1
    sheet.cell(row, 3, "总计")
    for column in range(4, 8):
        sheet.cell(row, column, sheet.cell(6, column).value)
    assert [one[:3] for one in found(workbook, tmp_path)] == [("S03.5", f"支出总表!D{row}", Severity.REMARK)]
    sheet.cell(row, 5, 100)
    (finding,) = found(workbook, tmp_path)
    assert finding[2] is Severity.WARNING
    assert finding[3].startswith(f"第 {row} 行“总计”是自己加的，100.00（基本支出）不是上面各行之和 ")


def test_a_part_that_is_more_than_its_whole_is_a_warning(tmp_path: Path) -> None:
    workbook = pasted(tmp_path, PINGSHAN)
    sheet = workbook[INCOME]
    sheet["A11"], sheet["D11"] = "其中：人员经费", 99_999
    says = "第 11 行“其中：人员经费”是自己加的，99,999（一般公共预算拨款·基本支出拨款）比它上面一行的 11,209 大。"
    assert [(one[2], one[3]) for one in found(workbook, tmp_path)] == [(Severity.WARNING, says)]


def test_columns_beside_a_table_are_nobodys_business(tmp_path: Path) -> None:
    workbook = ours(tmp_path, PINGSHAN)
    sheet = workbook["表3支出总表"]
    sheet["L7"] = "核对"
    for row in range(8, 40):
        sheet[f"K{row}"], sheet[f"L{row}"] = 123.4, f"=B{row}-C{row}"
    assert found(workbook, tmp_path) == []


@pytest.mark.parametrize("make", [ours, pasted])
@pytest.mark.parametrize("label", ["合计", "总  计"])
def test_the_department_may_be_called_total(make: Callable[..., Workbook], label: str, tmp_path: Path) -> None:
    workbook = make(tmp_path, PINGSHAN)
    for sheet in workbook:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value == "某部门":
                    cell.value = label
    assert found(workbook, tmp_path) == []


@pytest.mark.parametrize(
    ("name", "sheet", "cell"),
    [
        (SHENZHEN, "表13绩效管理项目情况表", "B12"),
        (SHENZHEN, "表12三公经费预算情况表", "B14"),
        (PINGSHAN, "表3支出总表", "C47"),
        (PINGSHAN, "表5项目支出总表", "A17"),
    ],
)
def test_a_subtotal_in_tables_of_every_kind(name: str, sheet: str, cell: str, tmp_path: Path) -> None:
    workbook = pasted(tmp_path, name)
    row = int(cell[1:])
    workbook[sheet][cell], workbook[sheet][f"D{row}"] = "各项小计", 5
    assert [(one[0], one[1]) for one in found(workbook, tmp_path)] == [("S03.5", f"{sheet}!D{row}")]


def test_a_total_above_the_department_is_ones_own(tmp_path: Path) -> None:
    workbook = pasted(tmp_path, PINGSHAN)
    sheet = workbook[INCOME]
    sheet.insert_rows(8)
    sheet["A8"] = "合计"
    for column in range(2, 17):
        sheet.cell(8, column).value = sheet.cell(9, column).value
    assert found(workbook, tmp_path) == [("S03.5", f"{INCOME}!B8", Severity.REMARK, f"第 8 行“合计”{OWN}")]


@pytest.mark.parametrize("make", [ours, pasted])
@pytest.mark.parametrize("column", [1, 2])
def test_a_total_may_have_its_label_beside_the_names(
    make: Callable[..., Workbook], column: int, tmp_path: Path
) -> None:
    """Where it is not merged with the column of the names, in which it was looked for."""
    workbook = make(tmp_path, QINGLONG)
    sheet = workbook["支出总表"]
    sheet["C6"].value = None
    sheet.cell(6, column).value = "合计"
    assert found(workbook, tmp_path) == []
    sheet["E6"] = 1
    assert [one[1] for one in found(workbook, tmp_path)][:1] == ["支出总表!E6"]
