"""Whole rows, columns and tables that are wrong are told once, with their cause (S11); single mistakes are not."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest

import xltool
from benchmarks.judge.budgets import Kind, pasted
from benchmarks.judge.cases import Case
from benchmarks.judge.cases import told as told_line
from benchmarks.judge.expected import with_changes
from made_up.flows import FLOWS, rounded_facts
from tests import CASE_FILES, budgets
from tests.budgets import BUDGETS, LONGGANG, PINGSHAN, SHENZHEN, template
from tests.formats.mutation import sample
from xltool.diagnose.report import check
from xltool.equations.filling import fill
from xltool.layout.block import BlockAt
from xltool.layout.book import Book
from xltool.model import Finding, Severity, Value

LINES = list(csv.DictReader((CASE_FILES / "wrong_lines.csv").read_text(encoding="utf-8").splitlines()))
ECONOMIC = "一般公共预算支出表（经济）"
SPENDING = "支出总表"


def block(book: Book, table: str) -> BlockAt:
    (found,) = book.layout.blocks_of(table)
    return found


def caused(book: Book, changes: dict[tuple[int, int], Value], table: str) -> list[Finding]:
    """The errors that the published budget does not have; cells are by their lines in the sheet."""
    at = block(book, table)
    rows = {row.sheet_row: r for r, row in enumerate(at.rows)}
    columns = {column.sheet_column: c for c, column in enumerate(at.columns)}
    places = {at.places[rows[r]][columns[c]]: value for (r, c), value in changes.items()}
    known = {(f.rule, f.cell) for f in check(book).findings}
    found = check(with_changes(book, places)).findings
    return [f for f in found if f.severity is Severity.ERROR and (f.rule, f.cell) not in known]


def figures(book: Book, table: str) -> dict[tuple[int, int], Decimal]:
    """Every amount of a table, by its lines in the sheet."""
    at = block(book, table)
    values = ((place, book.values.get(place)) for place in at.figures(("amount",)))
    return {
        (at.rows[place.row].sheet_row, at.columns[place.column].sheet_column): value
        for place, value in values
        if isinstance(value, Decimal)
    }


@pytest.fixture
def book() -> Book:
    """坪山, pasted as values."""
    return pasted(sample(PINGSHAN))


def told(findings: list[Finding]) -> list[tuple[str, list[str]]]:
    return [(f.rule, [explanation.slip for explanation in f.explanations]) for f in findings]


def test_a_table_in_the_other_unit_is_told_once(book: Book) -> None:
    found = caused(book, {at: value * 10000 for at, value in figures(book, ECONOMIC).items()}, ECONOMIC)
    assert told(found) == [("S11", ["other_unit"])]
    assert str(found[0].statement).startswith(f"表“{ECONOMIC}”的金额像是按元填的，本表应为万元：全部除以 10000 以后，")


def test_two_columns_in_each_other_s_place_are_told_once(book: Book) -> None:
    own = figures(book, SPENDING)
    swapped: dict[tuple[int, int], Value] = {(r, c): own.get((r, 11 - c), Decimal(0)) for r, c in own if c in (5, 6)}
    found = caused(book, swapped, SPENDING)
    assert told(found) == [("S11", ["columns_swapped"])]
    assert "“基本支出”栏（E 列）和“项目支出”栏（F 列）像是填反了" in str(found[0].statement)


def test_rows_that_were_pasted_one_line_too_low_are_told_once(book: Book) -> None:
    own = figures(book, ECONOMIC)
    first, last = 8, max(r for r, _ in own)
    lower: dict[tuple[int, int], Value] = {(r, c): own.get((r - 1, c)) for r, c in own if first < r <= last}
    found = caused(book, lower | {(r, c): None for r, c in own if r == first}, ECONOMIC)
    assert told(found) == [("S11", ["rows_shifted"])]
    assert "像是贴低了一行：上移一行以后" in str(found[0].statement)


def test_a_row_left_out_is_told_with_what_belongs_there(book: Book) -> None:
    own = figures(book, SPENDING)
    found = caused(book, {(r, c): None for r, c in own if r == 12}, SPENDING)
    assert told(found) == [("S11", ["row_lost"])]
    assert "第 12 行应为：“支出总计”（D12） 672、“项目支出”（F12） 672" in str(found[0].statement)


def test_one_figure_in_the_other_unit_is_no_whole_line(book: Book) -> None:
    for at, value in [*figures(book, SPENDING).items()][::3]:
        if value:
            assert "S11" not in [finding.rule for finding in caused(book, {at: value * 10000}, SPENDING)]


@pytest.mark.parametrize("name", BUDGETS)
def test_published_budgets_have_no_wrong_line(name: str) -> None:
    for book in (sample(name), pasted(sample(name))):
        assert "S11" not in [finding.rule for finding in check(book).findings]


@pytest.mark.parametrize("case", LINES, ids=lambda case: "-".join(case.values()))
def test_lines_put_wrong_by_the_judge_are_told_with_their_cause(case: dict[str, str]) -> None:
    kind = Kind(case["format"], case["source"], case["mode"])
    judged = told_line(Case(kind, case["line"], 1, int(case["seed"]), int(case["number"])))
    assert judged.is_known
    assert judged.is_told, [str(finding.statement) for finding in judged.findings]


def test_what_is_planned_as_it_was_last_year_is_no_row_filled_in_twice() -> None:
    found = caused(pasted(sample(SHENZHEN)), {(6, 8): None}, "三公经费预算情况表")
    assert found and "S11" not in {finding.rule for finding in found}


def test_a_row_that_is_not_there_is_told_with_what_belongs_in_it() -> None:
    judged = told_line(Case(Kind("qinglong-2024", "published", "pasted"), "row_deleted", 1, 301, 0))
    assert str(judged.findings[0].statement) == (
        "表“支出总表”像是漏了“2080501 行政单位离退休”这一行：补上以后，4 处不符都对上。"
        "这一行应为：“合计” 4.24、“基本支出” 4.24。"
    )


def test_where_a_row_left_out_and_one_filled_in_twice_explain_the_same_both_are_told() -> None:
    """电费 and 办公费 are both 1.60 in truth; 水费 is what was deleted."""
    judged = told_line(Case(Kind("qinglong-2024", "published", "pasted"), "row_deleted", 1, 8, 1))
    (finding,) = judged.findings
    assert {explanation.slip for explanation in finding.explanations} == {"row_doubled", "row_lost"}
    assert [note.partition("：")[0] for note in finding.notes[1:]] == ["也可能是另一处", "也可能是另一处"]


@pytest.mark.parametrize("is_pasted", [True, False], ids=["pasted", "live"])
def test_a_row_that_stands_there_twice_is_told_as_one_too_many(is_pasted: bool, tmp_path: Path) -> None:
    path = budgets.filled(PINGSHAN, tmp_path)
    workbook = budgets.pasted(path) if is_pasted else budgets.opened(path)
    sheet = workbook["表8一般公共预算支出表（经济）"]
    for c in range(1, 7):
        value = sheet.cell(12, c).value
        sheet.cell(33, c).value = value.replace("12", "33") if isinstance(value, str) else value
    (found,) = (f for f in xltool.check(budgets.reread(workbook, tmp_path)).findings if f.cell and f.cell.a1 == "D33")
    assert (found.rule, [explanation.slip for explanation in found.explanations]) == ("S03", ["row_doubled"])
    assert "第 33 行“职业年金缴费”与第 12 行重复，金额也完全相同" in str(found.statement)


def test_last_digits_that_two_live_totals_differ_by_are_no_row_left_out() -> None:
    """Only what is typed was rounded: two totals of one 甲局 are 0.01 off, each as rounding explains."""
    sums = [(8, 127), (0, 108), (8, 29723), (22, 130), (36, 3893370), (0, 100), (39, 184), (40, 355)]
    typed = {figure for flow, _ in sums for figure in FLOWS[LONGGANG][flow]}
    facts = {figure: value for figure, value in rounded_facts(LONGGANG, sums).items() if figure in typed}
    filled = fill(template(LONGGANG), facts, "某部门", 2024, "万元")
    found = check(Book(filled.layout, dict(filled.values), live=filled.live, is_ours=True)).findings
    assert "S11" not in [finding.rule for finding in found]
