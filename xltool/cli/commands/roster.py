"""`xltool roster`: what a roster holds."""

from __future__ import annotations

from pathlib import Path

import click

from xltool.api.units.rosters import read_roster
from xltool.cli import options, output
from xltool.cli.command import Command
from xltool.cli.types import FILE
from xltool.report.units.roster_words import roster_text


@click.command("roster", cls=Command)
@options.argument(
    "source", "名册", "CSV、.xlsx 或 TOML 文件。", type=FILE, shell_complete=options.second_words_and_files
)
def command(source: Path) -> None:
    """看单位名册写得对不对：写错的行一次全部列出；没有错，就照上下级列出各单位。"""
    output.say(roster_text(read_roster(source), source))
