"""`xltool check`: the findings of workbooks, told and marked in their cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from xltool.api.batches import Outcome, check_files, expanded, totals
from xltool.cli import options, output
from xltool.cli.command import Command
from xltool.cli.targets import ensure_json, ensure_list, ensure_page, is_screen
from xltool.cli.types import FILE
from xltool.errors import FileRefused
from xltool.saving import save_file


@click.command(
    "check", cls=Command, epilog="退出码：0 没有问题（可以有尾差），1 有问题，2 有文件没能检查。几个文件取最坏的。"
)
@options.files
@click.option(
    "-o",
    "out",
    metavar="位置",
    type=FILE,
    help="标注写到另一个文件，原文件不动；有多个文件时写文件夹，没有会新建。",
)
@click.option("--dry-run", is_flag=True, help="只报告，不标注，不改任何文件。")
@click.option(
    "--list",
    "finding_list",
    metavar="清单",
    type=FILE,
    help="另写一份问题清单（.xlsx 或 .csv）：一行一个问题，可以排序、筛选、打印、写说明。",
)
@click.option(
    "--html",
    metavar="报告",
    type=FILE,
    help="另写一份网页报告（.html）：一个文件，不用联网，画出每个问题的位置，可以发给要改的人、打印。",
)
@click.option(
    "--accepted",
    metavar="清单",
    type=FILE,
    help="写了说明的问题清单：说明了的警告算作已说明，不再标注；数变了就重新提出。",
)
@click.option("--keep", is_flag=True, help="把说明存进工作簿，放在最后的“审核说明”表，以后检查不用再写。")
@options.json_file
@options.template_or_found
@options.templates
@options.force
def command(
    files: tuple[Path, ...],
    out: Path | None,
    dry_run: bool,
    finding_list: Path | None,
    html: Path | None,
    accepted: Path | None,
    keep: bool,
    json: Path | None,
    template: str | None,
    templates: Path | None,
    force: bool,
) -> int:
    """检查工作簿：核对每条审核规则，在有问题的单元格上标注颜色和批注。"""
    if keep and dry_run:
        raise FileRefused("--keep 要把说明写进工作簿，不能和 --dry-run 一起写。")
    paths = expanded(files)
    ensure_json(json, force)
    ensure_list(finding_list, [*paths, out, accepted], force)
    ensure_page(html, [*paths, out, accepted, finding_list, json], force)
    on_screen = is_screen(json)
    outcomes = check_files(
        paths,
        out=out,
        dry_run=dry_run,
        template=template,
        templates=templates,
        force=force,
        with_json=json is not None,
        accepted=accepted,
        keep=keep,
        finding_list=finding_list,
        html=html,
    )
    codes: list[int] = []
    with output.progress(outcomes, 0 if on_screen else len(paths), "检查") as coming:
        documents = _told(coming, codes, silent=on_screen, apart=len(paths) > 1)
        pieces = documents if json is None or len(paths) == 1 else _listed(documents)
        if on_screen:
            for piece in pieces:
                output.say_json(piece)
        elif (content := "".join(pieces)) and json is not None:
            save_file(json, content.encode())
    if len(paths) > 1 and not on_screen:
        output.say(totals(codes))
    return max(codes)


def _listed(documents: Iterable[str]) -> Iterator[str]:
    from xltool.report.json import listed

    return listed(documents)


def _told(outcomes: Iterable[Outcome], codes: list[int], silent: bool, apart: bool) -> Iterator[str]:
    """The reports as JSON; what there is to tell is told, and the exit codes are noted, as the files come."""
    for outcome in outcomes:
        codes.append(outcome.code)
        if outcome.text and not silent:
            output.say(outcome.text)
        if outcome.trouble:
            output.complain(outcome.trouble)
        if outcome.text and apart and not silent:
            output.say("")
        if outcome.document:
            yield outcome.document
