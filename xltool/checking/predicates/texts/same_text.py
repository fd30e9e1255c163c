"""R06: the text of one project is not copied to another."""

from __future__ import annotations

from collections.abc import Iterator

from xltool.checking.predicates.predicate import predicate
from xltool.checking.predicates.records import finding_at, heading, records, subject, text
from xltool.checking.tell.words import Words, quoted
from xltool.layout.block import Place
from xltool.layout.book import Book
from xltool.model import Finding, Statement
from xltool.template.predicates import TEXT, Asks, Wanted
from xltool.template.spec import Rule

_NO_TEXT = ("", "无", "不适用", "略", "同上", "详见附件", "—", "-", "/")


@predicate(
    words="{table}里两个项目的“{0}”文字完全相同，就提出疑问。",
    asks=Asks("must", (Wanted("文字", TEXT),)),
)
def same_text(book: Book, words: Words, rule: Rule) -> Iterator[Finding]:
    """R06: two projects do not have the same text; said once for each text."""
    by_text: dict[str, list[Place]] = {}
    for (place,) in records(book, rule):
        plain = "".join(text(book, place).split()).rstrip("。")
        if plain not in _NO_TEXT:
            by_text.setdefault(plain, []).append(place)
    for places in by_text.values():
        if len(places) > 1:
            *others, here = places
            told = "、".join(f"{quoted(subject(book, place))}（{words.address(place, here)}）" for place in places)
            what = f"{told}的“{heading(book, here)}”"
            statement = Statement("{what}文字完全相同，是不是复制后没有改？", what)
            yield finding_at(book, rule, here, statement, compared=others)
