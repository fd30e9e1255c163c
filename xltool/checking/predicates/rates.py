"""Shares and rates: what they are computed from, how they are written, and in which range they lie."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from xltool.checking.predicates.records import Record, figure, finding_at, records
from xltool.checking.tell.words import Words
from xltool.equations.intervals import Interval, around, half_up, is_possible, quotient
from xltool.equations.verdicts import unit_of
from xltool.layout.book import Book
from xltool.layout.layout import Place
from xltool.model import Finding, Statement
from xltool.template.spec import Rule

_DASHES = ("—", "——", "-", "–", "－")
_SHARE = re.compile(r"([+-]?\d+)(\.\d+)?[%％]")


def ratio(book: Book, words: Words, rule: Rule) -> Iterator[Finding]:
    """R01: a rate is the rounding of part / whole, for some values that are rounded to the part and whole printed."""
    for record in records(book, rule):
        rate, part, whole = (figure(book, place) for place in record)
        if rate is None or part is None or not whole:
            continue
        hidden = quotient(_hidden(book, record[1]), _hidden(book, record[2]))
        if hidden is None or is_possible(rate, _unit(book, record[0]), hidden):
            continue
        right = words.amount(half_up(Fraction(part) / Fraction(whole), book.layout.unit(record[0])), record[0])
        above, below = (f"{words.place(place, record[0])} {words.value(place)}" for place in record[1:])
        statement = Statement(
            "{what} {found} 应为 {expected}：{basis}（已考虑四舍五入）。",
            words.place(record[0], record[0]),
            words.value(record[0]),
            right,
            f"{above} ÷ {below}",
        )
        yield finding_at(book, rule, record[0], statement, compared=record[1:])


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
        return Statement("{what} {found} 应填{expected}：{basis}，没有增减率可算。", what, found, "“—”", basis)
    if rate is None:
        if not _is_dash(book, printed):
            return None
        basis = f"{words.place(last, printed)} 不是 0，是 {words.value(last)}"
        return Statement("{what} {found} 应是{expected}：{basis}。", what, found, "增减率", basis)
    value, unit = rate
    hidden = quotient(_hidden(book, this), _hidden(book, last))
    if hidden is None or is_possible(value, unit, Interval(hidden.low - 1, hidden.high - 1)):
        return None
    now, before = (Fraction(figure(book, place) or 0) for place in (this, last))
    right = f"{half_up(now / before - 1, unit).scaleb(2):f}%"
    parts = f"（{words.place(this, printed)} {words.value(this)} － {words.place(last, printed)} {words.value(last)}）"
    basis = f"{parts} ÷ {words.value(last)}"
    return Statement("{what} {found} 应为 {expected}：{basis}。", what, found, right, basis)


def _printed_rate(book: Book, place: Place) -> tuple[Decimal, Decimal] | None:
    """A rate as a share, with what it is rounded to; written as a number or as the text "33%"."""
    value = book.values.get(place)
    if isinstance(value, Decimal):
        return value, _unit(book, place)
    found = _SHARE.fullmatch("".join(value.split())) if isinstance(value, str) else None
    if found is None:
        return None
    rate = Decimal(f"{found[1]}{found[2] or ''}").scaleb(-2)
    return rate, Decimal(1).scaleb(int(rate.as_tuple().exponent))


def _is_dash(book: Book, place: Place) -> bool:
    value = book.values.get(place)
    return isinstance(value, str) and value.strip() in _DASHES


def percent_as_number(book: Book, words: Words, rule: Rule) -> Iterator[Finding]:
    """R02: shares are numbers, not texts, and no cell of a column has more decimals than the column prints."""
    for place in book.as_text:
        if book.layout.kind(place) == "percent":
            what, found = words.place(place, place), words.value(place)
            statement = Statement("{what}的 {found} 是文本，应为{expected}，格式设为百分比。", what, found, "数字")
            yield finding_at(book, rule, place, statement)
    for block in book.layout.blocks:
        columns: dict[int, list[Place]] = {}
        for place in block.figures(("percent",)):
            if _is_too_precise(book, place):
                columns.setdefault(place.column, []).append(place)
        for places in columns.values():
            first = places[0]
            more = f"等 {len(places)} 处" if len(places) > 1 else ""
            statement = Statement(
                "{what} {found}的小数位数比本栏多，本栏印 {expected}。",
                words.place(first, first),
                words.value(first) + more,
                f"{book.layout.decimals(first)} 位小数",
            )
            yield finding_at(book, rule, first, statement, alike=places[1:])


def _is_too_precise(book: Book, place: Place) -> bool:
    value = figure(book, place)
    return (
        value is not None and place not in book.formulas and value != half_up(Fraction(value), book.layout.unit(place))
    )


def percent_range(book: Book, words: Words, rule: Rule) -> Iterator[Finding]:
    """R03: a share of a whole lies between 0 and 100 %."""
    for record in records(book, rule):
        for place in record:
            value = figure(book, place)
            if value is not None and not 0 <= value <= 1:
                what, found = words.place(place, place), words.value(place)
                statement = Statement("{what} {found} 应在 {expected}。", what, found, "0% 与 100% 之间")
                yield finding_at(book, rule, place, statement)


def plan_to_full(book: Book, words: Words, rule: Rule) -> Iterator[Finding]:
    """A13: cumulative percentages do not fall, and the last one is 100 %."""
    for record in records(book, rule):
        filled = [place for place in record if figure(book, place) is not None]
        if not filled:
            continue
        faults = [
            f"{words.place(after, filled[0])} {words.value(after)} 小于前一期 {words.value(before)}"
            for before, after in zip(filled, filled[1:], strict=False)
            if (figure(book, after) or 0) < (figure(book, before) or 0)
        ]
        last = record[-1]
        if figure(book, last) != 1:
            faults.append(f"{words.place(last, filled[0])} {words.value(last)} 应为 100%")
        if faults:
            statement = Statement("{what}是到期末为止的累计百分数：{found}。", "支出计划", "；".join(faults))
            yield finding_at(book, rule, filled[0], statement, compared=record)


def _hidden(book: Book, place: Place) -> Interval:
    """What the figure at a place may have been before it was rounded."""
    return around(figure(book, place) or Decimal(0), _unit(book, place))


def _unit(book: Book, place: Place) -> Decimal:
    return unit_of(figure(book, place) or Decimal(0), book.layout.unit(place))
