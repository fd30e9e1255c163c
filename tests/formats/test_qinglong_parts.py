"""青龙 as published: what is deleted or typed wrong among its parts is named, not a total that agrees elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl.workbook import Workbook

import xltool
from tests import budgets
from tests.budgets import QINGLONG
from xltool.model import Finding, Severity

PUBLISHED = {"三公经费支出表!C6", "三公经费支出表!C10", "三公经费支出表!D6", "三公经费支出表!D10"}
"""Totals that were published blank."""


def live(folder: Path) -> Workbook:
    return budgets.opened(budgets.filled(QINGLONG, folder))


def pasted(folder: Path) -> Workbook:
    return budgets.foreign(QINGLONG, folder)


def errors(workbook: Workbook, folder: Path) -> list[Finding]:
    """The errors beside those of the published budget."""
    found = xltool.check(budgets.reread(workbook, folder)).findings
    return [f for f in found if f.severity is Severity.ERROR and f.cell and f.cell.in_book not in PUBLISHED]


def named(finding: Finding) -> set[str]:
    """Every cell that a finding says may be the one to correct."""
    cells = (culprit.cell for one in finding.explanations for culprit in one.culprits)
    return {cell.in_book for cell in cells if cell is not None}


@pytest.mark.parametrize("make", [live, pasted])
@pytest.mark.parametrize(
    ("sheet", "cell", "value"),
    [
        ("项目绩效目标表6", "E4", 20.3),
        ("项目绩效目标表6", "C4", None),
        ("项目绩效目标表3", "C4", 99),
        ("收入总表", "F20", None),
    ],
)
def test_one_finding_at_the_cell_that_was_changed(
    make: Callable[[Path], Workbook], sheet: str, cell: str, value: float | None, tmp_path: Path
) -> None:
    """Not at the first of the project forms, whose amounts only add up with it."""
    workbook = make(tmp_path)
    workbook[sheet][cell] = value
    (finding,) = errors(workbook, tmp_path)
    assert named(finding) == {f"{sheet}!{cell}"}
    assert finding.cell is not None
    assert finding.cell.in_book == f"{sheet}!{cell}"


@pytest.mark.parametrize("make", [live, pasted])
@pytest.mark.parametrize("part", ["D12", "D13"])
def test_a_deleted_part_is_told_and_each_cell_has_one_value(
    make: Callable[[Path], Workbook], part: str, tmp_path: Path
) -> None:
    workbook = make(tmp_path)
    workbook["三公经费支出表"][part] = None
    found = xltool.check(budgets.reread(workbook, tmp_path)).findings
    told = [f for f in found if f.severity is not Severity.REMARK and f.cell and f.cell.sheet == "三公经费支出表"]
    cells = [f.cell.a1 for f in told if f.cell]
    assert len(cells) == len(set(cells))
    assert part in cells
