"""What `fill` must be told so that it gives a book again: its facts, and the totals that it leaves blank."""

from __future__ import annotations

from collections.abc import Iterator

from xltool.equations.instances import formulas
from xltool.layout.block import Place
from xltool.layout.book import NOTE, Book
from xltool.model import Fact


def blank_totals(book: Book) -> Iterator[Place]:
    """The cells that a new workbook computes, blank in this one although something they add up is filled in."""
    for place, equation in formulas(book.layout).items():
        if book.values.get(place) is None and any(book.values.get(part) is not None for _, part in equation.right):
            yield place


def facts_and_blanks(book: Book) -> list[Fact]:
    """Every fact of `book`; with the value None, its blank totals; table by table, row by row, footnotes last."""
    layout = book.layout
    blanks = [Fact(layout.key(place), None, layout.cell(place)) for place in blank_totals(book)]
    tables = list(dict.fromkeys(block.table.id for block in layout.blocks))

    def position(fact: Fact) -> tuple[int, int, Place]:
        place = layout.place(fact.key)
        is_note = fact.key.column == NOTE
        return tables.index(fact.key.table), is_note, place or Place(0, 0, 0)

    return sorted([*book.facts.values(), *blanks], key=position)
