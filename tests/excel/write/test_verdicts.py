"""校验 says what `xltool check` says: its formulas, judged by LibreOffice, and what follows from their results."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import xltool
from made_up.figures import consistent, disagreeing
from tests.budgets import LONGGANG, PINGSHAN, QINGLONG, SHENZHEN, key, template
from tests.excel.libreoffice.macro import program
from tests.excel.libreoffice.office import Office, formula_cells, read_values
from xltool.equations.filling import Filled, blank, fill
from xltool.excel.write.checks.lines import CheckLine, check_lines
from xltool.excel.write.checks.sheet import summary_formula
from xltool.excel.write.workbook import write
from xltool.layout.outline import default_outline
from xltool.model import FactKey, Value, Verdict

needs_libreoffice = pytest.mark.skipif(program is None, reason="LibreOffice is not installed")


def lines_of(book: Filled) -> list[CheckLine]:
    return check_lines(book.layout, book.values, book.live)


def expenditure(total: str, *parts: str) -> dict[FactKey, Value]:
    """本年支出合计 and the 类 that it adds up."""
    codes = ("201", "208", "210", "212", "221")
    facts: dict[FactKey, Value] = {
        key("收支总表", code, "支出/预算数"): Decimal(part) for code, part in zip(codes, parts, strict=False) if part
    }
    return facts | {key("收支总表", "本年支出合计", "支出/预算数"): Decimal(total)}


@pytest.mark.parametrize(
    ("total", "parts", "result"),
    [
        ("5.00", ["1.00"] * 5, None),
        ("5.02", ["1.00"] * 5, "尾差"),
        ("5.03", ["1.00"] * 5, "可疑尾差"),
        ("5.04", ["1.00"] * 5, "✗"),
        ("5.04", ["1.00"] * 4 + ["1.0000"], "✗"),
        ("1.01", ["1.00"], "✗"),
        ("1.01", ["1.00", "0.00"], "可疑尾差"),
        ("0.99", ["1.00", "0.00"], "✗"),
        ("2.02", ["1.00", "1.00", "0.00"], "可疑尾差"),
    ],
)
def test_a_typed_total_gets_the_verdict_of_the_check(total: str, parts: list[str], result: str | None) -> None:
    book = fill(template(QINGLONG), expenditure(total, *parts), "某部门", 2024, "万元")
    assert [line.result for line in lines_of(book) if line.rule == "A05"] == ([result] if result else [])


@needs_libreoffice
@settings(max_examples=2, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(1, 10**6))
def test_every_result_is_that_of_the_check(seed: int, office: Office, tmp_path: Path) -> None:
    """The results, and what they are drawn from, over figures drawn at random, in tables of different precision."""
    book, path = disagreeing(PINGSHAN, seed), tmp_path / "预算.xlsx"
    write(book.layout, book.values, book.live, path)
    lines, told, computed = lines_of(book), read_values(path), office.recalculate(path)
    assert [computed["校验"].get(f"J{line.sheet_row}", "") for line in lines] == [line.result for line in lines]
    for sheet, cell in formula_cells(path):
        assert computed[sheet].get(cell) == pytest.approx(told[sheet].get(cell), abs=1e-9), (sheet, cell)


@needs_libreoffice
def test_results_follow_what_is_typed(office: Office, tmp_path: Path) -> None:
    """A blank workbook filled in by hand, totals overtyped: its results are those of the same workbook when read.

    But where its formulas cannot know that a column is printed with more decimals than the template has: 3.99 beside 4
    are two precisions of one amount to them, and two amounts to the check, which has seen that 4 stands for 4.00.
    """
    spec, path = template(PINGSHAN), tmp_path / "预算.xlsx"
    new, typed = blank(spec, default_outline(spec)), disagreeing(PINGSHAN, 3)
    write(new.layout, new.values, new.live, path)
    workbook = openpyxl.load_workbook(path)
    for place, value in typed.values.items():
        cell = new.layout.cell(place)
        if cell is not None and place not in typed.live:
            workbook[cell.sheet][cell.a1] = value
    workbook.save(path)
    computed = office.recalculate(path)["校验"]
    book = xltool.read(path)
    now = check_lines(book.layout, book.values, book.live)[: len(lines_of(new))]
    assert {line.verdict for line in now} >= {Verdict.PASS, Verdict.FAIL}
    shown = [(line, computed.get(f"J{line.sheet_row}", "")) for line in now]
    assert [(line.rule, line.sides, result, line.result) for line, result in shown if result != line.result] == [
        ("X08.2", (Decimal("3.99"), Decimal(4)), "✓", "✗")
    ]


def test_the_summary_counts_each_verdict_that_is_worth_a_look() -> None:
    def summary(total: str, *parts: str) -> str:
        book = fill(template(QINGLONG), expenditure(total, *parts), "某部门", 2024, "万元")
        return summary_formula([line for line in lines_of(book) if line.rule == "A05"])[1]

    assert summary("5.02", *["1.00"] * 5) == "全部相符，1 处尾差"
    assert summary("5.03", *["1.00"] * 5) == "有 1 处可疑尾差"
    assert summary("5.04", *["1.00"] * 5) == "有 1 处不符"
    assert summary_formula(lines_of(consistent(QINGLONG)))[1] == "全部相符"


def test_doubtful_cells_are_amber_and_wrong_ones_red(tmp_path: Path) -> None:
    book = fill(template(QINGLONG), expenditure("5.03", *["1.00"] * 5), "某部门", 2024, "万元")
    write(book.layout, book.values, book.live, tmp_path / "预算.xlsx")
    (line,) = [line for line in lines_of(book) if line.rule == "A05"]
    (cell,) = line.cells
    formats = openpyxl.load_workbook(tmp_path / "预算.xlsx")[cell.sheet].conditional_formatting
    rules = [rule for found in formats if cell.a1 in found.cells for rule in found.rules]
    colours = {rule.formula[0]: rule.dxf.fill.bgColor.rgb for rule in rules}
    assert colours[f"'校验'!$J${line.sheet_row}=\"可疑尾差\""] == "FFFFEB9C"
    assert colours[f"'校验'!$J${line.sheet_row}=\"✗\""] == "FFFFC7CE"


def test_no_formula_is_longer_than_excel_takes() -> None:
    for name in (QINGLONG, PINGSHAN, LONGGANG, SHENZHEN):
        for line in lines_of(disagreeing(name)):
            assert all(len(quantity.formula) < 8192 for quantity in line.known or ())


@pytest.mark.parametrize(("parts", "more"), [(4, ""), (5, "＋… 共5项")])
def test_of_long_sums_the_first_four_parts_are_spelled_out(parts: int, more: str) -> None:
    codes = ("201", "208", "210", "212", "221")
    facts: dict[FactKey, Value] = {key("支出总表", code, "合计"): Decimal(1) for code in codes[:parts]}
    facts[key("支出总表", "合计", "合计")] = Decimal(9)
    (line,) = [line for line in lines_of(fill(template(QINGLONG), facts, "某部门", 2024, "万元")) if line.rule == "A02"]
    assert line.words[1].count("支出总表［") == 4
    assert line.words[1].endswith(more or "］")
