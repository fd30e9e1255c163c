"""Rates that a rule computes from two amounts beside them (增减率、执行率), computed again."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from xltool.checking.predicates.records import figure, records
from xltool.equations.growth import NO_RATE
from xltool.equations.rounding.intervals import half_up
from xltool.layout.block import Place
from xltool.layout.book import Book
from xltool.model import Value
from xltool.template.merge_ways import RATE_RULES
from xltool.template.spec import Rule


class RateRecord(NamedTuple):
    """A rate, the part and the whole that it is of; of growth, this year's and last year's figure."""

    rate: Place
    part: Place
    whole: Place
    is_growth: bool


def rate_records(book: Book, rule: Rule) -> Iterator[RateRecord]:
    """The rates of a book that a rule is about; none if it is about something else."""
    order = RATE_RULES.get(rule.predicate)
    if order is not None and book.layout.blocks_of(rule.table):
        for record in records(book, rule):
            rate, part, whole = (record[at] for at in order)
            yield RateRecord(rate, part, whole, rule.predicate == "growth_rate")


def computed_rate(book: Book, record: RateRecord) -> Value:
    """part / whole, of growth less 1 (“—” if there is none), in the form and digits of what is printed there."""
    above, below = (Fraction(figure(book, place) or 0) for place in (record.part, record.whole))
    if not below:
        return NO_RATE
    printed = book.values.get(record.rate)
    share = above / below - record.is_growth
    if isinstance(printed, Decimal):
        return half_up(share, book.layout.unit(record.rate))
    digits = len((printed or "").rstrip("%％").partition(".")[2])
    return f"{half_up(share * 100, Decimal(1).scaleb(-digits)):f}%"


def computed_rates(book: Book, wanted: Collection[Place]) -> dict[Place, Value]:
    """Of the rates at some places, what they come to."""
    rules = book.template.rules.values() if wanted else ()
    found = (record for rule in rules for record in rate_records(book, rule))
    return {record.rate: computed_rate(book, record) for record in found if record.rate in wanted}
