"""Every rule and every predicate has examples; the review of the templates runs them (test_lint)."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests import TEMPLATES
from xltool.checking.predicates import PREDICATES
from xltool.checking.proof.findings import ROUNDING_PROVED
from xltool.diagnose.telling import BLANK_TOTAL
from xltool.library import load_template
from xltool.template.loader import template_names
from xltool.template.spec import Template

BUILT_IN = [load_template(name) for name in template_names()]
EXAMPLES = load_template("规则示例-2025", TEMPLATES)
"""A format that exists for the tests only: with every rule chosen by name."""


@pytest.mark.parametrize("template", [*BUILT_IN, EXAMPLES], ids=lambda template: template.id)
def test_every_rule_has_both_examples(template: Template) -> None:
    rules = [rule for rule in template.rules.values() if template is not EXAMPLES or rule.predicate]
    assert [rule.id for rule in rules if not (rule.passing and rule.failing)] == []


def test_every_predicate_has_examples() -> None:
    shown = {rule.predicate for template in (*BUILT_IN, EXAMPLES) for rule in template.rules.values() if rule.passing}
    assert set(PREDICATES) <= shown


def test_every_predicate_can_be_found_but_those_judged_with_the_equations() -> None:
    assert {name for name, predicate in PREDICATES.items() if predicate.find is None} == {BLANK_TOTAL, ROUNDING_PROVED}


def test_a_predicate_is_imported_when_a_template_uses_it() -> None:
    script = (
        "import sys\n"
        "from xltool.library import load_template\n"
        "load_template('longgang-selfeval-2021')\n"
        "print(*sorted(name for name in sys.modules if name.startswith('xltool.checking.predicates.')))\n"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    loaded = {module.rpartition(".")[2] for module in run.stdout.split()}
    used = {rule.predicate for rule in load_template("longgang-selfeval-2021").rules.values()}
    assert loaded & set(PREDICATES) == used - {""}
