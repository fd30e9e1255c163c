"""A table whose rows somebody has sorted is one error, with the formulas that take other rows since."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl.formula.translate import Translator
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

import xltool
from tests.budgets import PINGSHAN, key
from tests.edited_budgets import findings, ours, told
from xltool.model import Finding, Severity, column_letters


def sort_rows(sheet: Worksheet, rows: range, order: Callable[[list[Any]], Any]) -> None:
    """As Excel sorts: formulas move with their rows, and what they refer to in these moves along."""
    lines = [(row, [sheet.cell(row, column).value for column in range(1, sheet.max_column + 1)]) for row in rows]
    lines.sort(key=lambda line: order(line[1]))
    for row, (before, values) in zip(rows, lines, strict=True):
        for column, value in enumerate(values, 1):
            if isinstance(value, str) and value.startswith("="):
                letters = column_letters(column)
                value = Translator(value, f"{letters}{before}").translate_formula(f"{letters}{row}")
            sheet.cell(row, column).value = value


def errors(workbook: Workbook, folder: Path) -> list[Finding]:
    return [finding for finding in findings(workbook, folder) if finding.severity is Severity.ERROR]


def by_amount(cells: list[Any]) -> float:
    return -cells[4] if isinstance(cells[4], int | float) else 0


def backwards(cells: list[Any]) -> str:
    return str(cells[1])[::-1]


@pytest.mark.parametrize("order", [by_amount, backwards])
def test_a_table_that_was_sorted_is_one_error(order: Callable[[list[Any]], Any], tmp_path: Path) -> None:
    workbook = ours(tmp_path)
    sort_rows(workbook["支出总表"], range(7, 26), order)
    (finding,) = errors(workbook, tmp_path)
    assert told(finding)[:3] == ("F08", "收支总表!E6", Severity.ERROR)
    assert finding.message.startswith(
        "表“部门预算支出总表”的行换过次序，像是排过序：“一、一般公共服务支出”预算数（E6）等 "
    )
    assert any(place.cell.sheet == "支出总表" for place in finding.places)
    total = xltool.read(tmp_path / "改过的预算.xlsx").facts[key("支出总表", "合计", "合计")]
    assert str(total.value) == "263.25"


def test_a_row_sorted_into_its_place_moves_those_below_it(tmp_path: Path) -> None:
    """The table is in order again, but other tables still take the rows where these were."""
    workbook = ours(tmp_path)
    sheet = workbook["支出总表"]
    sheet["B26"] = "2014099"
    sort_rows(sheet, range(7, 27), lambda cells: str(cells[1]))
    (finding,) = errors(workbook, tmp_path)
    assert told(finding)[:2] == ("F08", "收支总表!E13")
    assert finding.message.splitlines()[0].endswith("等 4 格的公式取的不是原来的行，应取 支出总表!D13。")


def test_rows_of_one_level_may_be_sorted(tmp_path: Path) -> None:
    workbook = ours(tmp_path)
    sort_rows(workbook["支出总表"], range(9, 12), lambda cells: str(cells[1])[::-1])
    assert findings(workbook, tmp_path) == []
    workbook = ours(tmp_path, PINGSHAN)
    sort_rows(workbook["表5项目支出总表"], range(10, 12), lambda cells: str(cells[0])[::-1])
    sort_rows(workbook["表2收入总表"], range(9, 11), lambda cells: str(cells[0])[::-1])
    assert findings(workbook, tmp_path) == []


def test_one_formula_that_takes_another_row_was_not_sorted(tmp_path: Path) -> None:
    workbook = ours(tmp_path)
    assert workbook["收支总表"]["E6"].value == "='支出总表'!D7"
    workbook["收支总表"]["E6"] = "='支出总表'!D12"
    assert [finding.rule for finding in errors(workbook, tmp_path)] != ["F08"]
    assert errors(workbook, tmp_path)


def test_a_budget_of_another_format_that_was_sorted(tmp_path: Path) -> None:
    workbook = ours(tmp_path, PINGSHAN)
    sort_rows(workbook["表3支出总表"], range(8, 12), lambda cells: -len(str(cells[1])))
    assert {finding.rule for finding in errors(workbook, tmp_path)} <= {"F08"}
