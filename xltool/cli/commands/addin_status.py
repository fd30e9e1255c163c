"""`xltool addin status`: how the ribbon stands."""

from __future__ import annotations

from pathlib import Path

import click

from xltool.addin.install.installing import status
from xltool.addin.install.words import status_text
from xltool.cli import options, output
from xltool.cli.command import Command


@click.command("addin status", cls=Command, epilog="退出码：0 装好了，1 没有装，或者有要处理的，2 看不了。")
@options.startup_folder
def command(folder: Path) -> int:
    """看选项卡装了没有，启动哪个程序，是不是这个版本的，有没有被 Excel 的设置拦住。"""
    found = status(folder)
    output.say(status_text(found))
    return 0 if found.works else 1
