"""Checks a workbook by the template that knows its tables, or else by what follows from the workbook itself."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from xltool.api import books
from xltool.errors import NoTemplateFits, TableNotFound, TemplateError

if TYPE_CHECKING:
    from xltool.diagnose.report import Report
    from xltool.excel.file.package import Package
    from xltool.model import Acceptance

_FEW, _MANY = 2, 3
"""A format that happens to share titles with a template: fewer than one in `_FEW` of the template's tables are there,
and the workbook has `_MANY` times as many."""


def checked(
    source: Package, template: str | None, templates: Path | None, accepted: Collection[Acceptance] = ()
) -> Report:
    """The findings about a workbook; `Report.basis` says so if they rest on nothing but the workbook itself.

    Of those that are `accepted` the report says so.

    Raises FileRefused, UnknownTemplate, TemplateError, TableNotFound.
    """
    try:
        book = books.read(source, template, templates)
    except NoTemplateFits as error:
        if (by_itself := _by_itself(source, accepted)) is None:
            raise error from None
        return by_itself
    few = not template and not book.noted and _FEW * len(book.layout.tables) < len(book.template.tables)
    by_itself = _by_itself(source, accepted) if few else None
    if by_itself is not None and len(by_itself.book.layout.tables) >= _MANY * len(book.layout.tables):
        return by_itself
    return books.check(book, accepted)


def _by_itself(source: Package, accepted: Collection[Acceptance]) -> Report | None:
    """What follows from the workbook alone; None if it has no tables that can be told apart."""
    from xltool.diagnose.accepting import accepting
    from xltool.diagnose.report import check
    from xltool.drafting.inferred import read_by_itself, weighed
    from xltool.excel.read.sheets.source import open_workbook

    try:
        book = read_by_itself(open_workbook(source))
    except (TableNotFound, TemplateError):
        return None
    return accepting(weighed(check(book)), accepted)
