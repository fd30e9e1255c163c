"""An empty table may say so in any words, wherever they stand."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl.workbook import Workbook

from tests.budgets import PINGSHAN, QINGLONG
from tests.edited_budgets import findings, ours, pasted, where
from xltool.template.names import is_note

SHEET = "国有资本经营支出表"


def without_note(workbook: Workbook, sheet: str = SHEET) -> Workbook:
    for row in workbook[sheet]:
        for cell in row:
            if isinstance(cell.value, str) and is_note(cell.value):
                cell.value = None
    return workbook


WORDS = [
    "本表为空表。",
    "空表列示",
    "（空表）",
    "本单位没有国有资本经营预算安排的支出，故此表为空。",
    "2024年无此项支出",
    "无",
    "本部门无国有资本经营预算财政拨款收支。",
]


@pytest.mark.parametrize("words", WORDS)
@pytest.mark.parametrize("cell", ["A14", "A8", "C8", "D8"])
def test_an_empty_table_that_says_so_is_fine(words: str, cell: str, tmp_path: Path) -> None:
    workbook = without_note(pasted(tmp_path))
    workbook[SHEET][cell] = words
    assert findings(workbook, tmp_path) == []


def test_an_empty_table_without_a_word_is_told(tmp_path: Path) -> None:
    workbook = without_note(pasted(tmp_path))
    assert [finding.rule for finding in findings(workbook, tmp_path)] == ["A09"]


def test_a_title_may_say_it(tmp_path: Path) -> None:
    workbook = without_note(pasted(tmp_path))
    workbook[SHEET]["A1"].value += "（空表）"
    assert findings(workbook, tmp_path) == []


@pytest.mark.parametrize("words", [*WORDS[:3], "无"])
def test_words_in_place_of_the_first_project_are_no_project(words: str, tmp_path: Path) -> None:
    workbook = without_note(ours(tmp_path, QINGLONG), "部门政府采购预算")
    sheet = workbook["部门政府采购预算"]
    sheet["A7"] = words
    assert findings(workbook, tmp_path) == []


def test_a_filled_table_that_says_it_is_empty_is_an_error(tmp_path: Path) -> None:
    workbook = pasted(tmp_path)
    sheet = workbook["支出总表"]
    sheet.cell(sheet.max_row + 1, 1, "本表为空表。")
    assert ("A09", "支出总表!A1") in [(finding.rule, where(finding)) for finding in findings(workbook, tmp_path)]


def test_a_row_with_figures_is_no_note(tmp_path: Path) -> None:
    workbook = pasted(tmp_path, PINGSHAN)
    for sheet in workbook:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value == "信访专项":
                    cell.value = "无固定期限人员支出"
    assert all(finding.rule != "A09" for finding in findings(workbook, tmp_path))
