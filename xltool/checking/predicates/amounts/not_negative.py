"""A15: amounts below zero, where nothing allows them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from xltool.checking.predicates.predicate import predicate
from xltool.checking.predicates.records import finding_at
from xltool.checking.tell.words import Words
from xltool.layout.block import Place
from xltool.layout.book import Book
from xltool.model import Finding, Statement
from xltool.template.spec import Rule


@predicate(words="金额小于 0，而所在的行和栏不是结转、调整、增减变化一类，就不符合。")
def not_negative(book: Book, words: Words, rule: Rule) -> Iterator[Finding]:
    """A15: amounts below zero, except where rows, columns or their names allow them (结转, 调整, 增减)."""
    for place, value in below_zero(book).items():
        statement = Statement("{what}是负数 {found}。", words.place(place, place), words.value(place))
        yield finding_at(book, rule, place, statement)._replace(left=value)


def below_zero(book: Book) -> dict[Place, Decimal]:
    """The typed amounts below zero that should not be, block by block."""
    below = {place: value for place, value in book.values.items() if isinstance(value, Decimal) and value < 0}
    places = (place for block in book.layout.blocks if below for place in block.figures() if place in below)
    return {p: below[p] for p in places if p not in book.live and not book.layout.may_be_negative(p)}
