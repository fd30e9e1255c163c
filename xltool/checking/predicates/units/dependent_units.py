"""U05: what keeps no accounts of its own has no budget."""

from __future__ import annotations

from collections.abc import Iterator

from xltool.checking.predicates.predicate import predicate
from xltool.checking.predicates.records import figure, finding_at, records, subject, text
from xltool.checking.tell.words import Words, quoted
from xltool.layout.block import BlockAt, Place
from xltool.layout.book import Book
from xltool.model import Finding, Statement
from xltool.template.predicates import TEXT, Asks, Wanted
from xltool.template.spec import Rule

_DEPENDENT = "非独立核算"


@predicate(
    words="{table}的“{0}”写明非独立核算的单位，其他各表里这个单位的行不应有金额。",
    asks=Asks("must", (Wanted("核算形式", TEXT),)),
)
def dependent_units(book: Book, words: Words, rule: Rule) -> Iterator[Finding]:
    """U05: a unit without accounts of its own (非独立核算) has no amounts; its money is in its superior's rows."""
    for (place,) in records(book, rule):
        if _DEPENDENT not in text(book, place):
            continue
        name = subject(book, place)
        filled = [at for block in book.layout.blocks for at in _amounts_of(book, block, name)]
        if filled:
            first = filled[0]
            more = f"等 {len(filled)} 处" if len(filled) > 1 else ""
            statement = Statement(
                "{what}是{basis}，不应有预算数：{found}。",
                quoted(name),
                f"{words.place(first, first)} {words.value(first)}{more}",
                basis=f"非独立核算单位（{words.address(place, first)}）",
            )
            yield finding_at(book, rule, first, statement, compared=[place], alike=filled[1:])


def _amounts_of(book: Book, block: BlockAt, unit: str) -> list[Place]:
    """The amounts typed into the rows of a unit."""
    own = {
        r
        for r, row in enumerate(block.rows)
        if any(kind == "unit" and name.strip() == unit for name, kind in zip(row.path, row.pattern, strict=True))
    }
    typed = [place for place in block.figures(("amount",)) if place.row in own and place not in book.live]
    return sorted(place for place in typed if figure(book, place))
