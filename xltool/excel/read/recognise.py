"""Finds out which sheet of a workbook holds which table of a template."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from xltool.errors import TableNotFound
from xltool.excel.read.copies import is_kept_aside, originals
from xltool.excel.read.forms import printed_member
from xltool.excel.read.headings import find_headings, last_headings, last_row_of_headings
from xltool.layout.seen import LeftOut
from xltool.model import CellRef
from xltool.source.cells import label
from xltool.source.sheet import Sheet, Source
from xltool.template.names import normal
from xltool.template.printed import AnyOf, pattern
from xltool.template.spec import Table, Template

TITLE_ROWS = 12
"""A title stands in the first rows of its sheet; lists of titles (目录) have no headings below them."""

EMPTY_TITLE = "(空表)"
"""What the title of an empty table may end with."""

_NUMBER = re.compile(r"^附?(?:表(?:\d+|[一二三四五六七八九十]+)|\d+|[一二三四五六七八九十]+(?=[、.]))(?:-\d+)?[:.、]?")
"""What stands before a title, or before the name of a table in the name of its sheet: 表1, 附表一、, 01."""

_YEAR = re.compile(r"^\d{4}年度?")

_MOST_BEFORE = 40
"""Letters before a title: the name of a unit, a year."""

_AFTER_TITLE = re.compile(r"(?:\([^()]{0,20}\)|-?\d{0,4}|[-:]?(?:金额)?单位:.*)")
"""What may stand behind a title: (公开), (续表), the unit of the amounts."""


class Found(NamedTuple):
    """A table and the sheet it is in; `title_row` is 0 if it was recognised by its headings alone."""

    table: Table
    sheet: Sheet
    title_row: int


def find_tables(source: Source, template: Template) -> tuple[list[Found], list[LeftOut]]:
    """Where the tables are, in the template's order: by title, else by the name of the sheet, else by headings that fit
    no other table or sheet.

    A form repeated for each project is found once for each of its sheets, in the order of their numbers. Of a table
    that is there more than once the original is found, the other sheets are left out; so is a form of the same project
    that is hidden or called a backup. Raises TableNotFound if nothing says which sheet is the original.
    """
    found = recognised(source, template)
    left_out: list[LeftOut] = []
    for alike in _alike(found):
        kept = _kept(alike, source)
        for item in alike:
            if not any(item is other for other in kept):
                title = CellRef(item.sheet.name, max(item.title_row, 1), 1)
                left_out.append(LeftOut(item.table.id, kept[0].sheet.name, title, item.sheet.name in source.hidden))
    gone = {(item.table, item.title.sheet) for item in left_out}
    return [item for item in found if (item.table.id, item.sheet.name) not in gone], left_out


def _alike(found: Sequence[Found]) -> Iterator[list[Found]]:
    """The sheets with the same table, or with the same form of the same project."""
    groups: dict[tuple[str, str], list[Found]] = {}
    for item in found:
        member = normal(printed_member(item.sheet, item.table)) if item.table.each else ""
        groups.setdefault((item.table.id, member), []).append(item)
    yield from groups.values()


def _kept(alike: list[Found], source: Source) -> list[Found]:
    if alike[0].table.each:
        return [item for item in alike if not is_kept_aside(item.sheet, source)] or alike
    kept = originals([item.sheet for item in alike], source)
    if len(kept) > 1:
        both, title = "和".join(f"“{sheet.name}”" for sheet in kept[:2]), alike[0].table.name or alike[0].table.id
        raise TableNotFound(f"工作表{both}都是“{title}”：请删去其中一张；要留备份，请把它隐藏起来，或改掉它的标题。")
    return [item for item in alike if item.sheet is kept[0]]


def recognised(source: Source, template: Template) -> list[Found]:
    """What `find_tables` chooses from: several sheets may carry the same table, as where a template is another one."""
    sheets = [source.sheets[name] for name in source.with_tables]
    tops = [(sheet, _first_texts(sheet)) for sheet in sheets]
    found: list[Found] = []
    for table in template.tables.values():
        rows = [(sheet, _title_row(texts, table)) for sheet, texts in tops]
        found += [Found(table, sheet, row) for sheet, row in rows if row and _has_headings(sheet, table, row)]
    found += _find_in_longer_titles(tops, template.tables, found)
    named = _find_named(sheets, template.tables, found)
    found += [*named, *_find_untitled(source, sheets, template.tables, found, named)]
    order = list(template.tables)
    return sorted(found, key=lambda item: (order.index(item.table.id), _printed_number(item)))


def _printed_number(found: Found) -> int:
    """Which sheet of a repeated form it is, as printed in its title or number (2、…, 表15-2); 0 if that is not said."""
    numbered = [pattern(text) for text in (found.table.title, found.table.number) if "{n}" in text]
    for row in (found.title_row - 1, found.title_row) if numbered else ():
        for text in found.sheet.texts(row) if row > 0 else ():
            for match in filter(None, (printed.fullmatch(text) for printed in numbered)):
                return int(match["n"])
    return 0


def _first_texts(sheet: Sheet) -> dict[str, int]:
    """The texts in the first rows of a sheet, as they are and without number and year before a title, by first row."""
    found: dict[str, int] = {}
    for row in range(1, min(TITLE_ROWS, sheet.height) + 1):
        for text in filter(None, sheet.texts(row)):
            found.setdefault(text, row)
            plain = (text if text[0].isdecimal() else _NUMBER.sub("", text)).removesuffix(EMPTY_TITLE)
            found.setdefault(plain, row)
            found.setdefault(_YEAR.sub("", plain), row)
    return found


def _title_row(texts: Mapping[str, int], table: Table) -> int:
    """Where the title stands, as printed or else in another spelling; 0 if it does not."""
    return next((row for title in (table.title, *table.also) if (row := _row_of(texts, title))), 0)


def _row_of(texts: Mapping[str, int], title: str) -> int:
    if "{" not in title:
        return texts.get(normal(title), 0)
    wanted = pattern(title)
    return next((row for text, row in texts.items() if wanted.fullmatch(text)), 0)


def _find_in_longer_titles(
    tops: Sequence[tuple[Sheet, Mapping[str, int]]], tables: Mapping[str, Table], titled: Sequence[Found]
) -> list[Found]:
    """The tables whose title has other words around it, such as the unit and the year: 某局2024年收支总表（公开）.

    A title may be the end of another one (支出总表, 基本支出总表): the longest that fits is the one.
    """
    taken = {item.sheet.name for item in titled}
    known = {item.table.id for item in titled}
    titles = [
        (normal(title.removeprefix("{department}")), table)
        for table in tables.values()
        for title in (table.title, *table.also)
    ]
    ordered = sorted((one for one in titles if one[0] and "{" not in one[0]), key=lambda one: -len(one[0]))
    found: list[Found] = []
    for sheet, texts in tops:
        if sheet.name in taken:
            continue
        for text, row in texts.items():
            table = next((table for title, table in ordered if _has_title(text, title)), None)
            if table is not None and table.id not in known and _has_headings(sheet, table, row):
                found.append(Found(table, sheet, row))
                break
    return found


def _has_title(text: str, title: str) -> bool:
    """Whether a text is a title with other words before it, or with remarks behind it."""
    before, is_there, after = text.rpartition(title)
    return bool(is_there) and len(before) <= _MOST_BEFORE and bool(_AFTER_TITLE.fullmatch(after))


def _has_headings(sheet: Sheet, table: Table, row: int) -> bool:
    grids = [block for block in table.blocks if not block.is_form]
    return not grids or any(find_headings(sheet, table, block, row, sheet.height) for block in grids)


def _find_named(sheets: Sequence[Sheet], tables: Mapping[str, Table], titled: Sequence[Found]) -> list[Found]:
    """The tables without their title that are in a sheet with their name, below most of their headings."""
    taken = {item.sheet.name for item in titled}
    known = {item.table.id for item in titled}
    return [
        Found(table, sheet, 0)
        for sheet in sheets
        if sheet.name not in taken
        for table in tables.values()
        if table.id not in known and is_named_after(sheet, table) and _has_headings(sheet, table, 1)
    ]


def is_named_after(sheet: Sheet, table: Table) -> bool:
    """Whether a sheet has the name of a table of columns and rows, numbered or not."""
    names = {_NUMBER.sub("", normal(name)) for name in (table.sheet, table.id, table.name) if name}
    has_columns = any(not block.is_form for block in table.blocks)
    return has_columns and not table.each and _NUMBER.sub("", normal(sheet.name)) in names


def _find_untitled(
    source: Source,
    sheets: Sequence[Sheet],
    tables: Mapping[str, Table],
    titled: Sequence[Found],
    named: Sequence[Found],
) -> list[Found]:
    """The tables without a title that their headings tell, and other sheets like those that have one's name.

    Tables with the same headings stand in their sheets in the template's order.
    """
    taken = {item.sheet.name for item in (*titled, *named)}
    known = {item.table.id for item in titled}
    claims: dict[str, list[str]] = {table.id: [] for table in tables.values() if table.id not in known}
    wanted = {table_id: _last_headings(tables[table_id]) for table_id in claims}
    for sheet in sheets:
        if sheet.name in taken:
            continue
        is_printed = _printed_in(sheet, tables.values())
        for table_id, headings in wanted.items():
            if all(map(is_printed, headings)) and _all_headings(sheet, tables[table_id]):
                claims[table_id].append(sheet.name)
    return [
        Found(tables[table_id], source.sheets[name], 0)
        for table_id, names in _settled(claims, source).items()
        for name in names
    ]


def _settled(claims: Mapping[str, Sequence[str]], source: Source) -> dict[str, list[str]]:
    """Which of the sheets that could be each table's are: those that no other claims alone, then those in order."""
    still_open = {table: [*names] for table, names in claims.items() if names}
    settled: dict[str, list[str]] = {}
    while alone := _only_one(still_open, source):
        settled |= alone
        gone = {name for names in alone.values() for name in names}
        left = {table: [name for name in names if name not in gone] for table, names in still_open.items()}
        still_open = {table: names for table, names in left.items() if names and table not in alone}
    for names in list(still_open.values()):
        alike = [table for table, others in still_open.items() if others == names]
        if len(alike) == len(names):
            settled |= {table: [name] for table, name in zip(alike, names, strict=True)}
    return settled


