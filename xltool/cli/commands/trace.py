"""`xltool trace`: where a figure of a 汇总 comes from."""

from __future__ import annotations

from pathlib import Path

import click

from xltool.api.units.tracing import trace
from xltool.cli import options, output
from xltool.cli.command import Command
from xltool.cli.types import FILE
from xltool.report.units.trace_words import trace_text


@click.command("trace", cls=Command)
@options.argument("file", "汇总", "xltool merge 写出的汇总。", type=FILE)
@options.argument("cell", "单元格", "要追溯的数，写成“工作表!单元格”，如 '支出总表!E12'。")
@options.template_or_found
@options.templates
def command(file: Path, cell: str, template: str | None, templates: Path | None) -> None:
    """看汇总里的一个数从哪里来：哪些单位的哪个文件、哪个单元格，各是多少，抵销了多少；合计由哪几格相加。"""
    output.say(trace_text(trace(file, cell, template=template, templates=templates)))
