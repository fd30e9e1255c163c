"""Drafts a workbook with all that its figures say of each other: column by column, and rate by rate."""

from __future__ import annotations

from xltool.drafting.agreements import agreements
from xltool.drafting.doubts import lost_rows
from xltool.drafting.draft import make_draft
from xltool.drafting.ratios import ratios
from xltool.drafting.spec import Draft
from xltool.drafting.toml_text import template_of_draft
from xltool.errors import TableNotFound
from xltool.excel.read.workbook import read_as
from xltool.source.sheet import Source


def draft_with_relations(source: Source) -> Draft:
    """The draft of a workbook, with the agreements and ratios that its figures show once it is read by that draft, and
    with doubts about rows that cannot be read so.

    Two tables that cannot be told apart leave those out. Raises FileRefused, and TableNotFound if no sheet has a table.
    """
    drafted = make_draft(source)
    try:
        book = read_as(source, template_of_draft(drafted))
    except TableNotFound:
        return drafted
    drafted.agreements += agreements(book)
    drafted.ratios += ratios(book)
    drafted.doubts += lost_rows(book)
    return drafted
