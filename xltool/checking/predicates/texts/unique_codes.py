"""S10: a project's code is that of no other project."""

from __future__ import annotations

from collections.abc import Iterator

from xltool.checking.predicates.predicate import predicate
from xltool.checking.predicates.records import finding_at, records, subject, text
from xltool.checking.tell.words import Words, quoted
from xltool.layout.block import Place
from xltool.layout.book import Book
from xltool.model import Finding, Statement
from xltool.template.names import normal
from xltool.template.predicates import TEXT, Asks, Wanted
from xltool.template.spec import Rule


@predicate(
    words="{table}里的“{0}”，一个只能用一次：两个项目写了同一个编码，就不符合；空白的不看。",
    asks=Asks("must", (Wanted("编码", TEXT),)),
)
def unique_codes(book: Book, words: Words, rule: Rule) -> Iterator[Finding]:
    """S10: a code that stands in the records of several projects; told once, at the last of them."""
    by_code: dict[str, list[Place]] = {}
    for (place,) in records(book, rule):
        code = normal(text(book, place))
        if code and not book.layout.is_correction(place):
            by_code.setdefault(code, []).append(place)
    for places in by_code.values():
        if len(places) > 1:
            *others, here = places
            told = "、".join(f"{quoted(subject(book, place))}（{words.address(place, here)}）" for place in places)
            statement = Statement("{what}的编码都是 {found}，一个编码只能用于一个项目。", told, text(book, here))
            yield finding_at(book, rule, here, statement, compared=others)
