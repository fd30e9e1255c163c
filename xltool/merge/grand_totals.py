"""收入总计 and 支出总计 of a workbook, in 元."""

from __future__ import annotations

from decimal import Decimal

from xltool.expression import Reference
from xltool.layout.book import Book
from xltool.template.spec import YUAN


def figure_in_yuan(book: Book, reference: Reference | None) -> Decimal | None:
    """What stands where a template refers to; None where it refers to nothing, or nothing is filled in there."""
    if reference is None:
        return None
    found = [
        value * YUAN[book.layout.amount_unit(block.index)]
        for block in book.layout.blocks_of(reference.table, reference.column)
        for row in block.rows_named(reference.row)
        if isinstance(value := book.values.get(block.places[row][block.column_index[reference.column]]), Decimal)
    ]
    return sum(found, Decimal(0)) if found else None
