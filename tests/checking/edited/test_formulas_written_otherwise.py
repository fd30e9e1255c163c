"""A total may be written in any way that adds up the same cells; what adds up others is still told."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl.cell.cell import Cell
from openpyxl.workbook import Workbook
from openpyxl.workbook.defined_name import DefinedName

from tests.budgets import PINGSHAN, QINGLONG
from tests.edited_budgets import findings, ours, where
from xltool.source.our_sheets import OUR_SHEETS

WAYS = {
    "rounded": "ROUND({sum},2)",
    "without errors": "IFERROR({sum},0)",
    "blank for 0": 'IF({sum}=0,"",{sum})',
    "named": '_xlfn.LET(_xlpm.x,{sum},IF(_xlpm.x=0,"",_xlpm.x))',
    "both": 'IFERROR(ROUND(N(+{sum}),2),"")',
}


def formulas(workbook: Workbook) -> list[Cell]:
    sheets = [sheet for sheet in workbook if sheet.title not in OUR_SHEETS]
    cells = [cell for sheet in sheets for row in sheet.iter_rows() for cell in row]
    return [cell for cell in cells if isinstance(cell.value, str) and cell.value.startswith("=")]


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("name", [QINGLONG, PINGSHAN])
def test_a_total_that_is_written_otherwise_is_fine(name: str, way: str, tmp_path: Path) -> None:
    workbook = ours(tmp_path, name)
    for cell in formulas(workbook):
        cell.value = f"={way.format(sum=cell.value[1:])}"
    assert findings(workbook, tmp_path) == []


def spelt_out(start: str, end: str) -> Callable[[re.Match[str]], str]:
    def cells(match: re.Match[str]) -> str:
        letters, first, last = match[1], int(match[2]), int(match[3])
        return start + "+".join(f"{letters}{row}" for row in range(first, last + 1)) + end

    return cells


def test_ranges_spelt_out_as_chains_are_fine(tmp_path: Path) -> None:
    workbook = ours(tmp_path, PINGSHAN)
    for cell in formulas(workbook):
        cell.value = re.sub(r"SUM\(([A-Z]+)(\d+):\1(\d+)\)", spelt_out("(", ")"), cell.value)
    assert findings(workbook, tmp_path) == []


def test_nested_subtotals_are_fine(tmp_path: Path) -> None:
    """SUBTOTAL passes over other SUBTOTALs, so that the 合计 may add up the whole column."""
    workbook = ours(tmp_path)
    sheet = workbook["支出总表"]
    lines = {str(sheet.cell(row, 2).value): row for row in range(6, sheet.max_row + 1) if sheet.cell(row, 2).value}
    last = max(lines.values())
    for code, row in lines.items():
        below = [other for key, other in lines.items() if key.startswith(code) and key != code]
        if below:
            sheet.cell(row, 5).value = f"=SUBTOTAL(9,E{min(below)}:E{max(below)})"
    sheet["E6"] = f"=SUBTOTAL(109,E7:E{last})"
    assert findings(workbook, tmp_path) == []
    sheet.row_dimensions[9].hidden = True  # which 109 leaves out
    assert "支出总表!E6" in [where(finding) for finding in findings(workbook, tmp_path)]


def test_a_total_of_the_lowest_subjects_is_fine(tmp_path: Path) -> None:
    """It adds up what its parts add up."""
    workbook = ours(tmp_path)
    sheet = workbook["支出总表"]
    lowest = [row for row in range(7, sheet.max_row + 1) if len(str(sheet.cell(row, 2).value)) == 7]
    sheet["E6"] = "=" + "+".join(f"E{row}" for row in lowest)
    assert findings(workbook, tmp_path) == []


@pytest.mark.parametrize("formula", ["=SUM(E7:E26)/3", "=ROUND(SUM(E7:E26)/3,2)", "=SUBTOTAL(9,E7:E26)/3"])
def test_a_total_of_all_levels_divided_by_their_number_is_fine(formula: str, tmp_path: Path) -> None:
    """类, 款 and 项 stand one below the other, each adding up to the same."""
    workbook = ours(tmp_path)
    workbook["支出总表"]["E6"] = formula
    assert findings(workbook, tmp_path) == []
    workbook["支出总表"]["E6"] = formula.replace("/3", "/2")
    assert "支出总表!E6" in [where(finding) for finding in findings(workbook, tmp_path)]


def test_a_total_that_rounds_its_parts_away_is_fine_as_far_as_rounding_goes(tmp_path: Path) -> None:
    workbook = ours(tmp_path)
    sheet = workbook["支出总表"]
    sheet["E9"], sheet["D9"] = 60.4249, "=ROUND(SUM(E9:I9),2)"
    assert "支出总表!D9" not in [where(finding) for finding in findings(workbook, tmp_path)]


NAMES = {
    "a range": ("支出总表!$E$9:$I$9", "SUM(支出)"),
    "several ranges": ("支出总表!$E$9:$F$9,支出总表!$G$9:$I$9", "SUM(支出)"),
    "a sum": ("SUM(支出总表!$E$9:$I$9)", "支出"),
    "a range by its size": ("OFFSET(支出总表!$E$9,0,0,1,5)", "ROUND(SUM(支出),2)"),
    "another name": ("SUM(本行)", "支出"),
}


@pytest.mark.parametrize(("stands_for", "formula"), NAMES.values(), ids=NAMES)
@pytest.mark.parametrize("is_of_the_sheet", [False, True])
def test_a_total_of_what_the_workbook_gave_a_name_is_fine(
    stands_for: str, formula: str, is_of_the_sheet: bool, tmp_path: Path
) -> None:
    workbook = ours(tmp_path)
    sheet = workbook["支出总表"]
    workbook.defined_names["本行"] = DefinedName("本行", attr_text="支出总表!$E$9:$I$9")
    if is_of_the_sheet:
        workbook.defined_names["支出"] = DefinedName("支出", attr_text="收入总表!$E$9:$I$9")
        sheet.defined_names["支出"] = DefinedName("支出", attr_text=stands_for)
    else:
        workbook.defined_names["支出"] = DefinedName("支出", attr_text=stands_for)
    sheet["D9"] = f"={formula}"
    assert findings(workbook, tmp_path) == []
    sheet["D10"] = f"={formula}"  # of another row
    assert "支出总表!D10" in [where(finding) for finding in findings(workbook, tmp_path)]


@pytest.mark.parametrize("stands_for", ["SUM(支出)", "支出总表!$E9:$I9", "#REF!", "支出总表!$E$9:$I$9+[1]表!$A$1"])
def test_a_name_that_says_nothing_makes_a_formula_without_a_result_once(stands_for: str, tmp_path: Path) -> None:
    workbook = ours(tmp_path)
    workbook.defined_names["支出"] = DefinedName("支出", attr_text=stands_for)
    workbook["支出总表"]["D9"] = "=SUM(支出)"
    (finding,) = findings(workbook, tmp_path)
    assert (finding.rule, where(finding)) == ("F03", "支出总表!D9")


@pytest.mark.parametrize(
    "formula", ['IF(B9="","",SUM(E9:I9))', "IF(ISBLANK($B9),0,SUM(E9:I9))", 'IF(B9<>"",SUM(E9:I9),"")']
)
def test_a_total_that_is_blank_in_rows_without_a_code_is_fine(formula: str, tmp_path: Path) -> None:
    workbook = ours(tmp_path)
    workbook["支出总表"]["D9"] = f"={formula}"
    assert findings(workbook, tmp_path) == []
    workbook["支出总表"]["D9"] = f"={formula.replace('B9', 'G9')}"
    assert "支出总表!D9" in [where(finding) for finding in findings(workbook, tmp_path)]


@pytest.mark.parametrize("formula", ["SUM(E9:I9)+K9", "ROUND(SUM(F9:I9),2)", "IF(E9>60,E9,0)", "SUM(E9:I9)*1.01"])
def test_a_formula_that_may_give_something_else_is_told(formula: str, tmp_path: Path) -> None:
    workbook = ours(tmp_path)
    workbook["支出总表"]["D9"] = f"={formula}"
    workbook["支出总表"]["K9"] = 1
    assert "支出总表!D9" in [where(finding) for finding in findings(workbook, tmp_path)]
