"""R01: a rate is what it is said to be a rate of."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from xltool.checking.predicates.predicate import predicate
from xltool.checking.predicates.printed_rates import HIDDEN_TOLERANCE, hidden_at, printed_unit
from xltool.checking.predicates.records import figure, finding_at, records
from xltool.checking.tell.words import Words
from xltool.equations.rounding.intervals import half_up, is_possible, quotient
from xltool.layout.book import Book
from xltool.model import Finding, Statement
from xltool.template.predicates import AMOUNT, PERCENT, Asks, Wanted
from xltool.template.spec import Rule


@predicate(
    words="{table}的“{0}”＝“{1}”÷“{2}”。",
    tolerance=HIDDEN_TOLERANCE,
    asks=Asks("must", (Wanted("比率", PERCENT), Wanted("部分", AMOUNT), Wanted("整体", AMOUNT))),
)
def ratio(book: Book, words: Words, rule: Rule) -> Iterator[Finding]:
    """R01: a rate is the rounding of part / whole, for some values that are rounded to the part and whole printed."""
    for record in records(book, rule):
        rate, part, whole = (figure(book, place) for place in record)
        if rate is None or part is None or not whole:
            continue
        hidden = quotient(hidden_at(book, record[1]), hidden_at(book, record[2]))
        if hidden is None or is_possible(rate, printed_unit(book, record[0]), hidden):
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
