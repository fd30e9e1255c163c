"""Drafting takes twice as long for twice as many rows: counted in calls, not in seconds."""

from __future__ import annotations

import cProfile
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest

from xltool.drafting.draft import make_draft
from xltool.drafting.evidence import without_circles
from xltool.excel.read.sheets.source import open_workbook

Cells = tuple[object, ...]


def totals(rows: int) -> Iterator[Cells]:
    """Every third row on both sides is a total."""
    yield "收入", "预算数", "支出", "预算数"
    for n in range(rows):
        name = f"{'合计' if n % 3 == 2 else '项'}{n}"
        yield name, 2 if n % 3 == 2 else 1, name, 2 if n % 3 == 2 else 1


def units(rows: int) -> Iterator[Cells]:
    """Units with seven 科目 each, with formulas down and across."""
    yield "预算单位", "科目编码", "科目名称", "合计", "基本支出", "项目支出"
    for n in range(rows):
        line, which = n + 3, n % 8
        if which == 0:
            sums = (f"=SUM({letter}{line + 1}:{letter}{line + 7})" for letter in "DEF")
            yield (f"某某局第{n}分局", None, None, *sums)
        else:
            yield None, f"20101{which:02d}", f"项{which}", f"=E{line}+F{line}", n % 5, n % 7


def purchases(rows: int) -> Iterator[Cells]:
    """Units in the first column, classes and 品目 in the second."""
    yield "单位名称", "采购品目", "合计", "一般公共预算", "其他资金"
    for n in range(rows):
        item = "货物类" if n % 10 == 1 else f"品目{n}"
        yield (f"单位{n}", None, 3, 1, 2) if n % 30 == 0 else (None, item, 3, 1, 2)


def calls(shape: Callable[[int], Iterator[Cells]], rows: int, folder: Path) -> int:
    """How many functions are called to draft a table of so many rows."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.append(("部门预算总表",))
    for line in shape(rows):
        sheet.append(line)
    path = folder / f"{rows}.xlsx"
    workbook.save(path)
    profile = cProfile.Profile()
    profile.runcall(make_draft, open_workbook(path))
    return sum(entry.callcount for entry in profile.getstats())


@pytest.mark.parametrize("shape", [totals, units, purchases], ids=lambda shape: shape.__name__)
def test_twice_the_rows_take_twice_the_work(shape: Callable[[int], Iterator[Cells]], tmp_path: Path) -> None:
    small, large = calls(shape, 240, tmp_path), calls(shape, 480, tmp_path)
    assert large < 2.3 * small


def test_of_a_circle_of_sums_the_weakest_is_dropped() -> None:
    parts = {"总计": ["合计", "结转"], "合计": ["小计"], "小计": ["合计"], "其中": ["总计"]}
    assert without_circles(parts, ["总计", "小计", "合计", "其中"]) == {"总计", "小计", "其中"}
