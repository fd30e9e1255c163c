"""The review of a template: every mistake and every gap is told in one line, and a sound template gives none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import tomli

import xltool
from tests import CASE_FILES, TEMPLATES
from xltool.linting.advice import Advice, Review
from xltool.linting.examples import NO_EXAMPLES
from xltool.model import Severity
from xltool.report.text import WORDS
from xltool.template.loader import template_names, templates_folder

DATA: dict[str, Any] = tomli.loads((CASE_FILES / "lint.toml").read_text(encoding="utf-8"))

HOMES = [folder / name for folder in (templates_folder(), TEMPLATES) for name in template_names(folder)]


def template_folder(folder: Path, changes: list[dict[str, str]]) -> Path:
    """The small format of the cases, changed."""
    home = folder / "某地-2025"
    home.mkdir()
    for name, text in DATA["base"].items():
        (home / name).write_text(text, encoding="utf-8")
    for change in changes:
        path = home / change["file"]
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        if find := change.get("find"):
            assert find in text, change
            text = text.replace(find, change["put"], 1)
        else:
            text += change["put"]
        path.write_text(text, encoding="utf-8")
    return home


def rules(added: list[dict[str, Any]]) -> str:
    """Rules without examples, as they are written in rules.toml."""
    lines = ["[[rule]]\nname = '规则'\nhint = '看是否填错。'\n" + "".join(map(_key, rule.items())) for rule in added]
    return "\n".join(lines)


def _key(item: tuple[str, Any]) -> str:
    return f"{item[0]} = {json.dumps(item[1], ensure_ascii=False)}\n"  # what is used here is the same in JSON and TOML


def told(advice: Advice) -> str:
    """Severity, topic (without what it says in brackets) and text."""
    return " ".join(filter(None, (WORDS[advice.severity], advice.topic.partition("（")[0], advice.text)))


def review(folder: Path) -> Review:
    (only,) = xltool.lint(folder)
    return only


def test_a_sound_template_gives_no_advice(tmp_path: Path) -> None:
    assert review(template_folder(tmp_path, [])).advice == ()


@pytest.mark.parametrize("case", DATA["case"], ids=[case["name"] for case in DATA["case"]])
def test_advice(case: dict[str, Any], tmp_path: Path) -> None:
    added = case.get("add", [])
    changes = [*case.get("change", []), {"file": "rules.toml", "put": rules(added)}]
    advice = review(template_folder(tmp_path, changes)).advice
    expected = [item for item in advice if not (added and item.topic == NO_EXAMPLES)]
    assert [told(item) for item in expected] == case["advice"]


@pytest.mark.parametrize("home", HOMES, ids=lambda home: home.name)
def test_real_templates_have_no_errors(home: Path) -> None:
    """Among them: an example of a rule that the check does not tell as the rule says."""
    assert [advice for advice in review(home).advice if advice.severity is Severity.ERROR] == []
