"""`xltool codes import`: a list of 科目 added to the user's own."""

from __future__ import annotations

from pathlib import Path

import click

from xltool import api
from xltool.catalogue.own_codes import own_codes_file
from xltool.cli import options, output
from xltool.cli.command import Command
from xltool.cli.types import FILE, YEAR
from xltool.report.words.codes import import_text


@click.command("codes import", cls=Command)
@options.argument("source", "文件", "CSV 或 .xlsx，有“编码”和“名称”两栏，可以另有“年度”。", type=FILE)
@click.option("--year", metavar="年度", type=YEAR, help="文件是哪一年的目录：没写年度的行算这一年起的。")
def command(source: Path, year: int | None) -> None:
    """把文件里的科目加进自己的科目目录。"""
    output.say(import_text(api.import_codes(source, year), own_codes_file()))
