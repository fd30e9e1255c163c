"""`xltool rules`: the rules of a template, or one explained."""

from __future__ import annotations

from pathlib import Path

import click

from xltool.checking.problems import KINDS
from xltool.cli import options, output
from xltool.cli.command import Command
from xltool.errors import XltoolError
from xltool.library import library
from xltool.merge.findings.kinds import MERGE_KINDS
from xltool.report.rule_words import explain, explain_kind, rule_lines


@click.command("rules", cls=Command)
@options.template
@options.argument("rule", "编号", "规则编号，如 X17。", required=False)
@options.templates
def command(template: str, rule: str | None, templates: Path | None) -> None:
    """列出审核规则；写了编号，则说明这一条的等式、允许差和例子。"""
    spec = library(templates).load(template)
    if rule is None:
        output.say("\n".join(rule_lines(spec)))
        return
    wanted = rule.upper()
    texts = [explain(spec, one) for one in spec.rules.values() if one.id == wanted]
    texts += [explain_kind(kind) for kind in (*KINDS, *MERGE_KINDS) if kind.id == wanted]
    if not texts:
        raise XltoolError(f"模板“{spec.id}”没有编号为“{rule}”的规则：用 xltool rules {spec.id} 看全部编号。")
    output.say("\n\n".join(texts))
