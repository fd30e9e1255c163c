"""R03: a share of a whole is neither negative nor more than the whole."""

from __future__ import annotations

from collections.abc import Iterator

from xltool.checking.predicates.predicate import predicate
from xltool.checking.predicates.printed_rates import as_shares
from xltool.checking.predicates.records import finding_at, records
from xltool.checking.tell.words import Words
from xltool.layout.book import Book
from xltool.model import Finding, Statement
from xltool.template.predicates import PERCENT, Asks, Wanted
from xltool.template.spec import Rule


@predicate(
    words="{table}的{all}应在 0% 与 100% 之间。",
    asks=Asks("must", (Wanted("百分数", PERCENT),), many=True),
)
def percent_range(book: Book, words: Words, rule: Rule) -> Iterator[Finding]:
    """R03: a share of a whole lies between 0 and 100 %."""
    for record in records(book, rule):
        for place, value in zip(record, as_shares(book, record), strict=True):
            if value is not None and not 0 <= value <= 1:
                what, found = words.place(place, place), words.value(place)
                statement = Statement("{what} {found} 应在 {expected}。", what, found, "0% 与 100% 之间")
                yield finding_at(book, rule, place, statement)
