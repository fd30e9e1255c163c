"""What predicates about tables as a whole share: whether one has figures, and where to tell what it lacks."""

from __future__ import annotations

from xltool.checking.predicates.records import figure
from xltool.layout.block import Place
from xltool.layout.book import NOTE, Book
from xltool.layout.layout import TableAt
from xltool.model import CellRef, FactKey


def first_amount(book: Book, table: TableAt) -> Place | None:
    """The first amount of a table that is not 0; None if it has none."""
    places = (place for block in table.blocks for place in block.figures())
    return next((place for place in places if figure(book, place)), None)


def note_of(table: TableAt) -> FactKey:
    """The key of a table's footnotes."""
    return FactKey(table.table.id, (*table.above, *NOTE), NOTE)


def title_of(table: TableAt) -> CellRef:
    """The cell of a table's title."""
    return CellRef(table.sheet, max(table.title_row, 1), 1)
