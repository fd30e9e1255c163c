"""Rates that are printed beside the amounts they come from: computed again where rounding has left them wrong."""

from __future__ import annotations

from xltool.checking.predicates import PREDICATES
from xltool.checking.tell.words import Words
from xltool.layout.block import Place
from xltool.layout.book import Book
from xltool.merge.rates import computed_rate, rate_records
from xltool.model import FactKey, Value
from xltool.template.merge_ways import RATE_RULES
from xltool.template.spec import Rule


def renewed_rates(exact: Book, rounded: Book) -> dict[Place, Value]:
    """The rates that were right for the exact amounts but are not for the rounded ones, as these give them.

    Both books have the same layout. A rate of growth over what has become 0 is “—”.
    """
    found: dict[Place, Value] = {}
    for rule in rounded.template.rules.values():
        is_there = rule.predicate in RATE_RULES and rounded.layout.blocks_of(rule.table)
        wrong = _wrong(rounded, rule) - _wrong(exact, rule) if is_there else ()
        for record in rate_records(rounded, rule) if wrong else ():
            if rounded.layout.key(record.rate) in wrong:
                found[record.rate] = computed_rate(rounded, record)
    return found


def _wrong(book: Book, rule: Rule) -> set[FactKey | None]:
    find = PREDICATES[rule.predicate].find
    words = Words(book.layout, book.values)
    return {finding.key for finding in find(book, words, rule)} if find is not None else set()
