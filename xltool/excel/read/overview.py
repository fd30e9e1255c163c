"""What was recognised in a workbook, sheet by sheet, and by what: for whoever wonders why a table is missing."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from xltool.excel.read.recognise import is_named_after
from xltool.layout.book import Book
from xltool.layout.layout import TableAt
from xltool.source.sheet import Sheet, Source
from xltool.template.printed import pattern


class How(Enum):
    """What a table was recognised by, the surest first."""

    NAME = "name"
    TITLE = "title"
    DECORATED = "decorated title"
    SHEET = "sheet"
    HEADINGS = "headings"
    COPY = "copy"
    NOTHING = "nothing"


class SheetSeen(NamedTuple):
    """One sheet that may hold a table: `table` is None if none was read from it, `original` what it is a copy of."""

    sheet: str
    how: How
    is_hidden: bool
    table: TableAt | None = None
    original: str = ""


def overview(source: Source, book: Book) -> list[SheetSeen]:
    """Every sheet of the source that `book` was read from, but for those that `xltool` puts beside the tables."""
    tables = {table.sheet: table for table in book.layout.tables.values()}
    copies = {copy.title.sheet: copy.original for copy in book.seen.left_out}
    seen = []
    for name in source.with_tables:
        table = tables.get(name)
        if table is not None:
            how = How.NAME if name in source.originals else _title(source.sheets[name], table)
        else:
            how = How.COPY if name in copies else How.NOTHING
        seen.append(SheetSeen(name, how, name in source.hidden, table, copies.get(name, "")))
    return seen


def _title(sheet: Sheet, table: TableAt) -> How:
    if not table.title_row:
        return How.SHEET if is_named_after(sheet, table.table) else How.HEADINGS
    title = pattern(table.table.title)
    exact = any(title.fullmatch(text) for text in sheet.texts(table.title_row))
    return How.TITLE if exact else How.DECORATED
