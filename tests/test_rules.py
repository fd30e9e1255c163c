"""Every rule's own examples, run through the check: those that pass and those that fail."""

from __future__ import annotations

import pytest

from xltool.linting.examples import failing_problem, passing_problem
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


@pytest.mark.parametrize(("template", "rule", "example"), cases("passes"))
def test_passing_example(template: Template, rule: Rule, example: Example) -> None:
    assert passing_problem(template, rule, example) == ""


@pytest.mark.parametrize(("template", "rule", "example"), cases("fails"))
def test_failing_example(template: Template, rule: Rule, example: Example) -> None:
    assert failing_problem(template, rule, example) == ""


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=lambda template: template.id)
def test_every_rule_has_both_examples(template: Template) -> None:
    assert [rule.id for rule in template.rules.values() if not (rule.passing and rule.failing)] == []
