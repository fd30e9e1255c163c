"""Writes a workbook of a template, with a different figure in every cell, and reads it again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path as FilePath
from tempfile import TemporaryDirectory

from xltool.equations.evaluate import Values, compute
from xltool.equations.filling import blank
from xltool.errors import XltoolError
from xltool.excel.read.sheets.source import open_workbook
from xltool.excel.read.workbook import read
from xltool.excel.write.workbook import write
from xltool.layout.block import Place
from xltool.layout.book import Book
from xltool.layout.layout import Layout
from xltool.library import library
from xltool.linting.advice import Advice
from xltool.linting.outlines import usual_outline
from xltool.linting.words import by_table, cells_in_words
from xltool.model import Severity
from xltool.template.spec import Template

_HINT = "请看栏名、行名有没有重复的、空白的，行名是不是以“注：”开头（会当作表下的注）"


def reading_advice(home: FilePath, template: Template, files: Mapping[str, str]) -> Iterator[Advice]:
    """What is lost between writing and reading: tables, columns and rows that can't be told apart or not be found."""
    layout, _, live = blank(template, usual_outline(template))
    places = [place for block in layout.blocks for place in block.figures()]
    values: Values = {place: Decimal(number) for number, place in enumerate(places, 1) if place not in live}
    compute(values, live)
    with TemporaryDirectory() as folder:
        path = FilePath(folder) / "workbook.xlsx"
        write(layout, values, live, path)
        try:
            book = read(open_workbook(path), str(home), library())
        except XltoolError as error:
            yield Advice(Severity.ERROR, f"用它生成的工作簿读不回来：{error}")
            return
    lost = [place for place, value in values.items() if _read_value(place, layout, book) != value]
    for table, cells in by_table(lost, layout).items():
        text = f"{files[table]}：用它生成的工作簿读不回这些数：{cells_in_words(cells, layout)}。{_HINT}"
        yield Advice(Severity.ERROR, text)


def _read_value(place: Place, layout: Layout, book: Book) -> object:
    found = book.layout.place(layout.key(place))
    return None if found is None else book.values.get(found)
