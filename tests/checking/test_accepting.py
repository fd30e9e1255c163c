"""The code by which a reason knows its finding: one problem, one set of figures, wherever they stand."""

from __future__ import annotations

from decimal import Decimal

import pytest

import xltool
from tests.budgets import BUDGETS, SAMPLES, SHENZHEN
from xltool.diagnose.accepting import accepting, code_of
from xltool.diagnose.report import Report
from xltool.model import Acceptance, Finding, Related, Role, Severity, Verdict


@pytest.fixture(scope="module", params=BUDGETS)
def report(request: pytest.FixtureRequest) -> Report:
    return xltool.check(xltool.read(SAMPLES / request.param / "预算.xlsx"))


def open_findings(report: Report) -> list[Finding]:
    return [finding for finding in report.findings if finding.is_open]


def test_no_two_problems_of_a_budget_have_one_code(report: Report) -> None:
    codes = [str(code_of(finding, report.book)) for finding in open_findings(report)]
    assert len(set(codes)) == len(codes)


def test_a_reason_for_each_warning_explains_it_and_nothing_else(report: Report) -> None:
    for warning in open_findings(report):
        if warning.severity is Severity.WARNING:
            reason = Acceptance(str(code_of(warning, report.book)), "属实")
            (explained,) = (one for one in accepting(report, [reason]).findings if one.accepted)
            assert explained._replace(accepted=None) == warning


def test_its_own_figures_make_the_code_and_those_behind_them_do_not(report: Report) -> None:
    for finding in open_findings(report):
        code = code_of(finding, report.book)
        for at, other in enumerate(finding.places):
            changed = Related(other.cell, Decimal("123.45"), other.role)
            places = (*finding.places[:at], changed, *finding.places[at + 1 :])
            now = code_of(finding._replace(places=places), report.book)
            assert now.problem == code.problem
            assert (now == code) == (other.role in (Role.SUSPECT, Role.CONSEQUENCE))
        if finding.left is not None:
            assert code_of(finding._replace(left=finding.left + 1), report.book) != code


def test_the_words_of_a_sentence_may_change(report: Report) -> None:
    for finding in open_findings(report):
        said = finding.statement._replace(says="改写过的话：{what}，{found}。")
        again = finding._replace(statement=said, hint="", notes=("又及。",), cell=finding.cell)
        assert code_of(again, report.book) == code_of(finding, report.book)


def test_a_warning_that_could_not_be_decided_cannot_be_explained() -> None:
    report = xltool.check(xltool.read(SAMPLES / SHENZHEN / "预算.xlsx"))
    first = next(one for one in report.findings if one.severity is Severity.WARNING)
    undecided = report._replace(findings=(first._replace(verdict=Verdict.UNDECIDED),))
    (told,) = accepting(undecided, [Acceptance(str(code_of(first, report.book)), "以后再算")]).findings
    assert told.is_open
    assert told.notes[-1] == "给它写的说明“以后再算”不算：还没有算出数来，无从说明。"
