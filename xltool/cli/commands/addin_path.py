"""`xltool addin path`: where the ribbon is, or would be."""

from __future__ import annotations

from pathlib import Path

import click

from xltool.addin.install.places import FILE
from xltool.cli import options, output
from xltool.cli.command import Command


@click.command("addin path", cls=Command)
@options.startup_folder
def command(folder: Path) -> None:
    """显示选项卡的文件装在（或会装在）哪里：Excel 的启动文件夹里的 xltool.xlam。"""
    output.say(str(folder / FILE))
