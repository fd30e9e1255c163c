"""A budget whose figures agree has no finding at all, and the workbook made of it neither."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import xltool
from made_up.flows import FLOWS, facts_of
from tests.budgets import BUDGETS, template
from xltool.diagnose.report import check
from xltool.equations.filling import fill
from xltool.layout.book import Book


def sums_of(name: str) -> st.SearchStrategy[list[tuple[int, int]]]:
    return st.lists(st.tuples(st.integers(0, len(FLOWS[name]) - 1), st.integers(1, 10**7)), min_size=1, max_size=30)


@pytest.mark.parametrize("name", BUDGETS)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_a_budget_that_agrees_has_no_finding(name: str, data: st.DataObject) -> None:
    facts = facts_of(name, data.draw(sums_of(name)))
    filled = fill(template(name), facts, "某部门", 2024, "万元")
    report = check(Book(filled.layout, dict(filled.values), live=filled.live, is_ours=True))
    assert [finding.message for finding in report.findings] == []
    assert report.equations


@pytest.mark.parametrize("name", BUDGETS)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_values_pasted_over_every_formula_agree_too(name: str, data: st.DataObject) -> None:
    """A workbook from elsewhere has no formulas: every total is compared with its parts."""
    facts = facts_of(name, data.draw(sums_of(name)))
    filled = fill(template(name), facts, "某部门", 2024, "万元")
    report = check(Book(filled.layout, dict(filled.values)))
    assert [finding.message for finding in report.findings] == []


@pytest.mark.parametrize("name", BUDGETS)
def test_the_workbook_of_a_budget_that_agrees_has_no_finding(name: str, tmp_path: Path) -> None:
    facts = facts_of(name, [(number, 100 + number) for number in range(len(FLOWS[name]))])
    xltool.fill(name, facts, tmp_path / "预算.xlsx", unit="某部门")
    report = xltool.check(xltool.read(tmp_path / "预算.xlsx"))
    assert [finding.message for finding in report.findings] == []
