"""A09: a table without figures says so, and no other does."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from xltool.checking.predicates.predicate import predicate
from xltool.checking.predicates.records import finding
from xltool.checking.predicates.whole_tables import first_amount, note_of, title_of
from xltool.checking.tell.related import related_cells
from xltool.checking.tell.words import Words, quoted
from xltool.layout.book import Book
from xltool.model import Finding, Role, Severity, Statement
from xltool.template.spec import Rule
from xltool.template.word_lists import empty_notes, says_empty, whole_table_notes


@predicate(words="没有数的表，下面应有注说明是空表（模板里没有这样的注的表除外）；注说是空表的，表里不能有数。")
def empty_table_note(book: Book, words: Words, rule: Rule) -> Iterator[Finding]:
    """A09: a table that the format prints with a note when it is empty must have it then; no table with figures may."""
    for table in book.layout.tables.values():
        if not table.notes and not table.table.empty_note:
            continue
        notes, name = table.notes.values(), quoted(table.table.name)
        filled = first_amount(book, table)
        if filled is not None and _says_empty(notes, table.table.empty_note):
            found = f"{words.value(filled)}（{words.address(filled, filled)}）"
            statement = Statement("{what}的注说是空表，但表里有数 {found}。", name, found)
            compared = related_cells(book, {filled: Role.COMPARED})
            yield finding(rule, statement, note_of(table), title_of(table), compared, severity=Severity.ERROR)
        elif filled is None and not notes:
            statement = Statement("{what}没有数，也没有注明{expected}。", name, expected=quoted(table.table.empty_note))
            yield finding(rule, statement, note_of(table), title_of(table), severity=Severity.WARNING)


def _says_empty(notes: Collection[str], empty_note: str) -> bool:
    text = "".join(notes)
    if not empty_note:
        return bool(whole_table_notes().search(text))
    is_own = empty_note.removeprefix("注：").rstrip("。") in text
    return is_own or any(says_empty(note) for note in notes) or any(p.search(text) for p in empty_notes())
