"""Budgets in which every figure agrees, as workbooks to be edited, and what is found in them then."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from openpyxl.workbook import Workbook

import xltool
from made_up.flows import FLOWS, facts_of
from tests import budgets
from tests.budgets import QINGLONG
from xltool.model import FactKey, Finding, Severity, Value


def agreeing(name: str) -> dict[FactKey, Value]:
    """The facts of a budget in which every figure agrees; row 2014001 of 支出总表 is the sheet's row 9."""
    return facts_of(name, [(number, 1000 + number) for number in range(len(FLOWS[name]))])


def ours(folder: Path, name: str = QINGLONG) -> Workbook:
    """A workbook of ours with that budget."""
    return budgets.opened(_filled(folder, name))


def pasted(folder: Path, name: str = QINGLONG) -> Workbook:
    """The same figures from another program: values only, nothing of ours in it."""
    return budgets.pasted(_filled(folder, name))


def _filled(folder: Path, name: str) -> Path:
    path = folder / "预算.xlsx"
    path.write_bytes(_workbook(name))
    return path


@cache
def _workbook(name: str) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "预算.xlsx"
        xltool.fill(name, agreeing(name), path, unit="某部门")
        return path.read_bytes()


def findings(workbook: Workbook, folder: Path) -> list[Finding]:
    """Errors and warnings of an edited workbook."""
    path = folder / "改过的预算.xlsx"
    workbook.save(path)
    return [f for f in xltool.check(xltool.read(path)).findings if f.severity is not Severity.REMARK]


def where(finding: Finding) -> str:
    return f"{finding.cell.sheet}!{finding.cell.a1}" if finding.cell else ""


def told(finding: Finding) -> tuple[str, str, Severity, str]:
    """Rule, cell, severity, and the first sentence."""
    return finding.rule, where(finding), finding.severity, finding.message.splitlines()[0]