def _only_one(claims: Mapping[str, list[str]], source: Source) -> dict[str, list[str]]:
    """The tables that can be in one sheet only, its copies aside, and no other table in that one only."""
    alone = {
        table: names
        for table, names in claims.items()
        if len(originals([source.sheets[name] for name in names], source)) == 1
    }
    return {
        table: names
        for table, names in alone.items()
        if not any(set(names) & set(others) for other, others in alone.items() if other != table)
    }


def _last_headings(table: Table) -> list[AnyOf]:
    return [heading for block in table.blocks if not block.is_form for heading in last_headings(table, block)]


def _printed_in(sheet: Sheet, tables: Iterable[Table]) -> Callable[[AnyOf], bool]:
    """Whether a heading is printed anywhere in the first rows of a sheet. Most tables lack one there: to ask for it
    costs less than to look for all of them where they should stand."""
    blocks = [block for table in tables for block in table.blocks if not block.is_form]
    last = max((last_row_of_headings(block, TITLE_ROWS) for block in blocks), default=0)
    rows = range(1, min(last, sheet.height) + 1)
    texts = {text for row in rows for text in sheet.texts(row)}
    texts |= {normal(label(raw)) for row in rows for raw in sheet.cells[row - 1] if not isinstance(raw, str)}
    return cache(lambda heading: any(map(heading.fits, texts)))


def _all_headings(sheet: Sheet, table: Table) -> bool:
    grids = [block for block in table.blocks if not block.is_form]
    for block in grids:
        headings = find_headings(sheet, table, block, 1, TITLE_ROWS)
        if headings is None or headings.found < len(block.columns) or headings.guessed:
            return False
    return bool(grids)
