"""`xltool templates draft`: a first template from an official workbook."""

from __future__ import annotations

from pathlib import Path

import click

from xltool import api
from xltool.cli import options, output
from xltool.cli.command import Command
from xltool.cli.types import FILE, FOLDER
from xltool.report.words.drafts import draft_text


@click.command("templates draft", cls=Command)
@options.argument("file", "官方表.xlsx", "官方的工作簿，空白的或填好的。", type=FILE)
@click.option("-o", "target", metavar="文件夹", type=FOLDER, required=True, help="模板写到哪个文件夹。")
@click.option("--force", is_flag=True, help="文件夹已有模板时覆盖它。")
def command(file: Path, target: Path, force: bool) -> None:
    """照官方的 Excel 表（空白的或填好的）起草一套模板：表名、栏、行、看得出的合计。起草后要逐表核对。"""
    output.say(draft_text(api.draft(file, target, force=force), file, target))
