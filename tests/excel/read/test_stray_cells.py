"""A cell that somebody filled by mistake, far from every table: the tables are read all the same, and it is told."""

from __future__ import annotations

from pathlib import Path

import pytest

import xltool
from tests.budgets import SELFEVAL, amounts, foreign, reread
from xltool.model import Severity


@pytest.mark.parametrize("cell", ["XFD20000", "FOO100000", "A1048576", "XFD1"])
def test_the_tables_are_read_and_the_cell_is_told(cell: str, tmp_path: Path) -> None:
    workbook = foreign(SELFEVAL, tmp_path)
    before = reread(workbook, tmp_path)
    sheet = workbook["项目绩效自评表"]
    sheet[cell] = 1
    book = reread(workbook, tmp_path)
    assert amounts(book) == amounts(before)
    (told,) = [finding for finding in xltool.check(book).findings if finding.rule == "S03.2"]
    assert told.message.startswith(f"工作表“项目绩效自评表”的单元格 {cell}离表格太远，没有读。")
    assert told.severity is Severity.REMARK
