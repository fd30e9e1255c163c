"""The tables of 青龙县's text part: a form for each project, of which four have one name, and lists that are empty."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

import xltool
from tests.budgets import QINGLONG, filled, foreign, key, published, reread, template
from xltool.diagnose.report import check
from xltool.equations.filling import fill
from xltool.layout.book import Book
from xltool.model import FactKey, Severity, Value

FORM = "项目绩效目标表"
PROJECTS = {
    "群众工作中心聘用法律服务费": "1.00",
    "群众工作中心运行经费": "8.76",
    "特殊疑难信访问题救助资金县级配套": "25.00",
    "信访维稳经费": "80.00",
    "信访维稳经费#2": "0.06",
    "信访维稳经费#3": "20.03",
    "信访维稳经费#4": "4.89",
}


def loud(facts: dict[FactKey, Value]) -> set[tuple[str, str]]:
    """Rule and sheet of the errors and warnings of a budget with these facts."""
    spec = template(QINGLONG)
    done = fill(spec, facts, spec.department, spec.year, spec.amount_unit)
    findings = check(Book(done.layout, dict(done.values), live=done.live, is_ours=True)).findings
    return {(f.rule, f.cell.sheet if f.cell else "") for f in findings if f.severity is not Severity.REMARK}


def test_the_seven_projects_add_up_to_the_project_expenditure() -> None:
    """1.00 + 8.76 + 25.00 + 80.00 + 0.06 + 20.03 + 4.89 = 139.74."""
    facts = published(QINGLONG)
    amounts = {name: facts[key(FORM, f"{name}/预算数", "内容")] for name in PROJECTS}
    assert amounts == {name: Decimal(amount) for name, amount in PROJECTS.items()}
    assert facts[key("支出总表", "合计", "项目支出")] == sum(map(Decimal, PROJECTS.values()))
    assert "X14" not in {rule for rule, _ in loud(dict(facts))}


def test_a_project_of_another_amount_is_told() -> None:
    facts = dict(published(QINGLONG))
    for field in ("预算数", "财政资金"):
        facts[key(FORM, f"信访维稳经费#2/{field}", "内容")] = Decimal("6.00")
    assert {rule for rule, _ in loud(facts) - loud(dict(published(QINGLONG)))} == {"X14"}


def test_a_budget_that_is_not_what_its_funds_add_up_to_is_told_in_its_own_sheet() -> None:
    facts = dict(published(QINGLONG)) | {key(FORM, "信访维稳经费#3/其他资金", "内容"): Decimal(1)}
    assert ("A10.1", "项目绩效目标表6") in loud(facts) - loud(dict(published(QINGLONG)))


def test_what_was_carried_over_is_no_error() -> None:
    """The text splits 26.38 into 0.51 + 0.13 + 25.74, the tables into 0.22 + 25.87 + 0.29: both add up."""
    facts = published(QINGLONG)
    carried = facts[key("收支总表", "上年结转结余", "收入/预算数")]
    assert carried == sum(map(Decimal, ("0.51", "0.13", "25.74")))
    assert carried == sum(
        value
        for fact, value in facts.items()
        if fact.table == "收入总表"
        and len(fact.row[0]) == 7
        and fact.column == ("上年结转",)
        and isinstance(value, Decimal)
    )
    told = [finding for finding in check(published_book()).findings if finding.severity is not Severity.REMARK]
    assert not [finding for finding in told if "结转" in finding.message]


def published_book() -> Book:
    spec = template(QINGLONG)
    done = fill(spec, published(QINGLONG), spec.department, spec.year, spec.amount_unit)
    return Book(done.layout, dict(done.values), live=done.live, is_ours=True)


@pytest.mark.parametrize("order", [1, -1])
def test_forms_of_one_name_are_told_apart_by_their_numbers(order: int, tmp_path: Path) -> None:
    """In whatever order their sheets stand."""
    workbook = foreign(QINGLONG, tmp_path)
    workbook._sheets = workbook._sheets[::order]
    facts = reread(workbook, tmp_path).facts
    assert {name: facts[key(FORM, f"{name}/预算数", "内容")].value for name in PROJECTS} == {
        name: Decimal(amount) for name, amount in PROJECTS.items()
    }


def test_last_years_workbook_gives_a_form_for_each_of_its_projects(tmp_path: Path) -> None:
    xltool.new(QINGLONG, tmp_path / "新.xlsx", like=filled(QINGLONG, tmp_path))
    layout = xltool.read(tmp_path / "新.xlsx").layout
    assert [table.above for table in layout.tables.values() if table.table.id == FORM] == [(name,) for name in PROJECTS]


def test_procured_goods_stand_below_their_project(tmp_path: Path) -> None:
    table, column = "部门政府采购预算", "政府采购金额/一般公共预算拨款"
    facts = {fact: value for fact, value in published(QINGLONG).items() if fact.table != table}
    goods = {
        key(table, f"{project}/{name}", column): Decimal(amount)
        for project, name, amount in (
            ("信访维稳经费", "台式计算机", "2.40"),
            ("信访维稳经费", "打印机", "0.60"),
            ("群众工作中心运行经费", "打印机", "0.30"),
        )
    }
    xltool.fill(QINGLONG, facts | goods, tmp_path / "预算.xlsx")
    book = xltool.read(tmp_path / "预算.xlsx")
    assert {fact: book.facts[fact].value for fact in goods} == goods
    assert book.facts[key(table, "信访维稳经费/台式计算机", "政府采购金额/合计")].value == Decimal("2.40")
    assert "A09" not in {finding.rule for finding in xltool.check(book).findings}
