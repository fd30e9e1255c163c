"""A cell that somebody filled by mistake, far from every table: the tables are read all the same, and it is told."""

from __future__ import annotations

from pathlib import Path

import pytest

import xltool
from tests.budgets import SELFEVAL, amounts, filled, foreign, reread
from xltool.errors import FileRefused
from xltool.excel.read.sheets.source import open_workbook
from xltool.excel.read.workbook import read
from xltool.library import library
from xltool.model import Severity
from xltool.source.cells import Raw


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


def test_a_table_has_a_number_of_rows_that_can_be_worked_on(tmp_path: Path) -> None:
    source = open_workbook(filled(SELFEVAL, tmp_path))
    (name,) = source.with_tables
    sheet = source.sheets[name]
    blank: list[Raw] = [""] * sheet.width
    sheet.cells += [blank] * (50_000 - sheet.height)
    assert amounts(read(source, None, library()))
    sheet.cells.append(blank)
    with pytest.raises(FileRefused, match=r"有 50001 行，一张表最多 50000 行：请删除表以外的内容"):
        read(source, None, library())
