"""Drafts a whole template from the sheets of a workbook."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date

from xltool.drafting import words
from xltool.drafting.columns.column_sums import set_column_sums
from xltool.drafting.columns.columns import Names, blocks_of_columns
from xltool.drafting.doubts import NO_DEPARTMENT, doubts, other_unit
from xltool.drafting.rows.row_sums import set_row_sums
from xltool.drafting.rows.rows import mark_feet, set_rows
from xltool.drafting.rows.unit_rows import lists_only_units
from xltool.drafting.seen.heads import find_heads, header_text, title_text
from xltool.drafting.seen.page import Page, pages
from xltool.drafting.seen.printing import printed_decimals, set_column_decimals, zero_style
from xltool.drafting.seen.repeated import joined
from xltool.drafting.seen.tables import Form, Found, find_table
from xltool.drafting.seen.tops import TITLE_ROWS, texts_of
from xltool.drafting.spec import Draft, DraftBlock, DraftTable
from xltool.errors import TableNotFound
from xltool.source.sheet import Source
from xltool.template.names import normal
from xltool.template.spec import CODE_LEVELS, DIMENSIONS

_SHEET_NUMBER = re.compile(
    r"^(?:(?:预算|决算)?公开|附)?(?:表\s*\d+(?:-\d+)?[.、:：_\s-]*|表\s*[一二三四五六七八九十]+[.、:：_\s-]+|\d+[.、:：_\s-]+"
    r"|\d{1,2}(?![年月日万\d]))"
)
_NO_NAME = re.compile(r"(?:sheet|工作表)?\s*\d*", re.IGNORECASE)
_COUNTED = re.compile(r"[（(]?-?\{(?:n|member)\}[）)]?")
_NOT_IN_FILE_NAMES = re.compile(r'[\\/:*?"<>|]')


def make_draft(source: Source) -> Draft:
    """The draft of a workbook. Raises FileRefused, and TableNotFound if no sheet has a table."""
    path = source.path
    sheets = pages(source)
    by_sheet = {page.sheet.name: table for page in sheets if (table := find_table(page)) is not None}
    found = joined(list(by_sheet.values()))
    if not found:
        raise TableNotFound(f"“{path.name}”里没有找到表：表要有标题和表头（栏目名称），下面是行。")
    others = [page for page in sheets if page.sheet.name not in by_sheet]
    heads = find_heads(found, source.noted, [*_texts(others), path.stem])
    tables = _tables(found, heads)
    decimals = Counter(table.decimals for table in tables).most_common(1)[0][0]
    department = heads.department or NO_DEPARTMENT
    return Draft(
        source=path.name,
        title=path.stem,
        year=heads.year or date.today().year,
        amount_unit=heads.amount_unit or "万元",
        decimals=decimals,
        zero=zero_style(tables),
        department=department,
        tables=tables,
        members=_members(tables, found),
        skipped=[page.sheet.name for page in others],
        doubts=list(doubts(found, tables, heads)),
    )


def _texts(sheets: list[Page]) -> Iterator[str]:
    """What stands on the first rows of sheets without a table: a cover, a list of tables."""
    for page in sheets:
        yield from (text for row in range(1, min(page.height, TITLE_ROWS) + 1) for _, text in texts_of(page, row))


def _tables(found: list[Found], heads: words.Heads) -> list[DraftTable]:
    """Every table; those that list units by themselves give their rows first, so that the others know the units."""
    built = [(one, list(_blocks(one, heads))) for one in found]
    units: set[str] = set()
    pending = [(one, block) for one, blocks in built for block in blocks]
    for one, block in sorted(pending, key=lambda item: not lists_only_units(item[1])):
        if block.grid is not None:
            set_rows(one.page, block.grid, block, one.title, heads, units, is_repeated=bool(one.each))
    _share_levels([block for _, block in pending])
    tables: list[DraftTable] = []
    for one, blocks in built:
        tables.append(_table(one, blocks, heads, {table.id for table in tables}))
    return tables


def _share_levels(blocks: list[DraftBlock]) -> None:
    """A table without any 科目 prints those of the same lengths as one with the same columns."""
    runs = [(tuple(column.path for column in block.columns), row) for block in blocks for row, _ in block.all_rows()]
    known = {(columns, row.each): row.levels for columns, row in runs if row.levels and row.instances}
    for columns, row in runs:
        if row.levels and not row.instances:
            row.levels = known.get((columns, row.each), row.levels)


def _blocks(found: Found, heads: words.Heads) -> Iterator[DraftBlock]:
    names = Names()
    for band in found.bands:
        if isinstance(band, Form):
            yield DraftBlock(fields=band.fields, per_line=band.per_line, side=heads.template_text(band.side))
            continue
        for i, columns in enumerate(blocks_of_columns(found.page, band, heads, names)):
            side = heads.template_text(band.side) if i == 0 else ""
            yield DraftBlock(band, columns, place="right" if i else "below", side=side)


def _table(found: Found, blocks: list[DraftBlock], heads: words.Heads, taken: set[str]) -> DraftTable:
    unit = other_unit(found, heads)
    decimals = printed_decimals(found.page, blocks, unit or heads.amount_unit)
    for block in blocks:
        set_column_sums(found.page, block, found.title, decimals)
        set_row_sums(found.page, block, found.title, decimals)
        set_column_decimals(found.page, block, decimals)
        for row, _ in block.all_rows():
            row.optional |= bool(found.each) and bool(row.each)
    for grid in found.grids:
        mark_feet([block for block in blocks if block.grid is grid])
    _keep_one_width(blocks)
    notes = [heads.template_text(text) for text in found.notes]
    is_empty_note = len(notes) == 1 and bool(words.EMPTY_NOTE.search(notes[0]))
    own_heads = heads._replace(amount_unit=unit or heads.amount_unit)
    return DraftTable(
        page=found.page,
        id=_id(found, heads, taken),
        sheet=found.sheet or found.page.sheet.name,
        title=title_text(found.title, heads),
        number=found.number,
        header=tuple(header_text(text, own_heads) for text in found.header),
        decimals=decimals,
        blocks=blocks,
        notes=[] if is_empty_note else notes,
        empty_note=notes[0] if is_empty_note else "",
        numbered_columns=any(grid.is_numbered for grid in found.grids),
        amount_unit=unit,
        each=found.each,
    )


def _id(found: Found, heads: words.Heads, taken: set[str]) -> str:
    """The sheet's name without its number; if it has none, the title without department and year."""
    name = "".join(_SHEET_NUMBER.sub("", found.page.sheet.name.strip()).split())
    if _NO_NAME.fullmatch(name) or words.NUMBER.fullmatch(normal(found.page.sheet.name)) or found.each:
        name = words.identifier(found.title.replace(heads.department, "") if heads.department else found.title)
    name = words.unquoted(_NOT_IN_FILE_NAMES.sub("", _COUNTED.sub("", name)))
    number = 2
    unique = name
    while unique in taken:
        unique, number = f"{name}{number}", number + 1
    return unique


