"""`xltool clear`: takes our marks off workbooks."""

from __future__ import annotations

from pathlib import Path

import click

from xltool.api.batches import clear_files, expanded
from xltool.cli import options, output
from xltool.cli.command import Command
from xltool.cli.types import FILE


@click.command("clear", cls=Command)
@options.files
@click.option(
    "-o", "out", metavar="位置", type=FILE, help="写到另一个文件，原文件不动；有多个文件时写文件夹，没有会新建。"
)
@click.option("--all", "everything", is_flag=True, help="连 check --keep 写的“审核说明”表也去掉。")
@options.force
def command(files: tuple[Path, ...], out: Path | None, everything: bool, force: bool) -> int:
    """去掉 check 加的颜色和批注，其余内容原样不动。"""
    codes = []
    for outcome in clear_files(expanded(files), out=out, force=force, everything=everything):
        codes.append(outcome.code)
        if outcome.text:
            output.say(outcome.text)
        if outcome.trouble:
            output.complain(outcome.trouble)
    return max(codes)
