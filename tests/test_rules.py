"""Every rule's own examples, run through the check: those that pass and those that fail."""

from __future__ import annotations

from decimal import Decimal

import pytest

from xltool.checking.check import check
from xltool.checking.equations import rule_equations, structural_equations
from xltool.checking.verdicts import evaluate
from xltool.excel.cells import amount
from xltool.layout.book import NOTE, Book
from xltool.layout.outline import outline_of
from xltool.layout.plan import plan
from xltool.model import FactKey, Verdict, parse_path
from xltool.template.loader import load_template, template_names
from xltool.template.spec import Example, Rule, Template

TEMPLATES = {name: load_template(name) for name in template_names()}


def cases(kind: str) -> list[object]:
    return [
        pytest.param(template, rule, example, id=f"{template.id} {rule.id} {kind} {number}")
        for template in TEMPLATES.values()
        for rule in template.rules.values()
        for number, example in enumerate(rule.passing if kind == "passes" else rule.failing, 1)
    ]


def book_of(template: Template, example: Example) -> Book:
    """A book that holds nothing but the example: "" is a blank cell, a text in an amount column is a text there."""
    values = {
        FactKey(table, parse_path(row), parse_path(column)): value
        for table, rows in example.items()
        for row, cells in rows.items()
        for column, value in cells.items()
    }
    keys = [key for key in values if key.column != NOTE]
    layout = plan(template, outline_of(template, keys, template.department, template.year, template.amount_unit))
    book = Book(layout, {})
    for key, value in values.items():
        if key.column == NOTE:
            table = layout.tables[key.table]
            table.notes = {table.last_row + 1: str(value)}
            continue
        place = layout.place(key)
        assert place is not None, f"{key} is not in the template"
        is_amount = layout.blocks[place.block].block.columns[place.column].kind == "amount"
        if isinstance(value, Decimal) or (value and not is_amount):
            book.values[place] = value
        elif value:
            book.values[place] = amount(value).value
            book.as_text.append(place)
    return book


def failed_rules(book: Book, example: Example) -> set[str]:
    """The rules that do not hold in the example's tables, whichever of them the findings are told under."""
    equations = [*structural_equations(book.layout), *rule_equations(book.layout)]
    outcomes = [evaluate(equation, book.layout, book.values) for equation in equations]
    failed = {outcome.equation.rule for outcome in outcomes if outcome and outcome.verdict is Verdict.FAIL}
    told = [finding for finding in check(book).findings if finding.key is not None and finding.key.table in example]
    return failed | {finding.rule for finding in told if finding.verdict is Verdict.FAIL}


@pytest.mark.parametrize(("template", "rule", "example"), cases("passes"))
def test_passing_example(template: Template, rule: Rule, example: Example) -> None:
    assert rule.id not in failed_rules(book_of(template, example), example)


@pytest.mark.parametrize(("template", "rule", "example"), cases("fails"))
def test_failing_example(template: Template, rule: Rule, example: Example) -> None:
    book = book_of(template, example)
    assert rule.id in failed_rules(book, example)
    assert not check(book).is_clean


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=lambda template: template.id)
def test_every_rule_has_both_examples(template: Template) -> None:
    assert [rule.id for rule in template.rules.values() if not (rule.passing and rule.failing)] == []
