"""`xltool addin uninstall`: the ribbon out of Excel."""

from __future__ import annotations

from pathlib import Path

import click

from xltool.addin.install.installing import uninstall
from xltool.addin.install.words import uninstalled_text
from xltool.cli import options, output
from xltool.cli.command import Command


@click.command("addin uninstall", cls=Command)
@options.startup_folder
def command(folder: Path) -> None:
    """从 Excel 去掉“预算工具”选项卡；工作簿和 xltool 自己都不动。"""
    output.say(uninstalled_text(folder, uninstall(folder)))
