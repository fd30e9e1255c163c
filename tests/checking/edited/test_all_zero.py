"""A table in which nothing but 0 is typed is told itself, and nothing that is compared with it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl.workbook import Workbook

from tests.budgets import PINGSHAN, QINGLONG
from tests.edited_budgets import findings, ours, pasted, told
from xltool.model import Severity


def typed(workbook: Workbook, sheet: str, value: int | None) -> Workbook:
    """The workbook with a value in place of every figure that is typed in a sheet."""
    for row in workbook[sheet].iter_rows(min_row=5):
        for cell in row:
            if isinstance(cell.value, int | float):
                cell.value = value
    return workbook


@pytest.mark.parametrize(
    ("make", "name", "sheet", "first"),
    [
        (ours, QINGLONG, "收支总表", "C6"),
        (pasted, QINGLONG, "收支总表", "C6"),
        (pasted, QINGLONG, "财政拨款收支总表", "C6"),
        (pasted, PINGSHAN, "表1收支总表", "B6"),
    ],
)
def test_a_table_of_zeros_is_the_error(
    make: Callable[..., Workbook], name: str, sheet: str, first: str, tmp_path: Path
) -> None:
    (finding,) = findings(typed(make(tmp_path, name), sheet, 0), tmp_path)
    assert told(finding)[:3] == ("S01.2", f"{sheet}!{first}", Severity.ERROR)
    assert "填的全是 0，与别的表有 " in finding.message


@pytest.mark.parametrize(("name", "sheet"), [(QINGLONG, "收支总表"), (PINGSHAN, "表1收支总表")])
def test_a_table_that_is_still_blank_accuses_nobody(name: str, sheet: str, tmp_path: Path) -> None:
    assert findings(typed(pasted(tmp_path, name), sheet, None), tmp_path) == []
