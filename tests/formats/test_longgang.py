"""The budget of 龙岗 2024, of which seven of fourteen tables were published: what can be said of it, and what not."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import xltool
from tests.budgets import LONGGANG, filled, foreign, key, published, reread
from xltool.diagnose.report import check
from xltool.equations.filling import fill
from xltool.layout.book import Book
from xltool.library import load_template
from xltool.model import FactKey, Value, Verdict

DEPARTMENT, OFFICE = "深圳市龙岗区信访局", "深圳市龙岗区信访局本级"
UNPUBLISHED = ("表2", "表3", "表4", "表5", "表9", "表12", "表13")

PROJECTS = {
    "办公设备购置": "12.39",
    "信访工作": "617.16",
    "学习培训": "9.9",
    "信息系统运行与维护": "36.88",
    "办公用房修缮与维护": "12",
    "信访稳定备用金": "500",
    "一般管理事务": "121.67",
}
"""The seven projects as the text part of the document has them."""


def with_projects(projects: dict[str, str]) -> dict[FactKey, Value]:
    """The published facts, 支出总表 with the figures of 一般公共预算支出表, and 项目支出总表 with these projects."""
    facts = dict(published(LONGGANG))
    for fact, value in published(LONGGANG).items():
        if fact.table == "一般公共预算支出表（功能）":
            facts[fact._replace(table="支出总表")] = value
    column = "本年预算/政府预算拨款/一般公共预算拨款/履职类项目拨款"
    for name, amount in projects.items():
        facts[key("项目支出总表", f"{OFFICE}/{name}", column)] = Decimal(amount)
    return facts


def broken_rules(facts: dict[FactKey, Value]) -> set[str]:
    """The rules that are told as broken, by themselves or as what the mistake behind another may have caused."""
    done = fill(load_template(LONGGANG), facts, DEPARTMENT, 2024, "万元")
    findings = check(Book(done.layout, dict(done.values), live=done.live, is_ours=True)).findings
    told = [finding for finding in findings if finding.verdict not in (Verdict.ROUNDING, Verdict.UNDECIDED)]
    caused = {
        rule for finding in told for note in finding.notes for rule in re.findall(r"（([A-Z]\d+(?:\.\d+)?)）", note)
    }
    return {finding.rule for finding in told} | caused


def test_the_seven_projects_of_the_text_add_up_to_the_project_expenditure() -> None:
    """12.39 + 617.16 + 9.9 + 36.88 + 12 + 500 + 121.67 = 1310.00: no error."""
    assert "X05.2" not in broken_rules(with_projects(PROJECTS))
    assert "X05.2" in broken_rules(with_projects(PROJECTS | {"学习培训": "9.8"}))


def test_projects_of_another_amount_than_in_the_performance_table_are_told() -> None:
    assert "X14" in broken_rules(with_projects(PROJECTS))


def test_the_document_as_printed_is_recognised(tmp_path: Path) -> None:
    """Its seven sheets alone, with the nameless 0.00 beside the two lines of 上年结余."""
    workbook = foreign(LONGGANG, tmp_path)
    for sheet in workbook.worksheets:
        if sheet.title.startswith(UNPUBLISHED):
            del workbook[sheet.title]
    sheet = workbook["表1收支总表"]
    for line in sheet.iter_rows():
        if str(line[0].value).endswith("财政拨款结余、结转"):
            line[3].value = 0.00
    book = reread(workbook, tmp_path)
    told = [finding for finding in xltool.check(book).findings if finding.verdict is Verdict.FAIL]
    assert book.template.id == LONGGANG
    assert book.outline.department == DEPARTMENT
    unpublished = ["S01"] * len(UNPUBLISHED)
    assert sorted(f.rule for f in told) == ["A16", *unpublished, "S03.1", "W02.1", "X15.1", "X15.3"]


def test_a_published_zero_leaves_the_formula_of_its_total(tmp_path: Path) -> None:
    """0.00 is what the link to a table shows that nobody has filled in."""
    book = xltool.read(filled(LONGGANG, tmp_path))
    place = book.layout.place(key("收支总表", "单位资金/事业收入", "收入/预算数"))
    assert place in book.live


def test_the_office_is_renamed_with_its_department(tmp_path: Path) -> None:
    xltool.new(LONGGANG, tmp_path / "预算.xlsx", unit="某某局")
    assert xltool.read(tmp_path / "预算.xlsx").outline.members["unit"] == ("某某局本级",)
