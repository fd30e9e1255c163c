"""What predicates about rates share: what a printed figure may have been before it was rounded."""

from __future__ import annotations

from decimal import Decimal

from xltool.checking.predicates.records import Record, figure
from xltool.equations.rounding.intervals import Interval, around
from xltool.layout.block import Place
from xltool.layout.book import Book

HIDDEN_TOLERANCE = (
    "表里的数是四舍五入来的：只要四舍五入前可能有这样的数，就算相符。如 89.94 ÷ 91.66 可以是 98.13%，不可以是 98.20%。"
)


def as_shares(book: Book, record: Record) -> list[Decimal | None]:
    """The figures of a record of percentages; 25, 50, 100 under headings with % are 25 %, 50 % and the whole."""
    found = [figure(book, place) for place in record]
    filled = [value for value in found if value]
    is_in_percent = len(found) > 1 and found[-1] == 100 and all(1 <= value <= 100 for value in filled)
    return [value.scaleb(-2) if value is not None and is_in_percent else value for value in found]


def hidden_at(book: Book, place: Place) -> Interval:
    """What the figure at a place may have been before it was rounded."""
    return around(figure(book, place) or Decimal(0), printed_unit(book, place))


def printed_unit(book: Book, place: Place) -> Decimal:
    """What the figure at a place is rounded to."""
    return book.layout.unit_of(place, figure(book, place) or Decimal(0))
