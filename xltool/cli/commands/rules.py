"""`xltool rules`: the rules of a template, or one explained."""

from __future__ import annotations

from pathlib import Path

import click

from xltool.cli import options, output
from xltool.cli.command import Command
from xltool.library import library
from xltool.report.words.rules import explanations, rule_lines


@click.command("rules", cls=Command)
@options.template
@options.argument("rule", "编号", "规则编号，如 X17。", required=False)
@options.templates
def command(template: str, rule: str | None, templates: Path | None) -> None:
    """列出审核规则；写了编号，则说明这一条的等式、允许差和例子。"""
    spec = library(templates).load(template)
    output.say("\n".join(rule_lines(spec)) if rule is None else "\n\n".join(explanations(spec, rule)))
