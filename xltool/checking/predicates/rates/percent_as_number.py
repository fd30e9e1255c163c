"""R02: shares are numbers, printed alike in a column."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from xltool.checking.predicates.predicate import predicate
from xltool.checking.predicates.records import figure, finding_at
from xltool.checking.tell.words import Words
from xltool.equations.rounding.intervals import half_up
from xltool.layout.block import Place
from xltool.layout.book import Book
from xltool.model import Finding, Statement
from xltool.template.spec import Rule


@predicate(words="百分数是文本（如“98.13%”），或小数位数比本栏印的多，就不符合。")
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
