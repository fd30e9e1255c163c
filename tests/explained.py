"""A budget with one warning that may be right, and a 问题清单 in which it is explained."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from tests import edited_budgets
from tests.budgets import PINGSHAN
from tests.cli.commands import run

TRAVEL = "表9三公经费支出表"
HEADING_ROW = 3


def grown(folder: Path, last_year: int = 2000, name: str = "预算.xlsx") -> Path:
    """A pasted budget in which everything agrees, but 因公出国 and so the 三公 total are more than last year (Y05)."""
    (folder / name).write_bytes(_grown(last_year))
    return folder / name


@cache
def _grown(last_year: int) -> bytes:
    with TemporaryDirectory() as folder:
        workbook = edited_budgets.pasted(Path(folder), PINGSHAN)
        sheet = workbook[TRAVEL]
        more = 2024 - last_year
        for cell, value in {"D6": last_year, "C6": 6066 - more, "D8": more, "C8": more}.items():
            sheet[cell] = value
        workbook.save(Path(folder) / "预算.xlsx")
        return (Path(folder) / "预算.xlsx").read_bytes()


def column(sheet: Worksheet, heading: str) -> int:
    """Where a column of the 问题清单 is."""
    return [cell.value for cell in sheet[HEADING_ROW]].index(heading) + 1


def listed(*workbooks: Path) -> Path:
    """The 问题清单 of workbooks."""
    target = workbooks[0].parent / "问题清单.xlsx"
    assert run(["check", *map(str, workbooks), "--dry-run", "--list", str(target), "--force"]).exit_code < 2
    return target


def explained(*workbooks: Path, reason: str = "因公出国任务增加，已批准") -> Path:
    """The 问题清单 of workbooks, every line of it with a reason, saved by another program."""
    target = listed(*workbooks)
    book = openpyxl.load_workbook(target)
    sheet = book.worksheets[0]
    for row in range(HEADING_ROW + 1, sheet.max_row + 1):
        sheet.cell(row, column(sheet, "说明")).value = reason
        sheet.cell(row, column(sheet, "说明人")).value = "王会计"
    filled = target.with_name("写了说明.xlsx")
    book.save(filled)
    return filled