def _keep_one_width(blocks: list[DraftBlock]) -> None:
    """Blocks one below the other share their sheet columns: the one with most columns says how wide they are."""
    seen: set[int] = set()
    for block in sorted(blocks, key=lambda block: -len(block.columns)):
        own = {column: set(range(column.at, column.at + column.span)) for column in block.columns}
        for column, sheet_columns in own.items():
            column.width = None if sheet_columns & seen else column.width
        seen |= set().union(*own.values())


def _members(tables: list[DraftTable], sheets: list[Found]) -> dict[str, tuple[str, ...]]:
    """Every member met in any table; codes in order, the others as they come.

    What differs from one project to the next (品目, indicators of a repeated form) is no member of the whole workbook.
    """
    found: dict[str, dict[str, None]] = {dimension: {} for dimension in DIMENSIONS}
    for table in tables:
        for row, _ in (item for block in table.blocks for item in block.all_rows()):
            if row.each and row.each != "item" and not table.each:
                found[row.each] |= dict.fromkeys(instance.member for instance in row.instances)
    for sheet in sheets:
        found["project"] |= dict.fromkeys(sheet.members)
    return {
        dimension: tuple(sorted(members)) if dimension in CODE_LEVELS else tuple(members)
        for dimension, members in found.items()
    }
