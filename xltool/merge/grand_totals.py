"""收入总计 and 支出总计 of a workbook, in 元."""

from __future__ import annotations

from decimal import Decimal

from xltool.equations.references import places_at
from xltool.expression import Reference
from xltool.layout.book import Book


def figure_in_yuan(book: Book, reference: Reference | None) -> Decimal | None:
    """What stands where a template refers to; None where it refers to nothing, or nothing is filled in there."""
    if reference is None:
        return None
    places = places_at(reference, book.layout)
    found = [value * book.layout.yuan_of(at) for at in places if isinstance(value := book.values.get(at), Decimal)]
    return sum(found, Decimal(0)) if found else None
