"""Rates that are printed beside the amounts they come from: computed again where rounding has left them wrong."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from xltool.checking.predicates import PREDICATES
from xltool.checking.predicates.records import figure, records
from xltool.checking.tell.words import Words
from xltool.equations.intervals import half_up
from xltool.layout.book import Book
from xltool.layout.layout import Place
from xltool.model import FactKey, Value
from xltool.template.spec import Rule

_NO_RATE = "—"


def renewed_rates(exact: Book, rounded: Book) -> dict[Place, Value]:
    """The rates that were right for the exact amounts but are not for the rounded ones, as these give them.

    Both books have the same layout. A rate of growth over what has become 0 is “—”.
    """
    found: dict[Place, Value] = {}
    for rule in rounded.template.rules.values():
        if rule.predicate in ("ratio", "growth_rate") and rounded.layout.blocks_of(rule.table):
            wrong = _wrong(rounded, rule) - _wrong(exact, rule)
            for record in records(rounded, rule) if wrong else ():
                rate, part, whole = record if rule.predicate == "ratio" else (record[2], *record[:2])
                if rounded.layout.key(rate) in wrong:
                    found[rate] = _rate(rounded, rate, part, whole, is_growth=rule.predicate == "growth_rate")
    return found


def _wrong(book: Book, rule: Rule) -> set[FactKey | None]:
    find = PREDICATES[rule.predicate].find
    words = Words(book.layout, book.values)
    return {finding.key for finding in find(book, words, rule)} if find is not None else set()


def _rate(book: Book, rate: Place, part: Place, whole: Place, is_growth: bool) -> Value:
    """part / whole, of growth less 1 ("—" if there is none), in the form and digits of what is printed there."""
    above, below = (Fraction(figure(book, place) or 0) for place in (part, whole))
    if not below:
        return _NO_RATE
    printed = book.values.get(rate)
    share = above / below - is_growth
    if isinstance(printed, Decimal):
        return half_up(share, book.layout.unit(rate))
    digits = len((printed or "").rstrip("%％").partition(".")[2])
    return f"{half_up(share * 100, Decimal(1).scaleb(-digits)):f}%"
