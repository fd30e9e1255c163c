"""A workbook whose format no template describes is checked by what follows from itself."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path
from random import Random

import openpyxl
import pytest
from openpyxl.workbook import Workbook

import xltool
from benchmarks.judge.expected import Expected
from benchmarks.judge.making import Changes, slips
from benchmarks.judge.making import filled as amounts
from made_up.flows import FLOWS, rounded_facts
from tests import TEMPLATES
from tests.budgets import BUDGETS, PINGSHAN, QINGLONG, SAMPLES, SHENZHEN, WHOLE, foreign, pasted
from tests.cli.commands import run
from tests.drafting import drafts
from xltool.diagnose.report import Report, check
from xltool.drafting.inferred import read_by_itself, weighed
from xltool.excel.read.sheets.source import open_workbook
from xltool.layout.block import Place
from xltool.layout.book import Book
from xltool.model import Finding, Severity

SLIPS = ("digit", "transposed", "sign", "x10", "d10", "doubled")
UNKNOWN = TEMPLATES / "某省某市-2025"


def by_itself(workbook: Workbook, folder: Path) -> Report:
    path = folder / "没有模板的预算.xlsx"
    workbook.save(path)
    return weighed(check(read_by_itself(open_workbook(path))))


def complaints(report: Report) -> list[Finding]:
    return [finding for finding in report.findings if finding.severity is not Severity.REMARK]


def cells(report: Report) -> set[tuple[str, str, str]]:
    found = complaints(report)
    return {(f.severity.value, f.rule, f.cell.in_book if f.cell else "") for f in found}


@pytest.mark.parametrize("name", BUDGETS)
def test_a_published_budget_is_accused_of_nothing_but_its_mistakes(name: str, tmp_path: Path) -> None:
    wrong = {
        SHENZHEN: [*(f"表12三公经费预算情况表!F{row}" for row in (6, 7, 8, 9)), "表14整体支出绩效目标表!D11"],
        QINGLONG: [f"三公经费支出表!{cell}" for cell in ("C6", "C10", "D6", "D10")],
    }
    found = {cell for _, _, cell in cells(by_itself(foreign(name, tmp_path), tmp_path))}
    assert found == set(wrong.get(name, []))


def mistakes(book: Book, chance: Random) -> Iterator[tuple[Place, Changes]]:
    expected, places = Expected(book), amounts(book)
    for slip in cycle(SLIPS):
        place = chance.choice(places)
        changes = slips()[slip].make(book, place, chance)
        if changes and expected.newly_broken_by(changes):
            yield place, changes


@pytest.mark.parametrize("name", BUDGETS)
def test_most_mistakes_are_found(name: str, tmp_path: Path) -> None:
    """Of those that an equation of its own template must notice: at least 6 of 8 in each of them."""
    chance, book = Random(f"2025 {name}"), xltool.read(SAMPLES / name / "预算.xlsx")
    workbook = foreign(name, tmp_path)
    before = cells(by_itself(workbook, tmp_path))
    noticed = 0
    for place, changes in islice(mistakes(book, chance), 8):
        cell = book.layout.cell(place)
        assert cell is not None
        wrong = workbook[cell.sheet].cell(cell.row, cell.column)
        right, wrong.value = wrong.value, changes[place]
        noticed += not cells(by_itself(workbook, tmp_path)) <= before
        wrong.value = right
    assert noticed >= 6


@pytest.mark.parametrize("name", WHOLE)
def test_an_honest_budget_is_accused_of_nothing(name: str, tmp_path: Path) -> None:
    chance = Random(f"honest {name}")
    for _ in range(2):
        sums = [(flow, int(10 ** chance.uniform(0, 7.5))) for flow in range(len(FLOWS[name])) if chance.random() < 0.7]
        path = tmp_path / "预算.xlsx"
        xltool.fill(name, rounded_facts(name, sums), path)
        assert [f for f in complaints(by_itself(pasted(path), tmp_path)) if f.severity is Severity.ERROR] == []


def test_what_agrees_cell_by_cell_in_two_tables_is_a_relation(tmp_path: Path) -> None:
    workbook = foreign(PINGSHAN, tmp_path)
    sheet = workbook["表6政府预算拨款收支总表"]
    assert sheet["D13"].value == 53
    sheet["D13"] = 35
    told = [f for f in complaints(by_itself(workbook, tmp_path)) if "表1收支总表" in f.message]
    assert any("条等式有" in note for finding in told for note in finding.notes)


def test_what_is_not_sure_is_no_error(tmp_path: Path) -> None:
    """Three totals that add up beside one that does not say little about how its totals add up."""
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    lines: list[tuple[str | float, ...]] = [
        ("某局2025年项目支出表",),
        ("单位：万元",),
        ("项目", "合计", "财政拨款", "其他资金"),
    ]
    lines += [("接访", 30.5, 20.25, 10.25), ("培训", 9.5, 5.25, 4.25), ("宣传", 8.5, 5, 3.5), ("调研", 17.25, 3, 4.25)]
    for line in lines:
        sheet.append(line)
    report = by_itself(workbook, tmp_path)
    assert [f.severity for f in complaints(report)] == [Severity.WARNING]
    (finding,) = complaints(report)
    assert "不能肯定" in finding.message


@pytest.mark.parametrize(
    ("case", "place", "value"),
    [
        ("各单位的表", "收入总表!D6", 54),
        ("各单位的表", "支出总表!E18", 46.2),
        ("各单位的表", "财政拨款收支总表!E6", 29.1),
        ("县里的公开表", "预算公开表1!C5", 35.5),
        ("县里的公开表", "预算公开表2!C7", 52.5),
        ("县里的公开表", "预算公开表3!D8", 0.5),
        ("县里的公开表", "预算公开表4!D9", None),
        ("各单位小计", "附表2!E5", 90),
    ],
)
def test_a_mistake_is_told_at_its_cell(case: str, place: str, value: float | None, tmp_path: Path) -> None:
    workbook = openpyxl.load_workbook(drafts.workbook_of(drafts.CASES / case, tmp_path / "表.xlsx"))
    sheet, cell = place.split("!")
    assert complaints(by_itself(workbook, tmp_path)) == []
    workbook[sheet][cell] = value
    assert {f.cell.in_book for f in complaints(by_itself(workbook, tmp_path)) if f.cell} == {place}


@pytest.mark.parametrize(
    ("before", "after", "rule"),
    [
        ("2025年部门支出总表", "2024年部门支出总表", "S06"),
        ("部门名称：清江县水利局", "部门名称：清江县林业局", "S07"),
        ("社会保障和就业支出", "XXX", "S08"),
    ],
)
def test_what_stands_above_one_table_of_another_year_or_unit_is_told(
    before: str, after: str, rule: str, tmp_path: Path
) -> None:
    workbook = openpyxl.load_workbook(drafts.workbook_of(drafts.CASES / "表间相等", tmp_path / "表.xlsx"))
    (cell,) = (c for row in workbook["支出总表"] for c in row if c.value == before)
    cell.value = after
    told = [f for f in complaints(by_itself(workbook, tmp_path)) if f.rule.startswith("S")]
    assert [(f.rule, f.cell and f.cell.in_book) for f in told] == [(rule, f"支出总表!{cell.coordinate}")]


def test_what_is_hidden_is_told_as_loudly_as_with_a_template(tmp_path: Path) -> None:
    workbook = foreign(PINGSHAN, tmp_path)
    workbook["表3支出总表"].row_dimensions[9].hidden = True
    hidden = [f for f in complaints(by_itself(workbook, tmp_path)) if f.rule == "S03.3"]
    assert [f.severity for f in hidden] == [Severity.WARNING]


def test_rows_that_were_not_understood_are_told_once_a_sheet(tmp_path: Path) -> None:
    workbook = foreign(PINGSHAN, tmp_path)
    sheet = workbook["表3支出总表"]
    for row in (10, 11, 12, 13):
        sheet.cell(row, 1).value = sheet.cell(9, 1).value
        sheet.cell(row, 2).value = sheet.cell(9, 2).value
    sheet.cell(20, 4).value = 77
    findings = by_itself(workbook, tmp_path).findings
    assert {f.severity for f in findings if f.cell and f.cell.sheet == sheet.title} <= {*Severity} - {Severity.ERROR}
    told = [f for f in findings if f.rule == "S03" and "支出总表" in str(f.statement)]
    assert [str(f.statement) for f in told] == [
        "工作表“表3支出总表”有 4 行（第 10、11、12 行等）没有认出，它们的金额没有算进合计来核对。"
    ]


def test_the_command_says_that_no_template_knows_the_format(tmp_path: Path) -> None:
    path = tmp_path / "预算.xlsx"
    xltool.fill(str(UNKNOWN), UNKNOWN / "facts.csv", path)
    workbook = pasted(path)
    sheet = workbook["支出总表"]
    cell = next(c for row in sheet.iter_rows(min_row=6) for c in row if isinstance(c.value, int | float))
    cell.value = float(cell.value) + 1000
    workbook.save(path)
    result = run(["check", str(path), "--dry-run"])
    assert result.exit_code == 1
    assert "没有模板认得这个工作簿，只按它自身推得的关系核对" in result.output
    assert "【支出总表】" in result.output
