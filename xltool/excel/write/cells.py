"""Puts single values, formulas and merged cells on a sheet that is being written; text never becomes a formula."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from xltool.errors import FileRefused
from xltool.excel.write.styles import Styles
from xltool.excel.write.thousands import LargeWorkbook
from xltool.layout.block import Place
from xltool.layout.equation import Equation
from xltool.layout.geometry import Band, bands
from xltool.layout.layout import Layout, TableAt
from xltool.model import Value

MOST_LINKS = 60_000
"""Of one sheet; Excel opens none with more than 65,530."""

LONGEST_FORMULA = 8191
"""Letters without the "="; Excel's specifications say 8,192."""

_MOST_LETTERS = 32767  # counted as UTF-16 does
_SHOWN_LETTERS = 20


@dataclass(frozen=True)
class Job:
    """One workbook being written: what to write, and the formats to write it with.

    `links` are the formulas of cells that another table gives, `sources` of those that an added sheet gives.
    """

    workbook: LargeWorkbook
    styles: Styles
    layout: Layout
    values: Mapping[Place, Value]
    live: Mapping[Place, Equation]
    links: Mapping[Place, str]
    sources: Mapping[Place, str]

    def text(self, template_text: str) -> str:
        """A text of the template with its placeholders filled in."""
        return self.layout.outline.text(template_text)

    def bands(self, table: TableAt) -> list[Band]:
        """The bands of a table, top to bottom."""
        return self._bands[table.sheet]

    @cached_property
    def _bands(self) -> dict[str, list[Band]]:
        return {table.sheet: bands(table) for table in self.layout.tables.values()}


def put(sheet: Worksheet, row: int, column: int, value: Value, look: Format) -> None:
    """Write a literal value; a Decimal as a number, a str always as text, None as an empty cell."""
    if value is None or value == "":
        sheet.write_blank(row - 1, column - 1, None, look)
    elif isinstance(value, Decimal):
        sheet.write_number(row - 1, column - 1, float(value), look)
    else:
        refuse_too_long(value, f"工作表“{sheet.name}”第 {row} 行")
        sheet.write_string(row - 1, column - 1, value, look)


def refuse_too_long(text: str, where: str) -> None:
    """Raise FileRefused if a cell cannot hold the text, which would be cut."""
    if len(text.encode("utf-16-le", "surrogatepass")) // 2 > _MOST_LETTERS:
        beginning = text[:_SHOWN_LETTERS]
        raise FileRefused(f"{where}的文字“{beginning}…”有 {len(text)} 字，一格最多 {_MOST_LETTERS} 字：请缩短后再试。")


def put_formula(sheet: Worksheet, row: int, column: int, formula: str, look: Format, cached: Value) -> None:
    """Write a live formula (without "=") with its result; the result of a sum of blank cells is 0.

    Excel opens no workbook with a longer formula than it takes: then its result stands there. Only sums over some
    hundred sheets are so long, in a 汇总 of many units, whose figures are not typed.
    """
    result = float(cached) if isinstance(cached, Decimal) else 0 if cached is None else cached
    if len(formula) > LONGEST_FORMULA:
        sheet.write(row - 1, column - 1, result, look)
        return
    sheet.write_formula(row - 1, column - 1, f"={formula}", look, result)


def put_merged(sheet: Worksheet, top: int, left: int, bottom: int, right: int, value: Value, look: Format) -> None:
    """Write a value over a rectangle of cells."""
    merge(sheet, top, left, bottom, right, look)
    put(sheet, top, left, value, look)


def merge(sheet: Worksheet, top: int, left: int, bottom: int, right: int, look: Format) -> None:
    """Merge a rectangle of cells, if there is more than one."""
    if (top, left) != (bottom, right):
        sheet.merge_range(top - 1, left - 1, bottom - 1, right - 1, "", look)
