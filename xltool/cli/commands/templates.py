"""`xltool templates`: which templates there are, and what one holds."""

from __future__ import annotations

from pathlib import Path

import click

from xltool.cli import options, output
from xltool.cli.command import Command
from xltool.library import library
from xltool.report.words.templates import template_list, template_text


@click.command("templates", cls=Command)
@options.argument(
    "template",
    "模板",
    "模板名，如 qinglong-2024，或自己的模板文件夹。",
    required=False,
    shell_complete=options.second_words_and_templates,
)
@options.templates
def command(template: str | None, templates: Path | None) -> None:
    """列出模板；写了模板名，则列出它的表、栏和审核规则。"""
    known = library(templates)
    output.say(template_list(known.shelved()) if template is None else template_text(known.load(template)))
