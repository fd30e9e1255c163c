"""Every rule's own examples, run through the check: those that pass and those that fail."""

from __future__ import annotations

import pytest

from tests import TEMPLATES
from xltool.checking import predicates as checked
from xltool.checking.proof.findings import ROUNDING_PROVED
from xltool.checking.tell.telling import BLANK_TOTAL
from xltool.linting.examples import failing_problem, passing_problem
from xltool.template.loader import load_template, template_names
from xltool.template.predicates import PREDICATES
from xltool.template.spec import Example, Rule, Template

BUILT_IN = [load_template(name) for name in template_names()]
FOLDER = TEMPLATES
OWN = [load_template(name, FOLDER) for name in template_names(FOLDER)]
"""Formats that exist for the tests only: with what no real one has, and with every rule chosen by name."""

EXAMPLES = load_template("规则示例-2025", FOLDER)


def cases(kind: str) -> list[object]:
    return [
        pytest.param(template, rule, example, id=f"{template.id} {rule.id} {kind} {number}")
        for template in (*BUILT_IN, *OWN)
        for rule in template.rules.values()
        for number, example in enumerate(rule.passing if kind == "passes" else rule.failing, 1)
    ]


@pytest.mark.parametrize(("template", "rule", "example"), cases("passes"))
def test_passing_example(template: Template, rule: Rule, example: Example) -> None:
    assert passing_problem(template, rule, example) == ""


@pytest.mark.parametrize(("template", "rule", "example"), cases("fails"))
def test_failing_example(template: Template, rule: Rule, example: Example) -> None:
    assert failing_problem(template, rule, example) == ""


@pytest.mark.parametrize("template", [*BUILT_IN, EXAMPLES], ids=lambda template: template.id)
def test_every_rule_has_both_examples(template: Template) -> None:
    rules = [rule for rule in template.rules.values() if template is not EXAMPLES or rule.predicate]
    assert [rule.id for rule in rules if not (rule.passing and rule.failing)] == []


def test_every_predicate_has_examples() -> None:
    shown = {rule.predicate for template in (*BUILT_IN, EXAMPLES) for rule in template.rules.values() if rule.passing}
    assert set(PREDICATES) <= shown


def test_predicates_that_rules_can_name_are_those_that_are_run() -> None:
    assert set(checked.PREDICATES) | {BLANK_TOTAL, ROUNDING_PROVED} == set(PREDICATES)
