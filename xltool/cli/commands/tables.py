"""`xltool tables`: what was recognised in a workbook."""

from __future__ import annotations

from pathlib import Path

import click

from xltool.api.books import tables
from xltool.cli import options, output
from xltool.cli.command import Command
from xltool.cli.types import FILE
from xltool.report.words.tables import tables_text


@click.command("tables", cls=Command)
@options.argument("file", "文件", "要看的工作簿。", type=FILE)
@options.template_or_found
@options.templates
def command(file: Path, template: str | None, templates: Path | None) -> None:
    """列出工作簿里认出的表：在哪张工作表，几行几栏，金额单位，怎样认出的；没有认出的工作表也列出来。"""
    output.say(tables_text(*tables(file, template, templates)))
