"""click's own sentences: every one that can be shown is Chinese."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from xltool.cli.chinese import SENTENCES
from xltool.cli.group import xltool

ASKING = {"termui", "_termui_impl", "_winconsole", "decorators"}
"""Modules that ask the user for something, which we never do, or decorate commands with what asks."""

OF_DEVELOPERS = {
    "Arguments take exactly one parameter declaration, got {length}: {decls}.",
    "Boolean option {decl!r} cannot use the same flag for true/false.",
    "Could not determine name for option with declarations {decls!r}",
    "Invalid start character for option ({option})",
    "Name '{name}' defined twice",
    "No options defined but a name was passed ({name}). Did you mean to declare an argument instead? "
    "Did you mean to pass '--{name}'?",
    "Unknown standard stream '{name}'",
    "{text} {deprecated_message}",
}
"""Said while a command is declared wrongly, before there is a user."""


def marked() -> Iterator[str]:
    """Every sentence in click's source that it asks gettext for."""
    for path in Path(click.__file__).parent.glob("*.py"):
        if path.stem in ASKING:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "ngettext"):
                yield from (
                    argument.value
                    for argument in node.args
                    if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
                )


def fields(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def test_every_sentence_is_translated() -> None:
    sentences = {*marked()}
    assert len(sentences) > 40
    assert sentences - SENTENCES.keys() - OF_DEVELOPERS == set()


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_translation_fills_in_nothing_else(sentence: str) -> None:
    assert fields(SENTENCES[sentence]) <= fields(sentence)


def test_click_shows_them() -> None:
    help_text = CliRunner().invoke(xltool, ["check", "--help"]).output
    assert "显示本说明。" in help_text
    assert "Show" not in help_text
