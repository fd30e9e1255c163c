"""`xltool codes`: 科目 looked up by code or name."""

from __future__ import annotations

import click

from xltool import api
from xltool.cli import options, output
from xltool.cli.command import Command
from xltool.cli.types import YEAR
from xltool.report.words.codes import code_text


@click.command("codes", cls=Command, epilog="退出码：0 找到了，1 没有找到。")
@options.argument(
    "text",
    "编码或名称",
    "编码的开头几位，或名称的一部分；不写时列出全部科目。",
    required=False,
    shell_complete=options.second_words,
)
@click.option("--year", metavar="年度", type=YEAR, help="只列这一年有的科目。")
def command(text: str | None, year: int | None) -> int:
    """查政府收支分类科目的编码和名称。"""
    found = api.codes(text or "", year)
    if found.codes or found.changes:
        output.say(code_text(found))
        return 0
    then = f" {year} 年的" if year else ""
    output.complain(f"{then}目录里没有“{text or ''}”。目录不全：如确有此科目，可用 xltool codes import 加入。".strip())
    return 1
