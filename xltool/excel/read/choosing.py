"""Finds out which template a workbook follows; of several whose tables are all there, the one that fits best."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from xltool.errors import NoTemplateFits
from xltool.excel.read.headings import find_headings
from xltool.excel.read.recognise import TITLE_ROWS, Found, recognised
from xltool.excel.read.rows.fixed import fixed_rows
from xltool.layout.plan import rows_in
from xltool.layout.seen import Rival
from xltool.source.sheet import Sheet, Source
from xltool.template.names import bare, normal, printed_years
from xltool.template.shelves import Library
from xltool.template.spec import Template


class Chosen(NamedTuple):
    """The template that a workbook is read with, and others of which it has just as many tables."""

    template: Template
    rivals: tuple[Rival, ...] = ()


def choose_template(source: Source, chosen: str | None, library: Library) -> Chosen:
    """The template the user chose, else the one noted in the workbook, else the one that fits best.

    The most tables count first, then the most titles: formats of one region share most of these. Among equals the one
    with the most of its columns and rows there, and the fewest that are not, then the one of the year that is printed,
    then the first. Templates with mistakes in their files fit no workbook that does not name them. Raises
    UnknownTemplate, TemplateError, or NoTemplateFits if no template's titles are there.
    """
    noted = source.noted.get("template", "")
    if chosen or noted in library.homes:
        return Chosen(library.load(chosen or noted))
    found = [(item.template, recognised(source, item.template)) for item in library.shelved() if item.template]
    most = max((_told(tables) for _, tables in found), default=(0, 0))
    if not any(most):
        raise NoTemplateFits("没有认出任何一张预算表：请确认这是预算工作簿，或用 --template 指明模板。")
    fitting = [(template, tables) for template, tables in found if _told(tables) == most]
    if len(fitting) == 1:
        return Chosen(fitting[0][0])
    year = _printed_year(source)
    fits = [(_lines_told(*item), item[0].year == year) for item in fitting]
    best = fits.index(max(fits))
    rivals = [
        Rival(template.id, template.title, fit == fits[best])
        for i, ((template, _), fit) in enumerate(zip(fitting, fits, strict=True))
        if i != best
    ]
    return Chosen(fitting[best][0], tuple(rivals))


def _told(found: Sequence[Found]) -> tuple[int, int]:
    """How many tables were found, and how many of them by their titles."""
    return len({item.table.id for item in found}), len({item.table.id for item in found if item.title_row})


def _lines_told(template: Template, found: Sequence[Found]) -> int:
    """How many columns and fixed rows of a template are there as they are printed, less those that are not."""
    there = {item.table.id: item for item in reversed(found)}
    return sum(
        1 if is_there else -1
        for table in template.tables.values()
        for is_there in (_lines(there[table.id]) if table.id in there else (False for _ in table.blocks))
    )


def _lines(found: Found) -> Iterator[bool]:
    """Whether each column and each fixed row of a table is there; what need not be there counts only if it is."""
    table, sheet, title_row = found
    labels = {bare(text) for row in range(1, sheet.height + 1) for text in sheet.texts(row) if text}
    for block in table.blocks:
        headings = None if block.is_form else find_headings(sheet, table, block, max(title_row, 1), sheet.height)
        if headings is not None:
            yield from (column > 0 and i not in headings.guessed for i, column in enumerate(headings.columns))
        for row, _ in fixed_rows(rows_in(block, table)):
            is_there = bare(row.label) in labels
            if is_there or not (row.optional or row.group or "{" in row.label or not normal(row.label)):
                yield is_there


def _printed_year(source: Source) -> int:
    """The year that most texts above the tables say; 0 if none does."""
    years = Counter(year for name in source.with_tables for year in _years(source.sheets[name]))
    return int(max(years, key=lambda year: years[year], default="0"))


def _years(sheet: Sheet) -> Iterator[str]:
    for row in range(1, min(TITLE_ROWS, sheet.height) + 1):
        for text in sheet.texts(row):
            yield from printed_years(text)
