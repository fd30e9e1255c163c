"""S08: no text is left that stood where something was to be filled in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from xltool.checking.predicates.predicate import predicate
from xltool.checking.predicates.records import finding
from xltool.checking.tell.related import MAX_RELATED
from xltool.checking.tell.words import Words, quoted
from xltool.layout.book import Book
from xltool.layout.layout import TableAt
from xltool.model import CellRef, FactKey, Finding, Related, Role, Statement
from xltool.template.names import normal
from xltool.template.spec import Rule
from xltool.template.word_lists import placeholders as placeholder_words

_SHOWN = 24
"""Of longer texts, only the part around the placeholder is told."""


_NAMES = re.compile(r"\{[a-z_]+\}")


class _Left(NamedTuple):
    cell: CellRef
    key: FactKey
    text: str


@predicate(words="标题、表头、栏目、行名、文字和注里还有占位的字（如 XX县、待填写），就提出疑问；模板自己印的字不算。")
def placeholders(book: Book, words: Words, rule: Rule) -> Iterator[Finding]:
    """S08: each placeholder is told once, with the other cells that have the same."""
    found: dict[str, list[_Left]] = {}
    own: dict[str, str] = {}
    for left in (*_heads(book), *_cells(book), *_notes(book)):
        match = placeholder_words().search(normal(left.text))
        if match is None:
            continue
        table = left.key.table
        if table not in own:
            own[table] = _own_texts(book, table)
        if match[0] not in own[table]:
            found.setdefault(match[0], []).append(left)
    for placeholder, (first, *others) in found.items():
        more = f"（还有 {len(others)} 处，如 {others[0].cell.in_book}）" if others else ""
        text = normal(first.text)
        start = max(0, text.find(placeholder) - _SHOWN)
        told = f"{quoted(text[start : start + len(placeholder) + 2 * _SHOWN])}（{first.cell.a1}）{more}"
        statement = Statement("{what}里的{found}像是还没有填的占位文字。", told, quoted(placeholder))
        alike = tuple(Related(other.cell, other.text, Role.ALIKE) for other in others[:MAX_RELATED])
        yield finding(rule, statement, first.key, first.cell, alike)


def _own_texts(book: Book, table: str) -> str:
    """All that the template itself prints in a table, without what stands for the workbook's own names."""
    spec = book.template.tables[table]
    labels = (row.definition.label for block in book.layout.blocks_of(table) for row in block.rows if row.definition)
    columns = ("".join(column.path) for block in spec.blocks for column in block.columns)
    printed = "".join((spec.title, *spec.header, *spec.headings.values(), *spec.notes, *labels, *columns))
    return normal(_NAMES.sub("", printed))


def _heads(book: Book) -> Iterator[_Left]:
    for line in book.seen.heads:
        yield _Left(line.cell, _whole(book.layout.tables[line.table]), line.text)


def _cells(book: Book) -> Iterator[_Left]:
    for place, value in book.values.items():
        cell = book.layout.cell(place) if isinstance(value, str) else None
        if cell is not None:
            yield _Left(cell, book.layout.key(place), str(value))


def _notes(book: Book) -> Iterator[_Left]:
    for at in book.layout.tables.values():
        for line, text in at.notes.items():
            yield _Left(CellRef(at.sheet, line, 1), _whole(at), text)


def _whole(at: TableAt) -> FactKey:
    return FactKey(at.table.id, at.above, ())
