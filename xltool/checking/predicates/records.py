"""What predicates share: the records of the table that a rule names, what stands there, findings about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from xltool.catalogue import by_year
from xltool.checking.tell.related import related_cells
from xltool.layout.block import BlockAt, Place, RowAt
from xltool.layout.book import Book
from xltool.model import CellRef, FactKey, Finding, Related, Role, Severity, Statement, member_name
from xltool.template.spec import Rule, Slot

Record = tuple[Place, ...]
"""The places that a rule's `columns` name, in one row (or in one form)."""


def finding(
    rule: Rule,
    statement: Statement,
    key: FactKey,
    cell: CellRef | None,
    places: tuple[Related, ...] = (),
    *,
    severity: Severity | None = None,
    notes: tuple[str, ...] = (),
) -> Finding:
    """What a rule finds, as loud as the rule itself says if no `severity` is given."""
    severity = severity or rule.severity
    return Finding(
        rule.id, rule.name, severity.verdict, severity, statement, key, cell, places, notes=notes, hint=rule.hint
    )


def finding_at(
    book: Book,
    rule: Rule,
    place: Place,
    statement: Statement,
    *,
    compared: Iterable[Place] = (),
    alike: Iterable[Place] = (),
    severity: Severity | None = None,
    notes: tuple[str, ...] = (),
) -> Finding:
    """A finding about the fact at `place`: with what it was `compared`, and where else the same is wrong."""
    roles = {**dict.fromkeys(compared, Role.COMPARED), **dict.fromkeys(alike, Role.ALIKE)}
    places = related_cells(book, {other: role for other, role in roles.items() if other != place})
    key, cell = book.layout.key(place), book.layout.cell(place)
    return finding(rule, statement, key, cell, places, severity=severity, notes=notes)


def records(book: Book, rule: Rule) -> Iterator[Record]:
    """The records of the rule's table: one a row of the block that has its columns, one a form that has its fields."""
    for block in book.layout.blocks_of(rule.table):
        columns = [block.column_index.get(slot.column) for slot in rule.columns]
        for rows in _rows(block, rule.columns):
            places = [block.places[r][c] for r, c in zip(rows, columns, strict=True) if c is not None]
            if len(places) == len(columns):
                yield tuple(places)


def _rows(block: BlockAt, slots: tuple[Slot, ...]) -> Iterator[list[int]]:
    """The row of each slot, once a record."""
    if not slots[0].field:
        yield from ([r] * len(slots) for r in range(len(block.rows)))
        return
    found = [block.row_index.get((*block.above, slot.field)) for slot in slots]
    rows = [r for r in found if r is not None]
    if len(rows) == len(found):
        yield rows


def figure(book: Book, place: Place) -> Decimal | None:
    """The number at a place, None if there is none."""
    value = book.values.get(place)
    return value if isinstance(value, Decimal) else None


def text(book: Book, place: Place) -> str:
    """The text at a place; of a level of an indicator's path, that level's name."""
    block, row = book.layout.blocks[place.block], book.layout.blocks[place.block].rows[place.row]
    if block.columns[place.column].definition.kind != "path":
        value = book.values.get(place)
        return value.strip() if isinstance(value, str) else ""
    level = [column.kind for column in block.block.columns[: place.column]].count("path")
    path = row.path[len(block.above) :]
    return path[level] if level < len(path) else ""


def subject(book: Book, place: Place) -> str:
    """What the row (or the form) at a place is about, such as a project."""
    block = book.layout.blocks[place.block]
    return member_name((block.above or block.rows[place.row].path)[-1])


def heading(book: Book, place: Place) -> str:
    """The heading of the column at a place; of a form, the label of the field."""
    block = book.layout.blocks[place.block]
    return block.rows[place.row].label if block.block.is_form else block.columns[place.column].definition.id


def subject_name(book: Book, row: RowAt) -> str:
    """The name of the 功能科目 of a row: as printed, else that of its code."""
    return row.label.strip() or by_year.names("function", book.outline.year).get(row.code, "")
