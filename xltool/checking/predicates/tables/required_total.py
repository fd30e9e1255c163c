"""S05: a list of amounts has the row that adds them up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from xltool.checking.predicates.predicate import predicate
from xltool.checking.predicates.records import figure, finding_at
from xltool.checking.tell.words import Words, quoted
from xltool.layout.block import BlockAt, Place
from xltool.layout.book import Book
from xltool.layout.plan import rows_in
from xltool.model import Finding, Path, Statement
from xltool.template.names import is_plain_total
from xltool.template.predicates import Asks
from xltool.template.spec import CODE_LEVELS, DIMENSIONS, Row, Rule

_FEWEST_TO_ADD_UP = 2


@predicate(words="{table}有两行以上的金额而没有合计行，就不符合。", asks=Asks("may"))
def required_total(book: Book, words: Words, rule: Rule) -> Iterator[Finding]:
    """S05: rows with amounts have the row that adds them up, if the format has one; in the rule's table in any case."""
    for block in book.layout.blocks:
        if rule.table and block.table.id != rule.table:
            continue
        totals = [row for row in rows_in(block.block, block.table) if row.sum and not row.each]
        if not totals and rule.table and not any(is_plain_total(row.label) for row in block.extra):
            filled = _filled_rows(book, block, range(len(block.rows)))
            if len(filled) >= _FEWEST_TO_ADD_UP:
                found = f"{len(filled)} 行金额"
                statement = Statement("{what}有 {found}，但没有{expected}。", quoted(block.table.name), found, "合计行")
                yield finding_at(book, rule, filled[0], statement)
        for total, filled in _lacking_totals(book, block):
            label = book.outline.text(total.label) or total.id
            says, name = "{what}缺少{expected}，下面各行的合计没有列出。", quoted(block.table.name)
            statement = Statement(says, name, expected=f"{quoted(label)}行")
            yield finding_at(book, rule, filled[0], statement)


def lacking_totals(book: Book) -> set[tuple[str, Path]]:
    """The rows of totals (table, row) that S05 says a workbook lacks; rules that name them say nothing."""
    if not book.template.uses("required_total"):
        return set()
    return {(block.table.id, (total.id,)) for block in book.layout.blocks for total, _ in _lacking_totals(book, block)}


def _lacking_totals(book: Book, block: BlockAt) -> Iterator[tuple[Row, list[Place]]]:
    """The total rows of a block that are not there, each with the amounts that it would add up."""
    for total in rows_in(block.block, block.table):
        if total.sum and not total.each and (*block.above, total.id) not in block.row_index:
            filled = _filled_rows(book, block, _rows_added(block, total))
            if len(filled) >= _FEWEST_TO_ADD_UP:
                yield total, filled


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
