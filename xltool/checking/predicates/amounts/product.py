"""A18: an amount is the number of things times the price of one."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from xltool.checking.predicates.predicate import predicate
from xltool.checking.predicates.printed_rates import hidden_at, printed_unit
from xltool.checking.predicates.records import figure, finding_at, heading, records
from xltool.checking.tell.words import Words, quoted
from xltool.equations.rounding.intervals import Interval, half_up, is_possible
from xltool.layout.block import Place
from xltool.layout.book import Book
from xltool.model import Finding, Statement
from xltool.template.predicates import AMOUNT, Asks, Wanted
from xltool.template.spec import Rule

_YUAN_IN_WAN = 10_000


@predicate(
    words="{table}的“{2}”＝“{0}”×“{1}”；三个数都填了才核对。",
    tolerance="单价、金额是四舍五入来的：只要四舍五入前可能有这样的数，就算相符；数量没有误差。",
    asks=Asks("must", (Wanted("数量", ("number", "amount")), Wanted("单价", AMOUNT), Wanted("金额", AMOUNT))),
)
def product(book: Book, words: Words, rule: Rule) -> Iterator[Finding]:
    """A18: the amount is the rounding of number x price, for some price that is rounded to the one printed."""
    for number, price, amount in records(book, rule):
        count, each, total = figure(book, number), figure(book, price), figure(book, amount)
        if not count or not each or total is None or count < 0 or book.layout.is_correction(amount):
            continue
        low, high = (end * Fraction(count) for end in hidden_at(book, price))
        if is_possible(total, printed_unit(book, amount), Interval(low, high)):
            continue
        right = half_up(Fraction(count * each), book.layout.unit(amount))
        statement = Statement(
            "{what} {found} 应为 {expected}：{basis}（已考虑四舍五入）。",
            words.place(amount, amount),
            words.value(amount),
            words.amount(right, amount),
            f"{words.place(number, amount)} {words.value(number)} × {words.place(price, amount)} {words.value(price)}",
        )
        yield finding_at(
            book, rule, amount, statement, compared=(number, price), notes=_in_yuan(book, price, amount, right, total)
        )


def _in_yuan(book: Book, price: Place, amount: Place, right: Decimal, total: Decimal) -> tuple[str, ...]:
    """Which of the two looks as if it were in 元 instead of 万元, if one does."""
    if not total or not right or book.layout.amount_unit(amount.block) != "万元":
        return ()
    off = right / total
    wrong = price if _is_about(off, _YUAN_IN_WAN) else amount if _is_about(1 / off, _YUAN_IN_WAN) else None
    return (f"{quoted(heading(book, wrong))}像是按元填的。",) if wrong is not None else ()


def _is_about(ratio: Decimal, wanted: int) -> bool:
    return abs(ratio / wanted - 1) < Decimal("0.05")
