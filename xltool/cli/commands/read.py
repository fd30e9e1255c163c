"""`xltool read`: the facts of one workbook or many as a long table, in a file or on the screen."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

import click

from xltool import api
from xltool.api.batches import refuse_existing, workbooks
from xltool.api.failures import Failure
from xltool.api.paths import is_same
from xltool.api.units.collecting import collect, lines_of, refuse_over_budget
from xltool.cli import options, output
from xltool.cli.command import Command
from xltool.cli.types import FILE
from xltool.collecting.text import csv_lines
from xltool.csv_text import csv_text
from xltool.layout.book import Book
from xltool.layout.facts_csv import fact_lines
from xltool.layout.long_table import Line

_ONE_FILE = (".csv", ".xlsx", ".json")


@click.command(
    "read", cls=Command, epilog="退出码：0 全部读成，2 有文件没能读（其余的照样写出）。一个也没有读成时不写文件。"
)
@options.files_or_folders
@click.option(
    "-o",
    "target",
    metavar="数据表",
    type=FILE,
    help="要写的文件：.csv、.xlsx、.json、.parquet、.sqlite 或 .db；不写时显示在屏幕上。",
)
@options.template_or_found
@options.templates
@options.force
def command(
    files: tuple[Path, ...], target: Path | None, template: str | None, templates: Path | None, force: bool
) -> int:
    """把工作簿里的每一个数读成数据表，并写明所在单元格；几个工作簿读成一张，另写明单位、文件、年度和折成元的金额。"""
    if target is not None:
        refuse_existing(target, force)
    paths = workbooks(files)
    if target is not None:
        refuse_over_budget(target, paths, template, templates)
    if len(paths) == 1 and not files[0].is_dir() and (target is None or target.suffix.lower() in _ONE_FILE):
        return _read_one(paths[0], target, template, templates)
    others = [path for path in paths if target is None or not is_same(path, target)]  # an earlier table lies there too
    return _read_many(others, target, template, templates)


def _read_one(file: Path, target: Path | None, template: str | None, templates: Path | None) -> int:
    """The table that `fill` reads again."""
    book = api.read(file, template, templates)
    if target is None:
        output.say(csv_text(fact_lines(api.facts(book), with_cells=True)), newline=False)
        return 0
    api.save_facts(book, target)
    output.say(f"已写出 {len(api.facts(book))} 行：{target}")
    heads = _heads(book)
    if heads:
        output.say(f"用 fill 填回时请加上：{heads}")
    return 0


def _read_many(files: list[Path], target: Path | None, template: str | None, templates: Path | None) -> int:
    """The long table of all units."""
    troubles: list[str] = []

    def trouble(sentence: str) -> None:
        troubles.append(sentence)
        output.complain(sentence)

    if target is None:
        _show(lines_of(files, template=template, templates=templates), trouble)
    else:
        watch = partial(output.progress, what="读取")
        done = collect(files, target, template=template, templates=templates, tell=trouble, watch=watch)
        output.say(f"已写出 {done.lines} 行，来自 {done.files} 个工作簿：{target}")
        if done.unread:
            output.say(f"其中 {done.unread} 格应填数而不是数：value 空着，格里的内容写在 text 栏。")
        if troubles:
            output.say(f"没能读 {len(troubles)} 个文件，原因见上。")
    return 2 if troubles else 0


def _show(found: Iterable[list[Line] | Failure], trouble: Callable[[str], None]) -> None:
    """The table on the screen, as the files come."""
    output.say(csv_text([Line._fields]), newline=False)
    for lines in found:
        if isinstance(lines, Failure):
            trouble(lines.sentence)
        else:
            output.say(csv_lines(lines), newline=False)


def _heads(book: Book) -> str:
    """The options with which `fill` prints the same heads: a long table does not hold them."""
    outline, template = book.outline, book.template
    options = {
        "--unit": (outline.department, template.department),
        "--year": (outline.year, template.year),
        "--amount-unit": (outline.amount_unit, template.amount_unit),
    }
    return " ".join(f"{name} {_quoted(str(own))}" for name, (own, usual) in options.items() if own and own != usual)


def _quoted(text: str) -> str:
    return f'"{text}"' if " " in text else text
