"""`xltool addin install`: the ribbon into Excel."""

from __future__ import annotations

from pathlib import Path

import click

from xltool.addin.install.installing import install, status
from xltool.addin.install.places import program_of_ours
from xltool.addin.install.words import installed_text
from xltool.cli import options, output
from xltool.cli.command import Command


@click.command("addin install", cls=Command)
@options.startup_folder
def command(folder: Path) -> None:
    """把“预算工具”选项卡装进 Excel：只给自己用，不用管理员权限。换了版本、移动了文件夹以后再装一次。"""
    program = program_of_ours()
    output.say(installed_text(install(folder, program), program))
    for sentence in status(folder).blocked:
        output.complain(sentence)
