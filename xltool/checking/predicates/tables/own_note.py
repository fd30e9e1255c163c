"""S09: the note that says that a table is empty is the table's own."""

from __future__ import annotations

from collections.abc import Iterator

from xltool.checking.predicates.predicate import predicate
from xltool.checking.predicates.records import finding
from xltool.checking.predicates.whole_tables import note_of
from xltool.checking.tell.words import Words, quoted
from xltool.layout.book import Book
from xltool.model import CellRef, Finding, Statement
from xltool.template.names import normal
from xltool.template.spec import Rule, Table
from xltool.template.word_lists import empty_notes, note_subjects


@predicate(
    words="专门一种资金或事项的表（如国有资本经营支出表），注说没有数的应是它自己，不是另一张表的（如政府性基金）。"
)
def own_note(book: Book, words: Words, rule: Rule) -> Iterator[Finding]:
    """S09: a note that says of another table's money that there is none, and nothing of its own table's."""
    for at in book.layout.tables.values():
        own = _subjects(_about(at.table))
        for line, note in at.notes.items() if own else ():
            said = _subjects(note) if any(pattern.search(note) for pattern in empty_notes()) else []
            if said and not set(said) & set(own):
                statement = Statement(
                    "{what}的注{found}说的是{basis}，像是抄了别的表的注，应说明{expected}。",
                    quoted(at.table.name),
                    quoted(note),
                    quoted(own[0]),
                    quoted(said[0]),
                )
                yield finding(rule, statement, note_of(at), CellRef(at.sheet, line, 1))


def _about(table: Table) -> str:
    """What says which money a table is about: its name, and the note that the format has for it."""
    return f"{table.title}{table.id}{table.empty_note}"


def _subjects(text: str) -> list[str]:
    """The subjects that a text names, in the order in which they are listed."""
    plain = normal(text)
    return [word for word in note_subjects() if word in plain]
