"""`xltool roster draft`: a first roster from the workbooks of the units."""

from __future__ import annotations

from pathlib import Path

import click

from xltool.api.batches import refuse_existing, workbooks
from xltool.api.paths import is_same
from xltool.api.units.rosters import draft_roster, identities
from xltool.cli import options, output
from xltool.cli.command import Command
from xltool.cli.types import FILE
from xltool.report.units.roster_words import drafted_roster_text


@click.command("roster draft", cls=Command)
@options.files_or_folders
@click.option("-o", "target", metavar="名册", type=FILE, required=True, help="要写的 .csv 或 .xlsx 文件。")
@options.template_or_found
@options.templates
@options.force
def command(files: tuple[Path, ...], target: Path, template: str | None, templates: Path | None, force: bool) -> int:
    """由收来的工作簿起草单位名册：编码、名称、上级单位取自工作簿。起草后要逐行核对。"""
    refuse_existing(target, force)
    paths = [file for file in workbooks(files) if not is_same(file, target)]  # an earlier roster may lie there too
    found = identities(paths, template=template, templates=templates)
    with output.progress(found, len(paths), "读取") as coming:
        done = draft_roster(zip(paths, coming, strict=True), target)
    for sentence in done.troubles:
        output.complain(sentence)
    output.say(drafted_roster_text(done.drafted.roster, done.drafted.remarks, target))
    return 2 if done.troubles else 0
