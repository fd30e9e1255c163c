"""L01 in workbooks: what the report says of rounding that is proved, impossible, or an open question."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import xltool
from made_up.flows import FLOWS, rounded_facts
from tests import ROOT
from tests.budgets import BUDGETS, LONGGANG, PINGSHAN, QINGLONG, SAMPLES, key, template
from xltool.checking.proof import propagation, solver
from xltool.diagnose.report import Report, check
from xltool.equations.filling import fill
from xltool.equations.instances import all_equations
from xltool.layout.book import Book
from xltool.model import FactKey, Finding, Severity, Value, Verdict
from xltool.report.json import document
from xltool.report.text import report_text

CENT = Decimal("0.01")

SPENT = "支出总表"


def spent(**rows: tuple[str, str, str]) -> dict[FactKey, Value]:
    """Rows of 支出总表: 合计, 基本支出, 项目支出."""
    return {
        key(SPENT, row.removeprefix("c"), column): Decimal(value)
        for row, values in rows.items()
        for column, value in zip(("合计", "基本支出", "项目支出"), values, strict=True)
        if value
    }


def report_of(facts: Mapping[FactKey, Value], name: str = QINGLONG) -> Report:
    """The check of a workbook with these figures and no other, and no formulas."""
    layout = fill(template(name), facts, "某部门", 2024, "万元").layout
    return check(Book(layout, {place: value for k, value in facts.items() if (place := layout.place(k)) is not None}))


def told(report: Report, rule: str = "L01") -> list[Finding]:
    return [finding for finding in report.findings if finding.rule == rule]


SOLVABLE = spent(c201=("5.01", "3.00", "2.00"), c208=("2.01", "1.00", "1.00"), 合计=("7.02", "4.01", "3.01"))
IMPOSSIBLE = SOLVABLE | spent(合计=("7.03", "", ""))


def test_a_proof_is_told_in_the_report() -> None:
    report = report_of(SOLVABLE)
    assert (report.rounding_proved, report.explained, told(report)) == (True, 4, [])
    assert "尾差共 4 处：已证明存在一组未取整的数，使全部等式同时成立，这些差额都能用四舍五入解释。" in report_text(
        report
    )
    assert document(report)["summary"]["rounding_proved"] is True


def test_a_difference_that_only_a_printed_zero_explains_is_implausible_and_no_conflict() -> None:
    facts = spent(c201=("5.02", "5.02", ""), c208=("2.01", "2.01", ""), c210=("0.00", "0.00", ""))
    report = report_of(facts | spent(合计=("7.05", "7.05", "")))
    assert (report.verdicts[Verdict.IMPLAUSIBLE], report.verdicts[Verdict.FAIL]) == (2, 0)
    assert (report.rounding_proved, told(report)) == (True, [])


DOWN = {
    "合计": "7.03",
    "201": "5.01",
    "20103": "3.00",
    "20140": "2.00",
    "208": "2.01",
    "20805": "1.00",
    "20808": "1.00",
}
"""基本支出, the column of the totals across left blank: three sums down, each a cent too large."""


def test_a_conflict_is_one_error_with_the_equations_that_contradict_each_other() -> None:
    report = report_of({key(SPENT, row, "基本支出"): Decimal(amount) for row, amount in DOWN.items()})
    (finding,) = told(report)
    assert finding.message.splitlines() == [
        "下面 3 条等式单独看都在尾差之内，但不能同时成立，四舍五入解释不了：",
        "（1）A02：“合计”基本支出（E6） 7.03 应等于 7.02，多 0.01。"
        "7.02 ＝ “201 一般公共服务支出”基本支出（E7） 5.01 ＋“208 社会保障和就业支出”基本支出（E10） 2.01",
        "（2）A03：“201 一般公共服务支出”基本支出（E7） 5.01 应等于 5.00，多 0.01。"
        "5.00 ＝ “20103 政府办公厅（室）及相关机构事务”基本支出（E8） 3.00 ＋“20140 信访事务”基本支出（E9） 2.00",
        "（3）A03：“208 社会保障和就业支出”基本支出（E10） 2.01 应等于 2.00，多 0.01。"
        "2.00 ＝ “20805 行政事业单位养老支出”基本支出（E11） 1.00 ＋“20808 抚恤”基本支出（E12） 1.00",
        "提示：这些数里至少有一个不是四舍五入得来的，请与未取整的数逐个核对。",
    ]
    assert (finding.verdict, finding.severity) == (Verdict.FAIL, Severity.ERROR)
    assert finding.key == key(SPENT, "201", "基本支出")
    assert [related.cell.a1 for related in finding.places] == ["E10", "E6", "E8", "E9", "E11", "E12"]
    assert document(report)["summary"]["rounding_proved"] is False
    assert "已证明" not in report_text(report)


def test_what_a_conflict_names_is_not_called_rounding_as_well() -> None:
    before, after = report_of(SOLVABLE), report_of(IMPOSSIBLE)
    rounding = [sum(f.verdict is Verdict.ROUNDING for f in report.findings) for report in (before, after)]
    assert rounding == [4, 6 - 3]
    assert "下面 3 条等式" in told(after)[0].message


def test_equal_figures_that_tie_sums_together_are_named_in_one_line() -> None:
    """收入总表 has the same 201 and 208 as 支出总表, where their parts leave no cent for its total."""
    income = {"合计": "7.03", "201": "5.01", "208": "2.01"}
    columns = ("合计", "本年收入/小计", "本年收入/财政拨款收入")
    facts = {key("收入总表", row, column): Decimal(income[row]) for row in income for column in columns}
    (finding,) = told(report_of(SOLVABLE | facts))
    lines = finding.message.splitlines()
    assert lines[0] == "下面 5 条等式单独看都在尾差之内，但不能同时成立，四舍五入解释不了："
    assert [line.partition("：")[0] for line in lines[1:4]] == ["（1）A02", "（2）A01", "（3）A01"]
    assert lines[4] == "其中两处相等的数（X17）：D7＝支出总表!D7，D8＝支出总表!D8。"


def test_rounding_that_depends_on_a_rule_that_need_not_hold_is_a_warning() -> None:
    """21011 is at most 8.93 by its parts, and at least 8.934 by 30110 and 30111, which it is only about equal to."""
    functions = {"合计": "18.94", "201": "10.00", "20140": "10.00", "2014001": "10.00"}
    functions |= {"210": "8.93", "21011": "8.93", "2101101": "4.46", "2101102": "4.46"}
    economic = {"合计": "18.94", "301": "18.94", "30101": "5.00", "30102": "5.00", "30110": "4.467", "30111": "4.468"}
    facts: dict[FactKey, Value] = {}
    for row, amount in functions.items():
        for column in ("合计", "基本支出"):
            facts[key("一般公共预算支出表", row, column)] = Decimal(amount)
    for row, amount in economic.items():
        for column in ("合计", "人员经费"):
            facts[key("一般公共预算基本支出表", row, f"一般公共预算基本支出/{column}")] = Decimal(amount)
    (finding,) = told(report_of(facts))
    assert finding.severity is Severity.WARNING
    assert [line.partition("：")[0] for line in finding.message.splitlines()[1:3]] == ["（1）A03", "（2）X16.4"]


def test_a_conflict_with_a_figure_that_is_wrong_anyway_waits_until_that_is_mended() -> None:
    """208 is not what its 款 is: told as an error, of which the conflict may be a consequence."""
    report = report_of(IMPOSSIBLE | spent(c20805=("2.03", "1.01", "1.01")))
    assert {f.rule for f in report.findings if f.severity is Severity.ERROR} == {"A03"}
    (finding,) = told(report)
    assert (finding.verdict, finding.severity) == (Verdict.UNDECIDED, Severity.REMARK)
    assert finding.message.endswith("要先改正不符的地方，才能确认全部尾差合起来能否用四舍五入解释，暂不判断。")
    assert report.rounding_proved is None


def test_a_question_left_open_is_a_remark(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(propagation, "deviations", lambda system: None)
    monkeypatch.setattr(solver, "deviations", lambda system: None)
    monkeypatch.setattr(solver, "weights", lambda system: {})
    report = report_of(SOLVABLE)
    (finding,) = told(report)
    assert (finding.verdict, finding.severity) == (Verdict.UNDECIDED, Severity.REMARK)
    assert finding.message.splitlines() == [
        "尾差共 4 处，单独看都在允许差之内。",
        "全部尾差合起来能否用四舍五入解释，无法确认，暂不判断。",
    ]
    assert "全部尾差合起来能否用四舍五入解释，无法确认：1 处（L01）。" in report_text(report)
    assert document(report)["summary"]["rounding_proved"] is None


def test_a_zero_is_exact_unless_another_table_prints_it_finer() -> None:
    """公务接待费 0.40 in the “三公” table is a blank in whole numbers, and in the totals of that blank."""
    unit = template(PINGSHAN).department
    economic = "一般公共预算支出表（经济）"
    facts: dict[FactKey, Value] = {
        key("三公经费支出表", "本年", "公务接待费"): Decimal("0.40"),
        key("三公经费支出表", "本年", "总计"): Decimal("0.40"),
        key(economic, f"{unit}/302", "支出总计"): Decimal(6),
        key(economic, f"{unit}/302", "基本支出"): Decimal(6),
        key(economic, f"{unit}/30201", "支出总计"): Decimal(3),
        key(economic, f"{unit}/30201", "基本支出"): Decimal(3),
        key(economic, f"{unit}/30211", "支出总计"): Decimal(2),
        key(economic, f"{unit}/30211", "基本支出"): Decimal(2),
        key(economic, f"{unit}/30217", "支出总计"): Decimal(0),
    }
    report = report_of(facts, PINGSHAN)
    assert (report.rounding_proved, told(report)) == (True, [])
    assert report.explained == 2


def test_without_a_difference_there_is_nothing_to_prove() -> None:
    report = report_of(spent(c201=("5.00", "3.00", "2.00"), 合计=("5.00", "3.00", "2.00")))
    assert (report.rounding_proved, report.explained, told(report)) == (None, 0, [])
    assert "已证明" not in report_text(report)


@pytest.mark.parametrize(("name", "differences"), [(QINGLONG, 32), (PINGSHAN, 11), (LONGGANG, 17)])
def test_the_rounding_of_a_published_budget_is_proved(name: str, differences: int) -> None:
    report = xltool.check(xltool.read(SAMPLES / name / "预算.xlsx"))
    assert (report.rounding_proved, report.explained, told(report)) == (True, differences, [])


# ── budgets that were honestly rounded ──────────────────────────────────────────────


def money(name: str) -> st.SearchStrategy[int]:
    """Sums in 元 that no table prints as 0; where a copy is printed finer, it is exact, so that nothing is rounded
    twice (225.495, 225.50, 226)."""
    units = {10 ** (4 - table.decimals) for table in template(name).tables.values()}
    step = min(units) if len(units) > 1 else 1
    return st.integers(0, 10**7 // step).map(lambda steps: steps * step + max(units))


@pytest.mark.parametrize("name", BUDGETS)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_an_honestly_rounded_budget_is_always_proved(name: str, data: st.DataObject) -> None:
    flow = st.tuples(st.integers(0, len(FLOWS[name]) - 1), money(name))
    facts = rounded_facts(name, data.draw(st.lists(flow, min_size=1, max_size=20)))
    report = report_of(facts, name)
    assert report.rounding_proved is not False
    assert report.rounding_proved or not report.explained
    assert [f.message for f in report.findings if f.verdict is Verdict.FAIL and f.rule not in ("A09", "W01")] == []


@pytest.mark.parametrize("name", BUDGETS)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_totals_that_formulas_add_up_from_rounded_figures_are_no_conflict(name: str, data: st.DataObject) -> None:
    """Only the figures that are typed in were rounded; a total of them may be further off than half a unit.

    The proof is about sums: of a rule that says “not more than”, as X19.3, rounding explains what is left one by one.
    """
    flow = st.tuples(st.integers(0, len(FLOWS[name]) - 1), money(name))
    sums = data.draw(st.lists(flow, min_size=1, max_size=20))
    typed = {cell for number, _ in sums for cell in FLOWS[name][number]}
    facts = {figure: value for figure, value in rounded_facts(name, sums).items() if figure in typed}
    filled = fill(template(name), facts, "某部门", 2024, "万元")
    report = check(Book(filled.layout, dict(filled.values), live=filled.live, is_ours=True))
    assert report.rounding_proved is not False
    sums_and_copies = {equation.rule for equation in all_equations(filled.layout) if not equation.is_inequality}
    left = [f for f in report.findings if f.verdict is Verdict.ROUNDING and f.rule in sums_and_copies]
    assert report.rounding_proved or not left


# ── cost ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("figures", "is_loaded"), [("SOLVABLE", False), ("IMPOSSIBLE", True)])
def test_the_solver_is_loaded_only_where_rounding_does_not_explain_all(figures: str, is_loaded: bool) -> None:
    script = (
        "import json, sys\n"
        f"from tests.checking.rounding.test_proof_in_workbooks import report_of, {figures}\n"
        f"report_of({figures})\n"
        "print(json.dumps('highspy' in sys.modules))"
    )
    command = [sys.executable, "-X", "utf8", "-c", script]
    root = ROOT
    run = subprocess.run(command, cwd=root, capture_output=True, check=True, text=True, encoding="utf-8")
    assert json.loads(run.stdout) is is_loaded


def test_a_check_of_the_samples_imports_nothing_heavy() -> None:
    heavy = {"highspy", "numpy", "pandas", "openpyxl", "rich", "xlsxwriter", "jinja2", "starlette", "xlwings"}
    script = (
        "import io, json, sys, contextlib, pathlib\n"
        "from xltool.cli import main\n"
        "with contextlib.redirect_stdout(io.StringIO()):\n"
        "    main(['check', '--dry-run', *map(str, pathlib.Path('samples').glob('*/*.xlsx'))])\n"
        "print(json.dumps([*sys.modules]))"
    )
    command = [sys.executable, "-X", "utf8", "-c", script]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True, encoding="utf-8")
    assert heavy.isdisjoint(json.loads(run.stdout))
