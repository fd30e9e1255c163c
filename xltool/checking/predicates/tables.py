"""Tables as a whole: what an empty one must say, the total that a list must have, assets beside running costs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from xltool.checking.predicates.records import figure, finding, finding_at
from xltool.checking.tell.telling import related_cells
from xltool.checking.tell.words import Words
from xltool.equations.references import places_at
from xltool.layout.book import NOTE, Book
from xltool.layout.layout import BlockAt, Place, TableAt
from xltool.layout.plan import rows_in
from xltool.model import CellRef, FactKey, Finding, Role, Severity, Statement
from xltool.template.spec import CODE_LEVELS, DIMENSIONS, Row, Rule
from xltool.template.word_lists import empty_notes

_FEWEST_TO_ADD_UP = 2


def empty_table_note(book: Book, _: Words, rule: Rule) -> Iterator[Finding]:
    """A09: a table that the format prints with a note when it is empty must have it then, and only then."""
    for table in book.layout.tables.values():
        if not table.table.empty_note:
            continue
        notes = "".join(table.notes.values())
        filled = _first_amount(book, table)
        if filled is not None and _says_empty(notes, table.table.empty_note):
            statement = Statement("{what}的注说是空表，但表里有数 {found}。", f"“{table.table.name}”", str(filled))
            yield finding(rule, statement, _note_of(table), _title_of(table), severity=Severity.ERROR)
        elif filled is None and not notes:
            expected = f"“{table.table.empty_note}”"
            statement = Statement("{what}没有数，也没有注明{expected}。", f"“{table.table.name}”", expected=expected)
            yield finding(rule, statement, _note_of(table), _title_of(table), severity=Severity.WARNING)


def required_total(book: Book, words: Words, rule: Rule) -> Iterator[Finding]:
    """S05: rows with amounts have the row that adds them up, if the format has one; in the rule's table in any case."""
    for block in book.layout.blocks:
        if rule.table and block.table.id != rule.table:
            continue
        totals = [row for row in rows_in(block.block, block.table) if row.sum and not row.each]
        if not totals and rule.table:
            filled = _filled_rows(book, block, range(len(block.rows)))
            if len(filled) >= _FEWEST_TO_ADD_UP:
                found = f"{len(filled)} 行金额"
                statement = Statement("{what}有 {found}，但没有{expected}。", f"“{block.table.name}”", found, "合计行")
                yield finding_at(book, rule, filled[0], statement)
        for total in totals:
            if (*block.above, total.id) in block.row_index:
                continue
            filled = _filled_rows(book, block, _rows_added(block, total))
            if len(filled) >= _FEWEST_TO_ADD_UP:
                label = book.outline.text(total.label) or total.id
                statement = Statement(
                    "{what}缺少{expected}，下面各行的合计没有列出。", f"“{block.table.name}”", expected=f"“{label}”行"
                )
                yield finding_at(book, rule, filled[0], statement)


def empty_assets(book: Book, words: Words, rule: Rule) -> Iterator[Finding]:
    """W01: the table of assets is empty although there is money for running what needs assets."""
    assert rule.against is not None
    tables = [table for table in book.layout.tables.values() if table.table.id == rule.table]
    if not tables or any(_first_amount(book, table) is not None for table in tables):
        return
    place = next((place for place in places_at(rule.against, book.layout) if figure(book, place)), None)
    if place is not None:
        here = Place(tables[0].blocks[0].index, 0, 0)
        statement = Statement(
            "{what}没有数，而{basis}，真的没有固定资产吗？",
            f"“{tables[0].table.name}”",
            basis=f"{words.place(place, here)}有 {words.value(place)}",
        )
        compared = related_cells(book, {place: Role.COMPARED})
        yield finding(rule, statement, _note_of(tables[0]), _title_of(tables[0]), compared)


def _rows_added(block: BlockAt, total: Row) -> list[int]:
    """The rows that a missing total would add up: the top members of a dimension beside it, or the rows it names."""
    names = {part.path[0] for part in total.sum}
    depth = len(block.above)
    return [
        r
        for r, row in enumerate(block.rows)
        if row.definition is not None
        and len(row.path) == depth + 1
        and (row.pattern[depth] if row.pattern[depth] in DIMENSIONS else row.path[depth]) in names
        and (row.definition.each not in CODE_LEVELS or len(row.code) == row.definition.levels[0])
    ]


def _filled_rows(book: Book, block: BlockAt, rows: Iterable[int]) -> list[Place]:
    """The first amount of each row that has one."""
    found = [
        next((place for c in block.block.amounts if figure(book, place := block.places[r][c])), None) for r in rows
    ]
    return [place for place in found if place is not None]


def _first_amount(book: Book, table: TableAt) -> Decimal | None:
    places: list[Place] = [place for block in table.blocks for place in block.figures()]
    return next((value for place in places if (value := figure(book, place))), None)


def _says_empty(notes: str, empty_note: str) -> bool:
    return empty_note.removeprefix("注：").rstrip("。") in notes or any(p.search(notes) for p in empty_notes())


def _note_of(table: TableAt) -> FactKey:
    return FactKey(table.table.id, (*table.above, *NOTE), NOTE)


def _title_of(table: TableAt) -> CellRef:
    return CellRef(table.sheet, max(table.title_row, 1), 1)
