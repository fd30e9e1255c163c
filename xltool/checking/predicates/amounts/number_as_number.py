"""A12: amounts that are texts, and amounts that were calculated and never rounded."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from xltool.checking.predicates.predicate import predicate
from xltool.checking.predicates.records import finding_at
from xltool.checking.tell.words import Words
from xltool.equations import evaluate
from xltool.layout.block import Place
from xltool.layout.book import Book
from xltool.model import Finding, Severity, Statement
from xltool.template.spec import Rule

MAX_DECIMALS = 6
"""More decimals than 万元 has 分: such an amount was calculated, not entered."""


@predicate(words="金额单元格里是文本（如“1,224.07”），就不符合；小数超过 6 位的另作说明。")
def number_as_number(book: Book, words: Words, rule: Rule) -> Iterator[Finding]:
    """A12: amounts stored as text, and amounts with more decimals than any amount of money has.

    Shares stored as text are left to the rule for shares, if the template has it.
    """
    has_rule_for_shares = book.template.uses("percent_as_number")
    lacking = _lacking(book)
    for place in book.as_text:
        if has_rule_for_shares and book.layout.kind(place) == "percent":
            continue
        what, found = words.place(place, place), words.value(place)
        basis = "求和时不会计入"
        if place in lacking:
            total = lacking[place]
            basis = f"求和时没有计入：{words.address(total, place)} 因此显示 {_shown(book, words, total)}"
        yield finding_at(
            book, rule, place, Statement("{what}的 {found} 是文本，Excel {basis}。", what, found, basis=basis)
        )
    for place, value in book.values.items():
        if place not in book.live and isinstance(value, Decimal) and _decimals(value) > MAX_DECIMALS:
            what, found = words.place(place, place), f"{value:f}"
            statement = Statement("{what}的小数位数过多（{found}），可能是计算得来的数。", what, found)
            yield finding_at(book, rule, place, statement, severity=Severity.REMARK)


def _lacking(book: Book) -> dict[Place, Place]:
    """Of the amounts stored as text, a live total each that does not count it."""
    texts = set(book.as_text)
    found: dict[Place, Place] = {}
    for total, equation in book.live.items() if texts else ():
        parts = [part for _, part in equation.right if part in texts]
        if parts and book.values.get(total) != evaluate.total(equation.right, book.values):
            for part in parts:
                found.setdefault(part, total)
    return found


def _shown(book: Book, words: Words, place: Place) -> str:
    value = book.values.get(place)
    return words.amount(value if isinstance(value, Decimal) else Decimal(0), place)


def _decimals(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0
