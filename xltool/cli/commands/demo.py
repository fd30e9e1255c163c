"""`xltool demo`: the whole way from a blank workbook to a marked one, with real figures."""

from __future__ import annotations

from pathlib import Path

import click

from xltool import api
from xltool.api.templates import sample_facts
from xltool.cli import options, output
from xltool.cli.command import Command
from xltool.cli.types import FOLDER
from xltool.report.text import report_text

TEMPLATE = "qinglong-2024"


@click.command("demo", cls=Command)
@options.argument(
    "folder", "文件夹", "工作簿放在哪里；默认是当前位置下的 demo。", type=FOLDER, required=False, default="demo"
)
def command(folder: Path) -> None:
    """演示：生成空白工作簿，填入青龙县 2024 年公开的数，检查并标注。"""
    folder.mkdir(parents=True, exist_ok=True)
    blank, filled, marked = (
        folder / name for name in ("空白预算.xlsx", "青龙2024预算.xlsx", "青龙2024预算（已标注）.xlsx")
    )
    output.say("一、生成空白工作簿：公式、下拉选项、校验表都已做好，可以直接填数。")
    api.new(TEMPLATE, blank)
    output.say(f"    {blank}\n")
    output.say("二、填入青龙满族自治县信访局 2024 年部门预算公开的数，一个不改。")
    api.fill(TEMPLATE, sample_facts(TEMPLATE), filled)
    output.say(f"    {filled}\n")
    output.say("三、检查，并在副本上标注：\n")
    report = api.check(api.read(filled))
    output.say(report_text(report))
    count = api.annotate(filled, report.findings, marked).cells
    output.say(f"\n已标注 {count} 处，请用 Excel 或 WPS 打开看：\n    {marked}")
