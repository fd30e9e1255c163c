"""S06: every table is of the workbook's year, as its title, the lines under it, its headings and its rows say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from xltool.checking.predicates.predicate import predicate
from xltool.checking.predicates.records import finding
from xltool.checking.tell.related import MAX_RELATED
from xltool.checking.tell.words import Words, quoted
from xltool.layout.block import BlockAt
from xltool.layout.book import Book
from xltool.layout.layout import TableAt
from xltool.model import CellRef, FactKey, Finding, Path, Related, Role, Severity, Statement
from xltool.template.names import normal, printed_years
from xltool.template.printed import year_in
from xltool.template.spec import Rule


class _Said(NamedTuple):
    """A text that says of which year the workbook is: as the template has it there, or in a title of its own."""

    cell: CellRef
    key: FactKey
    text: str
    year: int
    is_sure: bool = True


@predicate(
    words="表的标题、标题下面的行、栏目标题和按年度列的行，写的年度应是工作簿的年度（上年的是它的上一年），"
    "不符的是错误；标题和单独一行里模板没有的年度，不符的是警告。按年度列的行，上年、本年的次序写反了也不符合。"
)
def one_year(book: Book, words: Words, rule: Rule) -> Iterator[Finding]:
    """S06: each other year is told once, with the places where it stands; rows in the wrong order by themselves."""
    said = list(_heads(book))
    for block in book.layout.blocks:
        rows, turned = [*_rows(book, block)], _turned(book, block)
        said += [row for row in rows if row not in turned]
        if turned:
            yield _in_wrong_order(rule, turned)
    other: dict[int, list[_Said]] = {}
    for one in said:
        if one.year != book.outline.year:
            other.setdefault(one.year, []).append(one)
    for year, places in other.items():
        yield _other_year(rule, year, places, book.outline.year)


def turned_rows(book: Book) -> set[tuple[int, int]]:
    """The rows (block, row) of which S06 tells that their years are each other's."""
    if not book.template.uses("one_year"):
        return set()
    found = ((block, said.key.row) for block in book.layout.blocks for said in _turned(book, block))
    return {(block.index, block.row_index[path]) for block, path in found}


def _heads(book: Book) -> Iterator[_Said]:
    tables = book.layout.tables
    with_year = {table: [*_with_year(at)] for table, at in tables.items()}
    for line in book.seen.heads:
        at = tables[line.table]
        years = [year for printed in with_year[line.table] if (year := year_in(printed, line.text)) is not None]
        own = book.outline.year  # “2025年预算数” may be this year's heading, or last year's in a workbook of 2026
        year = own if own in years else next(iter(years), None)
        is_sure = year is not None
        if year is None and _may_say_year(at, line.cell.row, line.text):
            found = printed_years(line.text)
            year = int(found[0]) if len(found) == 1 else None
        if year is not None:
            yield _Said(line.cell, FactKey(at.table.id, at.above, ()), line.text, year, is_sure)


def _with_year(at: TableAt) -> Iterator[str]:
    """The texts above the rows of a table in which the template has a year."""
    table = at.table
    for text in (table.title, *table.header, *table.headings.values()):
        if "year}" in text:
            yield at.text(text)


def _may_say_year(at: TableAt, row: int, text: str) -> bool:
    """Whether a text that is not the template's is about the table's year: its title, or a line like 预算年度：2024.

    Other lines have other dates, such as that of the publication.
    """
    plain = normal(text)
    is_alone = row < at.first_row and re.fullmatch(r"[(]?(?:预算)?.{4}年度?(?:预算)?[)]?", plain) is not None
    return row == at.title_row or is_alone or "年度:" in plain


def _rows(book: Book, block: BlockAt) -> Iterator[_Said]:
    """The rows that are labelled with a year."""
    labels = block.label_columns
    for r, row in enumerate(block.rows):
        if row.definition is None or "year}" not in row.definition.label or not labels:
            continue
        column = labels[min(block.depth(r), len(labels) - 1)]
        printed, cell = book.values.get(block.places[r][column]), block.cell(r, column)
        text = printed if isinstance(printed, str) else row.label
        year = year_in(row.definition.label, text)
        if year is not None and cell is not None:
            yield _Said(cell, block.key(r, column), text, year)


def _turned(book: Book, block: BlockAt) -> list[_Said]:
    """The pairs of rows whose years are each other's: this year's says the last, and the other way round."""
    groups: dict[Path, list[_Said]] = {}
    for row in _rows(book, block):
        groups.setdefault(row.key.row[:-1], []).append(row)
    pairs = (group for group in groups.values() if sorted(one.year - book.outline.year for one in group) == [-1, 1])
    return [row for group in pairs for row in group]


def _in_wrong_order(rule: Rule, turned: list[_Said]) -> Finding:
    first, second = turned[:2]
    more = f"（还有 {len(turned) // 2 - 1} 处）" if len(turned) > 2 else ""
    statement = Statement(
        "{what}{found}，应先列{expected}。",
        f"{quoted(first.text)}（{first.cell.a1}）排在{quoted(second.text)}（{second.cell.a1}）前面",
        more,
        "上年、后列本年：请看是年度写反了，还是两行的数填反了",
    )
    return _told(rule, turned, statement, Severity.ERROR)


def _other_year(rule: Rule, year: int, places: list[_Said], own: int) -> Finding:
    first = min(places, key=lambda place: not place.is_sure)
    others = [place for place in places if place is not first]
    more = f"（还有 {len(others)} 处，如 {others[0].cell.in_book}）" if others else ""
    statement = Statement(
        "{what}写的年度{found}与{expected}不符，请核对。",
        f"{quoted(first.text)}（{first.cell.a1}）",
        more,
        f"本工作簿 {own} 年" + ("（这里应写上年）" if str(own) in normal(first.text) else ""),
    )
    return _told(rule, [first, *others], statement, rule.severity if first.is_sure else Severity.WARNING)


def _told(rule: Rule, places: list[_Said], statement: Statement, severity: Severity) -> Finding:
    first, *others = places
    alike = tuple(Related(place.cell, place.text, Role.ALIKE) for place in others[:MAX_RELATED])
    return finding(rule, statement, first.key, first.cell, alike, severity=severity)
