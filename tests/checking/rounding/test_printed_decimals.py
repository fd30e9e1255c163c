"""Figures with other decimals than their template has: rounded ones where the sums say so, exact ones else."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest
from openpyxl.workbook import Workbook

import xltool
from made_up.flows import FLOWS, amounts_of, facts_of
from tests import budgets
from tests.budgets import PINGSHAN, QINGLONG, template
from xltool.equations.filling import fill
from xltool.equations.rounding.intervals import half_up
from xltool.model import FactKey, Finding, Severity, Value


def sums(seed: int) -> list[tuple[int, int]]:
    """Sums of money of a made-up budget, in 元, from 1,000 元 to thousands of 万元."""
    chance = Random(seed)
    return [(number, int(10 ** chance.uniform(3, 7.5))) for number in range(len(FLOWS[QINGLONG]))]


def in_whole_numbers(seed: int) -> dict[FactKey, Value]:
    """A budget whose figures, totals too, are each rounded to whole 万元; its format has two decimals."""
    exact = fill(template(QINGLONG), amounts_of(QINGLONG, sums(seed)), "某部门", 2024, "万元")
    values = ((place, value) for place, value in exact.values.items() if isinstance(value, Decimal) and value)
    return {exact.layout.key(place): half_up(Fraction(value) / 10**4, Decimal(1)) for place, value in values}


def pasted(facts: dict[FactKey, Value], folder: Path, name: str = QINGLONG) -> Workbook:
    xltool.fill(name, facts, folder / "预算.xlsx", unit="某部门")
    return budgets.pasted(folder / "预算.xlsx")


def amounts_wrong(workbook: Workbook, folder: Path) -> list[Finding]:
    """What is said of figures, other than remarks and empty tables."""
    path = folder / "改过的预算.xlsx"
    workbook.save(path)
    found = xltool.check(xltool.read(path)).findings
    return [f for f in found if f.severity is Severity.ERROR and f.rule[0] in "AX" and f.rule not in ("A09",)]


@pytest.mark.parametrize("seed", range(3))
def test_whole_figures_whose_sums_are_off_by_little_are_rounded_ones(seed: int, tmp_path: Path) -> None:
    workbook = pasted(in_whole_numbers(seed), tmp_path)
    assert amounts_wrong(workbook, tmp_path) == []
    report = xltool.check(xltool.read(tmp_path / "改过的预算.xlsx"))
    said = [finding for finding in report.findings if finding.rule == "L01.1"]
    assert said
    assert all("的金额都是整数，而模板是 2 位小数" in finding.message for finding in said)
    assert all(finding.severity is Severity.REMARK for finding in said)


def test_whole_figures_whose_sums_hold_are_exact(tmp_path: Path) -> None:
    """A total that is off by one is wrong."""
    facts = facts_of(QINGLONG, [(number, 100 * (100 + 7 * number)) for number in range(len(FLOWS[QINGLONG]))])
    workbook = pasted(facts, tmp_path)
    assert amounts_wrong(workbook, tmp_path) == []
    total = workbook["支出总表"]["E9"]
    assert isinstance(total.value, int)
    total.value += 1
    assert [finding.verdict.value for finding in amounts_wrong(workbook, tmp_path)][:1] == ["fail"]


def test_figures_that_show_more_decimals_than_the_template_are_known_that_exactly(tmp_path: Path) -> None:
    """坪山 prints whole 万元; of amounts with more digits, a sum that is off by 0.3 is wrong."""
    facts = facts_of(PINGSHAN, [(number, 1000 + number) for number in range(len(FLOWS[PINGSHAN]))])
    finer = {key: value / 100 if isinstance(value, Decimal) else value for key, value in facts.items()}
    workbook = pasted(finer, tmp_path, PINGSHAN)
    assert amounts_wrong(workbook, tmp_path) == []
    sheet = workbook["表3支出总表"]
    totals = [cell for row in sheet.iter_rows(min_row=6) for cell in row if isinstance(cell.value, float)]
    totals[0].value += 0.3
    assert amounts_wrong(workbook, tmp_path)
