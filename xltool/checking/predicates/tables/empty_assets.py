"""W01: what runs has assets."""

from __future__ import annotations

from collections.abc import Iterator

from xltool.checking.predicates.predicate import predicate
from xltool.checking.predicates.records import figure, finding
from xltool.checking.predicates.whole_tables import first_amount, note_of, title_of
from xltool.checking.tell.related import related_cells
from xltool.checking.tell.words import Words, quoted
from xltool.equations.references import places_at
from xltool.layout.block import Place
from xltool.layout.book import Book
from xltool.model import Finding, Role, Statement
from xltool.template.predicates import Asks
from xltool.template.spec import Rule


@predicate(words="{table}没有数，而{against}有数，就提出疑问。", asks=Asks("must", against="要用到资产的经费"))
def empty_assets(book: Book, words: Words, rule: Rule) -> Iterator[Finding]:
    """W01: the table of assets is empty although there is money for running what needs assets."""
    assert rule.against is not None
    tables = [table for table in book.layout.tables.values() if table.table.id == rule.table]
    if not tables or any(first_amount(book, table) is not None for table in tables):
        return
    place = next((place for place in places_at(rule.against, book.layout) if figure(book, place)), None)
    if place is not None:
        here = Place(tables[0].blocks[0].index, 0, 0)
        statement = Statement(
            "{what}没有数，而{basis}，真的没有固定资产吗？",
            quoted(tables[0].table.name),
            basis=f"{words.place(place, here)}有 {words.value(place)}",
        )
        compared = related_cells(book, {place: Role.COMPARED})
        yield finding(rule, statement, note_of(tables[0]), title_of(tables[0]), compared)
