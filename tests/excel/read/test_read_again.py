"""What one workbook taught the reader holds for the next one of its format only where that says the same."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl.workbook import Workbook

import xltool
from tests.budgets import QINGLONG, foreign, reread
from xltool.equations.instances import all_equations
from xltool.layout.book import Book
from xltool.model import FactKey


def column(book: Book, name: str) -> list[int]:
    """Where a column of 支出总表 lies in its sheet."""
    (block,) = book.layout.blocks_of("支出总表")
    return [at.sheet_column for at in block.columns if at.definition.id == name]


def swap(workbook: Workbook) -> None:
    sheet = workbook["支出总表"]
    one, other = (
        next(cell for row in sheet.iter_rows(max_row=6) for cell in row if cell.value == name)
        for name in ("基本支出", "项目支出")
    )
    one.value, other.value = other.value, one.value


def rename(workbook: Workbook) -> None:
    sheet = workbook["支出总表"]
    next(cell for row in sheet.iter_rows(max_row=6) for cell in row if cell.value == "经营支出").value = "其他"


def insert_a_line(workbook: Workbook) -> None:
    workbook["支出总表"].insert_rows(2)


@pytest.mark.parametrize("change", [swap, rename, insert_a_line])
def test_a_workbook_with_one_change_is_read_as_if_none_had_been_read_before(
    change: Callable[[Workbook], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = reread(foreign(QINGLONG, tmp_path), tmp_path)
    workbook = foreign(QINGLONG, tmp_path)
    change(workbook)
    warm = reread(workbook, tmp_path)
    monkeypatch.setattr("xltool.excel.read.headings._known", {})
    monkeypatch.setattr("xltool.equations.structure._shapes", {})
    cold = reread(workbook, tmp_path)
    assert warm.facts == cold.facts
    assert all_equations(warm.layout) == all_equations(cold.layout)
    assert xltool.check(warm).findings == xltool.check(cold).findings
    if change is swap:
        assert column(warm, "基本支出") == column(plain, "项目支出") != column(plain, "基本支出")


def test_a_workbook_reads_the_same_however_often(tmp_path: Path) -> None:
    workbook = foreign(QINGLONG, tmp_path)
    first, second = reread(workbook, tmp_path), reread(workbook, tmp_path)
    assert first.facts == second.facts
    assert xltool.check(first).findings == xltool.check(second).findings


def test_a_table_without_a_column_has_no_equations_of_it_though_one_before_had(tmp_path: Path) -> None:
    whole = reread(foreign(QINGLONG, tmp_path), tmp_path)
    workbook = foreign(QINGLONG, tmp_path)
    sheet = workbook["支出总表"]
    sheet.delete_cols(
        next(cell.column for row in sheet.iter_rows(max_row=6) for cell in row if cell.value == "经营支出")
    )
    lacking = reread(workbook, tmp_path)
    key = FactKey("支出总表", ("合计",), ("经营支出",))
    assert any(whole.layout.place(key) in equation.places for equation in all_equations(whole.layout))
    assert column(lacking, "经营支出") == [0]
    structural = [equation for equation in all_equations(lacking.layout) if equation.structural]
    assert not any(lacking.layout.place(key) in equation.places for equation in structural)
