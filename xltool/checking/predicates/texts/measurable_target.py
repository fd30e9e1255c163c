"""R07: an indicator has a target, and one that can be measured."""

from __future__ import annotations

from collections.abc import Iterator

from xltool.checking.predicates.predicate import predicate
from xltool.checking.predicates.records import finding_at, records, text
from xltool.checking.tell.words import Words, quoted
from xltool.layout.block import Place
from xltool.layout.book import Book
from xltool.model import Finding, Statement
from xltool.template.predicates import TEXT, Asks, Wanted
from xltool.template.spec import Rule
from xltool.template.word_lists import is_vague

_SHOWN = 4
"""Of more targets, only the first ones are spelled out."""


@predicate(
    words="{table}里有“{0}”的行，“{1}”不应空白（同一张表一个也没有填的不算），"
    "也不应只有“提高”“及时”这样不能衡量的话；各说一次，列出各处。",
    asks=Asks("must", (Wanted("指标名称", ("path", "text")), Wanted("目标值", TEXT))),
)
def measurable_target(book: Book, words: Words, rule: Rule) -> Iterator[Finding]:
    """R07: blank targets where others of the sheet are filled in, and targets that nobody can measure."""
    blank: list[tuple[Place, Place]] = []
    vague: list[tuple[Place, Place]] = []
    filled: set[str] = set()
    for name, target in records(book, rule):
        if text(book, name):
            said = text(book, target)
            if said or book.values.get(target) is not None:
                filled.add(book.layout.blocks[target.block].sheet)
            else:
                blank.append((name, target))
            if is_vague(said):
                vague.append((name, target))
    blank = [(name, target) for name, target in blank if book.layout.blocks[target.block].sheet in filled]
    for found, says in (
        (blank, "{what}的目标值是空白的，应填可以衡量的{expected}。"),
        (vague, "{what}的目标值{found}不能衡量，最好改成{expected}。"),
    ):
        if found:
            (name, first), *others = found
            more = f"等 {len(found)} 个指标" if others else ""
            shown = "、".join([*dict.fromkeys(quoted(text(book, target)) for _, target in found)][:_SHOWN])
            what = f"指标{quoted(text(book, name))}（{words.address(first, first)}）{more}"
            statement = Statement(says, what, shown, "数量、比例或等次")
            yield finding_at(book, rule, first, statement, alike=[target for _, target in others])
