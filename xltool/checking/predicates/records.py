"""What predicates share: how one is called, the records of the table that its rule names, remarks about places."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal

from xltool.checking.predicates.remark import Remark
from xltool.checking.tell.telling import MAX_RELATED
from xltool.checking.tell.words import Words
from xltool.layout.book import Book
from xltool.layout.layout import BlockAt, Place
from xltool.model import Related, Severity, member_name
from xltool.template.spec import Rule, Slot

Predicate = Callable[[Book, Words, Rule], Iterator[Remark]]
"""A named test of a whole workbook; the rule says where to look and how loudly to speak."""

Record = tuple[Place, ...]
"""The places that a rule's `columns` name, in one row (or in one form)."""


def remark_at(book: Book, place: Place, message: str, severity: Severity, others: Iterable[Place] = ()) -> Remark:
    """A remark about the fact at `place`, that also speaks of `others`."""
    related = [(book.layout.cell(other), book.values.get(other)) for other in others]
    cells = [Related(cell, value) for cell, value in related if cell is not None][:MAX_RELATED]
    return Remark(message, book.layout.key(place), book.layout.cell(place), severity, None, cells)


def records(book: Book, rule: Rule) -> Iterator[Record]:
    """The records of the rule's table: one a row of the block that has its columns, one a form that has its fields."""
    for block in book.layout.blocks_of(rule.table):
        columns = [block.column_index.get(slot.column) for slot in rule.columns]
        for rows in _rows(block, rule.columns):
            places = [block.places[r][c] for r, c in zip(rows, columns, strict=True) if c is not None]
            if len(places) == len(columns):
                yield tuple(places)


def _rows(block: BlockAt, slots: tuple[Slot, ...]) -> Iterator[list[int]]:
    """The row of each slot, once a record."""
    if not slots[0].field:
        yield from ([r] * len(slots) for r in range(len(block.rows)))
        return
    found = [block.row_index.get((*block.above, slot.field)) for slot in slots]
    rows = [r for r in found if r is not None]
    if len(rows) == len(found):
        yield rows


def figure(book: Book, place: Place) -> Decimal | None:
    """The number at a place, None if there is none."""
    value = book.values.get(place)
    return value if isinstance(value, Decimal) else None


def text(book: Book, place: Place) -> str:
    """The text at a place; of a level of an indicator's path, that level's name."""
    block, row = book.layout.blocks[place.block], book.layout.blocks[place.block].rows[place.row]
    if block.columns[place.column].definition.kind != "path":
        value = book.values.get(place)
        return value.strip() if isinstance(value, str) else ""
    level = [column.kind for column in block.block.columns[: place.column]].count("path")
    path = row.path[len(block.above) :]
    return path[level] if level < len(path) else ""


def subject(book: Book, place: Place) -> str:
    """What the row (or the form) at a place is about, such as a project."""
    block = book.layout.blocks[place.block]
    return member_name((block.above or block.rows[place.row].path)[-1])


def heading(book: Book, place: Place) -> str:
    """The heading of the column at a place; of a form, the label of the field."""
    block = book.layout.blocks[place.block]
    return block.rows[place.row].label if block.block.is_form else block.columns[place.column].definition.id
