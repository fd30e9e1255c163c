"""Tables whose title is not as printed: other words around it, or none, and sheets that are called Sheet1."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl.cell import Cell
from openpyxl.workbook import Workbook

from tests.budgets import LONGGANG, PINGSHAN, QINGLONG, SHENZHEN, template
from tests.edited_budgets import findings, pasted
from xltool.template.printed import pattern

NAMES = [QINGLONG, PINGSHAN, LONGGANG, SHENZHEN]


def renamed(workbook: Workbook, name: str, change: Callable[[str], str | None]) -> Workbook:
    """The workbook with its titles changed, of tables of columns at least, and its sheets without their names."""
    tables = [table for table in template(name).tables.values() if not any(b.is_form for b in table.blocks)]
    titles = [pattern(table.title) for table in tables]
    for number, sheet in enumerate(workbook.worksheets, 1):
        sheet.title = f"Sheet{number}"
        for cell in (cell for row in sheet.iter_rows(max_row=2) for cell in row):
            if isinstance(cell, Cell) and any(title.fullmatch(str(cell.value)) for title in titles):
                cell.value = change(str(cell.value))
    return workbook


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "change",
    [
        lambda title: f"某部门年度{title}",
        lambda title: f"附件：{title}（公开表）",
        lambda title: f"{title}-1",
    ],
)
def test_a_title_is_known_among_other_words(name: str, change: Callable[[str], str], tmp_path: Path) -> None:
    workbook = renamed(pasted(tmp_path, name), name, change)
    assert findings(workbook, tmp_path) == []


@pytest.mark.parametrize("name", NAMES)
def test_tables_with_neither_title_nor_name_are_known_by_headings_and_order(name: str, tmp_path: Path) -> None:
    workbook = renamed(pasted(tmp_path, name), name, lambda title: None)
    assert findings(workbook, tmp_path) == []


def test_of_tables_alike_of_which_one_is_gone_none_is_guessed(tmp_path: Path) -> None:
    workbook = pasted(tmp_path)
    del workbook["政府性基金支出表"]
    renamed(workbook, QINGLONG, lambda title: None)
    missing = [finding for finding in findings(workbook, tmp_path) if finding.rule == "S01"]
    assert len(missing) == 3
