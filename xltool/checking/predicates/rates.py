"""Shares and rates: what they are computed from, how they are written, and in which range they lie."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from xltool.checking.predicates.records import Record, figure, records, remark_at
from xltool.checking.predicates.remark import Remark
from xltool.checking.tell.words import Words
from xltool.equations.intervals import Interval, around, half_up, is_possible, quotient
from xltool.equations.verdicts import unit_of
from xltool.layout.book import Book
from xltool.layout.layout import Place
from xltool.template.spec import Rule

_DASHES = ("—", "——", "-", "–", "－")
_SHARE = re.compile(r"([+-]?\d+)(\.\d+)?[%％]")


def ratio(book: Book, words: Words, rule: Rule) -> Iterator[Remark]:
    """R01: a rate is the rounding of part / whole, for some values that are rounded to the part and whole printed."""
    for record in records(book, rule):
        rate, part, whole = (figure(book, place) for place in record)
        if rate is None or part is None or not whole:
            continue
        hidden = quotient(_hidden(book, record[1]), _hidden(book, record[2]))
        if hidden is None or is_possible(rate, _unit(book, record[0]), hidden):
            continue
        right = words.amount(half_up(Fraction(part) / Fraction(whole), book.layout.unit(record[0])), record[0])
        here, above, below = (f"{words.place(place, record[0])} {words.value(place)}" for place in record)
        text = f"{here} 应为 {right}：{above} ÷ {below}（已考虑四舍五入）。"
        yield remark_at(book, record[0], text, rule.severity, record[1:])


def growth_rate(book: Book, words: Words, rule: Rule) -> Iterator[Remark]:
    """Y02, Y03: a rate of growth is (this year - last year) / last year; where last year is 0 there is none."""
    for record in records(book, rule):
        this, last, printed = record
        if figure(book, last) is None or figure(book, this) is None:
            continue
        message = _growth_problem(book, words, record)
        if message:
            yield remark_at(book, printed, message, rule.severity, (this, last))


def _growth_problem(book: Book, words: Words, record: Record) -> str:
    """What is wrong with a rate of growth; "" if nothing is."""
    this, last, printed = record
    rate = _printed_rate(book, printed)
    here = f"{words.place(printed, printed)} {words.value(printed)}"
    if not figure(book, last):
        if rate is None:
            return ""
        return f"{here} 应填“—”：{words.place(last, printed)} 是 {words.value(last)}，没有增减率可算。"
    if rate is None:
        if _is_dash(book, printed):
            return f"{here} 应是增减率：{words.place(last, printed)} 不是 0，是 {words.value(last)}。"
        return ""
    value, unit = rate
    hidden = quotient(_hidden(book, this), _hidden(book, last))
    if hidden is None or is_possible(value, unit, Interval(hidden.low - 1, hidden.high - 1)):
        return ""
    now, before = (Fraction(figure(book, place) or 0) for place in (this, last))
    right = f"{half_up(now / before - 1, unit).scaleb(2):f}%"
    parts = f"（{words.place(this, printed)} {words.value(this)} － {words.place(last, printed)} {words.value(last)}）"
    return f"{here} 应为 {right}：{parts} ÷ {words.value(last)}。"


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


def percent_as_number(book: Book, words: Words, rule: Rule) -> Iterator[Remark]:
    """R02: shares are numbers, not texts, and no cell of a column has more decimals than the column prints."""
    for place in book.as_text:
        if book.layout.kind(place) == "percent":
            text = f"{words.place(place, place)}的 {words.value(place)} 是文本，应为数字，格式设为百分比。"
            yield remark_at(book, place, text, rule.severity)
    for block in book.layout.blocks:
        columns: dict[int, list[Place]] = {}
        for place in block.figures(("percent",)):
            if _is_too_precise(book, place):
                columns.setdefault(place.column, []).append(place)
        for places in columns.values():
            first = places[0]
            more = f"等 {len(places)} 处" if len(places) > 1 else ""
            decimals = book.layout.decimals(first)
            text = (
                f"{words.place(first, first)} {words.value(first)}{more}的小数位数比本栏多，本栏印 {decimals} 位小数。"
            )
            yield remark_at(book, first, text, rule.severity, places[1:])


def _is_too_precise(book: Book, place: Place) -> bool:
    value = figure(book, place)
    return (
        value is not None and place not in book.formulas and value != half_up(Fraction(value), book.layout.unit(place))
    )


def percent_range(book: Book, words: Words, rule: Rule) -> Iterator[Remark]:
    """R03: a share of a whole lies between 0 and 100 %."""
    for record in records(book, rule):
        for place in record:
            value = figure(book, place)
            if value is not None and not 0 <= value <= 1:
                text = f"{words.place(place, place)} {words.value(place)} 应在 0% 与 100% 之间。"
                yield remark_at(book, place, text, rule.severity)


def plan_to_full(book: Book, words: Words, rule: Rule) -> Iterator[Remark]:
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
            text = f"支出计划是到期末为止的累计百分数：{'；'.join(faults)}。"
            yield remark_at(book, filled[0], text, rule.severity, record)


def _hidden(book: Book, place: Place) -> Interval:
    """What the figure at a place may have been before it was rounded."""
    return around(figure(book, place) or Decimal(0), _unit(book, place))


def _unit(book: Book, place: Place) -> Decimal:
    return unit_of(figure(book, place) or Decimal(0), book.layout.unit(place))
