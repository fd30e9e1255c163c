"""`xltool read`: the facts of a workbook as a long table, in a file or on the screen."""

from __future__ import annotations

from pathlib import Path

import click

from xltool import api
from xltool.api.batches import refuse_existing
from xltool.cli import options, output
from xltool.cli.command import Command
from xltool.cli.types import FILE
from xltool.csv_text import csv_text
from xltool.layout.book import Book
from xltool.layout.facts_csv import fact_lines


@click.command("read", cls=Command)
@options.argument("file", "文件", "要读取的工作簿。", type=FILE)
@click.option("-o", "target", metavar="数据表", type=FILE, help=".csv、.xlsx 或 .json 文件；不写时显示在屏幕上。")
@options.template_or_found
@options.templates
@options.force
def command(file: Path, target: Path | None, template: str | None, templates: Path | None, force: bool) -> None:
    """把工作簿里的每一个数读成数据表，并写明所在单元格。"""
    if target is not None:
        refuse_existing(target, force)
    book = api.read(file, template, templates)
    if target is None:
        output.say(csv_text(fact_lines(api.facts(book), with_cells=True)), newline=False)
        return
    api.save_facts(book, target)
    output.say(f"已写出 {len(api.facts(book))} 行：{target}")
    heads = _heads(book)
    if heads:
        output.say(f"用 fill 填回时请加上：{heads}")


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
