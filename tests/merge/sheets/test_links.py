"""Hyperlinks from the 汇总 to workbooks of units: as Excel reads them, whatever the files are called."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

import openpyxl
import pytest
from xlsxwriter.workbook import Workbook

from tests.budgets import QINGLONG
from tests.cli.commands import run
from tests.merge.sheets.consolidations import UNITS, of_budget, write_consolidation
from xltool.excel.write.handouts.links import put_link, seen_from, url
from xltool.merge.sheets.working_paper import HEADING_ROW
from xltool.model import CellRef
from xltool.source.our_sheets import WORKING_PAPER


@pytest.mark.parametrize(
    ("file", "seen"),
    [
        ("/汇总/单位/甲.xlsx", "单位/甲.xlsx"),
        ("/汇总/甲.xlsx", "甲.xlsx"),
        ("/单位/甲.xlsx", "../单位/甲.xlsx"),
        ("/汇总/../单位/甲.xlsx", "../单位/甲.xlsx"),
    ],
)
def test_a_file_is_seen_from_the_folder_of_the_result(file: str, seen: str) -> None:
    assert seen_from(Path("/汇总/汇总.xlsx"), file) == seen


@pytest.mark.parametrize(
    "name", ["甲.xlsx", "甲 1.xlsx", "甲#1.xlsx", "100%.xlsx", "甲%20乙.xlsx", "[甲]{1}^`.xlsx", "a"]
)
def test_every_name_comes_back_from_the_link(name: str, tmp_path: Path) -> None:
    path = tmp_path / "链接.xlsx"
    with Workbook(str(path)) as workbook:
        put_link(
            workbook.add_worksheet(), 1, 1, url(f"单位/{name}", CellRef("表'1", 9, 5)), "甲", workbook.add_format()
        )
    link = openpyxl.load_workbook(path).worksheets[0]["A1"].hyperlink
    assert unquote(link.target).replace("\\", "/") == f"单位/{name}"
    assert link.location == "'表''1'!E9"


def test_a_path_that_is_too_long_has_no_link() -> None:
    assert url("单位/" * 700 + "甲.xlsx") is None


def test_beyond_what_excel_opens_only_the_heads_have_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xltool.merge.sheets.working_paper.MOST_LINKS", 100)
    write_consolidation(of_budget(QINGLONG, tmp_path), tmp_path / "汇总.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "汇总.xlsx")[WORKING_PAPER]
    linked = [cell for row in sheet.iter_rows() for cell in row if cell.hyperlink is not None]
    assert [(cell.row, cell.value) for cell in linked] == [(HEADING_ROW, unit) for unit in UNITS]
    told = run(["trace", str(tmp_path / "汇总.xlsx"), "支出总表!E9"]).stdout
    assert told.count("支出总表!E9") == 1 + len(UNITS)
