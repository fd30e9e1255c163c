"""Y02, Y03: a rate of growth is that of the two years beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from xltool.checking.predicates.predicate import predicate
from xltool.checking.predicates.printed_rates import HIDDEN_TOLERANCE, hidden_at, printed_unit
from xltool.checking.predicates.records import Record, figure, finding_at, records
from xltool.checking.tell.words import Words
from xltool.equations.growth import NO_RATE, growth
from xltool.equations.rounding.intervals import Interval, is_possible, quotient
from xltool.layout.block import Place
from xltool.layout.book import Book
from xltool.model import Finding, Statement
from xltool.template.predicates import AMOUNT, Asks, Wanted
from xltool.template.spec import Rule

_DASHES = (NO_RATE, "——", "-", "–", "－")
_SHARE = re.compile(r"([+-]?\d+)(\.\d+)?[%％]")


@predicate(
    words="{table}的“{2}”＝（“{0}”－“{1}”）÷“{1}”；“{1}”是 0 的应填“—”。",
    tolerance=HIDDEN_TOLERANCE,
    asks=Asks("must", (Wanted("本年数", AMOUNT), Wanted("上年数", AMOUNT), Wanted("增减率", ("percent", "text")))),
)
def growth_rate(book: Book, words: Words, rule: Rule) -> Iterator[Finding]:
    """Y02, Y03: a rate of growth is (this year - last year) / last year; where last year is 0 there is none."""
    for record in records(book, rule):
        this, last, printed = record
        if figure(book, last) is None or figure(book, this) is None:
            continue
        statement = _wrong_growth(book, words, record)
        if statement is not None:
            yield finding_at(book, rule, printed, statement, compared=(this, last))


def _wrong_growth(book: Book, words: Words, record: Record) -> Statement | None:
    """What is wrong with a rate of growth; None if nothing is."""
    this, last, printed = record
    rate = _printed_rate(book, printed)
    what, found = words.place(printed, printed), words.value(printed)
    if not figure(book, last):
        if rate is None:
            return None
        basis = f"{words.place(last, printed)} 是 {words.value(last)}"
        return Statement("{what} {found} 应填{expected}：{basis}，没有增减率可算。", what, found, f"“{NO_RATE}”", basis)
    if rate is None:
        if not _is_dash(book, printed):
            return None
        basis = f"{words.place(last, printed)} 不是 0，是 {words.value(last)}"
        return Statement("{what} {found} 应是{expected}：{basis}。", what, found, "增减率", basis)
    value, unit = rate
    hidden = quotient(hidden_at(book, this), hidden_at(book, last))
    if hidden is None or is_possible(value, unit, Interval(hidden.low - 1, hidden.high - 1)):
        return None
    right = growth(figure(book, this) or Decimal(0), figure(book, last) or Decimal(0), unit)
    assert right is not None
    parts = f"（{words.place(this, printed)} {words.value(this)} － {words.place(last, printed)} {words.value(last)}）"
    basis = f"{parts} ÷ {words.value(last)}"
    return Statement("{what} {found} 应为 {expected}：{basis}。", what, found, f"{right.scaleb(2):f}%", basis)


def _printed_rate(book: Book, place: Place) -> tuple[Decimal, Decimal] | None:
    """A rate as a share, with what it is rounded to; written as a number or as the text "33%"."""
    value = book.values.get(place)
    if isinstance(value, Decimal):
        return value, printed_unit(book, place)
    found = _SHARE.fullmatch("".join(value.split())) if isinstance(value, str) else None
    if found is None:
        return None
    rate = Decimal(f"{found[1]}{found[2] or ''}").scaleb(-2)
    return rate, Decimal(1).scaleb(int(rate.as_tuple().exponent))


def _is_dash(book: Book, place: Place) -> bool:
    value = book.values.get(place)
    return isinstance(value, str) and value.strip() in _DASHES
