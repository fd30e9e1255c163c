"""`xltool fill`: a workbook filled from a long table."""

from __future__ import annotations

from pathlib import Path

import click

from xltool import api
from xltool.cli import options, output
from xltool.cli.command import Command
from xltool.cli.targets import ensure_workbook
from xltool.cli.types import FILE


@click.command("fill", cls=Command)
@options.template
@options.argument("facts", "数据表", "CSV 或 .xlsx 文件，如 read 写出的。", type=FILE)
@options.workbook
@options.templates
@options.heads
@options.force
def command(
    template: str,
    facts: Path,
    target: Path,
    templates: Path | None,
    unit: str | None,
    year: int | None,
    amount_unit: str | None,
    force: bool,
) -> None:
    """用数据表填好一个工作簿。数据表的栏是 table,row,column,value，行和栏的上下级用“/”连接。"""
    ensure_workbook(target, force)
    api.fill(template, facts, target, unit=unit, year=year, amount_unit=amount_unit, templates=templates)
    output.say(f"已生成填好的工作簿：{target}")
