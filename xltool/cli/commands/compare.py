"""`xltool compare`: what changed between two workbooks."""

from __future__ import annotations

from pathlib import Path

import click

from xltool import api
from xltool.cli import options, output
from xltool.cli.command import Command
from xltool.cli.targets import ensure_another, ensure_json, ensure_workbook, is_screen, put_json
from xltool.cli.types import FILE, RENAMING


@click.command("compare", cls=Command, epilog="退出码：0 完全相同，1 有不同，2 无法比较。")
@options.argument("old", "旧工作簿", "上年的、前一版的、改正以前的工作簿。", type=FILE)
@options.argument("new", "新工作簿", "与它比较的工作簿。", type=FILE)
@click.option("-o", "target", metavar="增减表.xlsx", type=FILE, help="写成工作簿：增减表、增减图，列出全部不同。")
@click.option(
    "--same",
    metavar="旧名称=新名称",
    type=RENAMING,
    multiple=True,
    help="改了名的单位或项目，作为同一个比较；可以写几次。编码相同的不用写。",
)
@options.json_file
@options.templates
@options.force
def command(
    old: Path,
    new: Path,
    target: Path | None,
    same: tuple[tuple[str, str], ...],
    json: Path | None,
    templates: Path | None,
    force: bool,
) -> int:
    """比较两个工作簿：两个年度，一份预算的两版，或改正前后；列出每个数的增减额、增减率。"""
    from xltool.report.units.compare_words import comparison_json, comparison_text

    if target is not None:
        ensure_workbook(target, force)
        for source in (old, new):
            ensure_another(target, source)
    ensure_json(json, force)
    comparison = api.compare(old, new, target, same=same, templates=templates)
    if json is not None:
        put_json(json, comparison_json(comparison))
    if not is_screen(json):
        output.say(comparison_text(comparison))
        if target is not None:
            output.say(f"全部列在：{target}")
    return 0 if comparison.is_same else 1
