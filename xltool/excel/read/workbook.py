"""Reads a filled workbook into a `Book`: its tables wherever they are, its values, and what its formulas add up."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from xltool.catalogue.by_year import TITLES
from xltool.checking.problems import COLUMN_MISSING, MIXED_UNIT, TABLE_MISSING, UNCOUNTED_CODE, UNKNOWN_ROW, problem
from xltool.checking.shift.shifted import shifts_read
from xltool.checking.tell.words import Words
from xltool.equations.instances import is_code_row
from xltool.errors import TableNotFound
from xltool.excel.read.forms import member_of, read_form
from xltool.excel.read.headings import Headings, find_headings, pattern
from xltool.excel.read.recognise import Found, find_tables, find_template
from xltool.excel.read.rows import RowFinder
from xltool.excel.read.values import read_values
from xltool.layout.book import Book
from xltool.layout.layout import BlockAt, ColumnAt, Layout, RowAt, TableAt, sheet_key
from xltool.layout.outline import Outline, outline_of
from xltool.model import CellRef, FactKey, Finding, Path, Severity, Statement, format_path
from xltool.source.cells import Raw, label
from xltool.source.sheet import Sheet, Source
from xltool.template.binding import FIRST_DIGIT, is_code, row_patterns
from xltool.template.library import Library, library
from xltool.template.names import is_note, normal, visible
from xltool.template.spec import CODE_LEVELS, FIGURES, Block, Table, Template

OUR_SHEETS = ("目录", "科目", "校验")
_UNIT = re.compile(r"(?:金额)?单位:(万?元)")
_YEAR = re.compile(r"20\d\d(?=年)|(?<=年度:)20\d\d")


class Known(NamedTuple):
    """The units and the projects met so far in a workbook: normal name -> the name as first printed."""

    units: dict[str, str]
    projects: dict[str, str]


def read(source: Source, template: str | None = None, templates: Library | None = None) -> Book:
    """A source as a book; `template` decides where the source does not say or says wrongly.

    Templates are those of `templates`, else the user's own and the built-in ones. Whatever is wrong with single cells,
    rows and tables is in `Book.remarks`. Raises FileRefused if a sheet cannot be read, UnknownTemplate, TemplateError,
    and TableNotFound if no table (or one table twice) is recognised.
    """
    noted = source.noted
    sheets = [source.sheets[name] for name in source.sheets if not (noted and name in OUR_SHEETS)]
    chosen = find_template(sheets, noted.get("template", ""), template, templates or library())
    found = find_tables(sheets, chosen)
    if not found:
        raise TableNotFound(f"没有认出模板“{chosen.title}”的任何一张表：请确认文件属于这套格式，或换一套模板。")
    used = {item.sheet.name: item.sheet for item in found}
    outline = _heading_outline(chosen, found, noted)
    tables = _read_tables(chosen, found, outline)
    layout = Layout(chosen, outline, tables)
    keys = [block.key(r, 0) for block in layout.blocks for r in range(len(block.rows)) if block.columns]
    layout.outline = outline_of(chosen, keys, outline.department, outline.year, outline.amount_unit)
    book = Book(layout, {}, source=source.path, is_ours=bool(noted))
    book.remarks += _missing_tables(layout)
    book.remarks += _missing_columns(layout)
    if book.is_ours:
        book.remarks += _uncounted_codes(layout, used)
    book.remarks += _mixed_units(book, used)
    read_values(book, used)
    book.remarks += _unknown_rows(book)
    book.remarks += shifts_read(book, Words(layout, book.values))
    return book


def _heading_outline(template: Template, found: list[Found], noted: Mapping[str, str]) -> Outline:
    """Department, year and amount unit: as noted in the workbook, else as printed above the tables."""
    department, year, unit = noted.get("department", ""), noted.get("year", ""), noted.get("amount_unit", "")
    for table, sheet, title_row in found:
        for row in range(1, title_row + 6):
            for text in sheet.texts(row):
                unit = unit or ("" if table.amount_unit else next(iter(_UNIT.findall(text)), ""))
                year = year or next(iter(_YEAR.findall(text)), "")
        department = department or _printed_department(table, sheet, title_row)
    return Outline(
        department, int(year) if year.isdecimal() else template.year, unit or template.amount_unit, template.members
    )


def _printed_department(table: Table, sheet: Sheet, title_row: int) -> str:
    """The name in the line under the title, where the table's header has {department}."""
    wanted = next((text for text in table.header if "{department}" in text), "")
    if not wanted:
        return ""
    before = normal(wanted.partition("{department}")[0])
    others = [pattern(text) for text in table.header if text and text != wanted]
    for row in range(title_row + 1, title_row + 3):
        for column in range(1, sheet.width + 1):
            text = sheet.normal(row, column)
            is_other = any(other.fullmatch(text) for other in others) or _UNIT.match(text)
            if text.startswith(before) and text != before and not is_other:
                return re.split("[:：]", sheet.label(row, column))[-1].strip()
    return ""


def _read_tables(template: Template, found: list[Found], outline: Outline) -> dict[str, TableAt]:
    """Every table found; those that tell units from 科目 by column come first, so that their units are known."""
    known = Known({}, {})
    first_index = 0
    places: list[tuple[Found, Path, int]] = []
    for item in found:
        taken = [path for other, path, _ in places if other.table is item.table]
        above = member_of(item.sheet, item.table, taken, known.projects)
        places.append((item, above, first_index))
        first_index += len(item.table.blocks)
    ready: dict[str, TableAt] = {}
    for item, above, index in sorted(places, key=lambda place: not _tells_units(place[0].table)):
        ready[sheet_key(item.table.id, above)] = _read_table(item, above, outline, index, known)
    return {key: ready[key] for key in (sheet_key(item.table.id, above) for item, above, _ in places)}


def _tells_units(table: Table) -> bool:
    kinds = {column.kind for block in table.blocks for column in block.columns}
    nested = any(row.rows for block in table.blocks for row in block.rows if row.each)
    is_told = "code" in kinds or not nested or any(_label_count(block) > 1 for block in table.blocks)
    return is_told and any(row.each == "unit" for block in table.blocks for row in block.rows)


def _label_count(block: Block) -> int:
    return sum(column.kind == "label" for column in block.columns)


def _read_table(found: Found, above: Path, outline: Outline, first_index: int, known: Known) -> TableAt:
    table, sheet, title_row = found
    blocks: list[BlockAt] = []
    headings: list[Headings | None] = []
    line = max(title_row, 1)
    for i, block in enumerate(table.blocks):
        start = line if block.place == "below" else max(title_row, 1)
        beside = (
            [column for at in headings if at is not None for column in at.columns] if block.place == "right" else []
        )
        at = None if block.is_form else find_headings(sheet, table, block, start, sheet.height, beside)
        if at is not None and block.place == "below":
            line = at.last_row + 1
        headings.append(at)
        blocks.append(_block_at(table, block, first_index + i, sheet, at))
        blocks[-1].above = above
    for block_at in blocks:
        if block_at.block.is_form:
            read_form(block_at, sheet, title_row)
    starts = [at.first_row for at in headings if at is not None]
    starts += [row.sheet_row for block_at in blocks for row in block_at.rows]
    for block_at, at in zip(blocks, headings, strict=True):
        if at is not None:
            stop = min((row for row in starts if row > at.last_row), default=sheet.height + 1) - 1
            _read_rows(block_at, sheet, at, stop, outline, known)
    result = TableAt(table, sheet.name, blocks, title_row, sheet.height, sheet.width, above=above)
    last = max((row.sheet_row for block_at in blocks for row in block_at.rows), default=title_row)
    for row in range(last + 1, sheet.height + 1):
        text = next((text for raw in sheet.cells[row - 1] if isinstance(raw, str) and (text := label(raw))), "")
        if is_note(text):
            result.notes[row] = text
    return result


def _block_at(table: Table, block: Block, index: int, sheet: Sheet, at: Headings | None) -> BlockAt:
    positions = at.columns if at is not None else (0,) * len(block.columns)
    columns = [ColumnAt(column, position) for column, position in zip(block.columns, positions, strict=True)]
    result = BlockAt(table, block, index, sheet.name, [], columns, at.first_row if at else 0)
    if at is not None and not result.code_column:
        result.helper_column = next(
            (
                column
                for column in range(max(positions) + 1, sheet.width + 1)
                if any(sheet.normal(row, column) == "科目编码" for row in range(at.first_row, at.last_row + 1))
            ),
            0,
        )
    return result


def _read_rows(at: BlockAt, sheet: Sheet, headings: Headings, stop: int, outline: Outline, known: Known) -> None:
    finder = RowFinder(sheet, at, headings, outline.department, outline.year, *known)
    at.rows = finder.read(headings.last_row + 1, stop)
    at.body_end = max((row.sheet_row for row in at.rows), default=headings.last_row)


def _missing_tables(layout: Layout) -> list[Finding]:
    """A form repeated for each project is missing only where there are projects."""
    has_projects = any(row.pattern[-1] == "project" for block in layout.blocks for row in block.rows)
    return [
        problem(TABLE_MISSING, Statement("工作簿里没有找到{what}。", f"“{table.name}”"), FactKey(table.id, (), ()))
        for table in layout.template.tables.values()
        if not layout.blocks_of(table.id) and (has_projects or not table.each)
    ]


def _missing_columns(layout: Layout) -> list[Finding]:
    findings = []
    for block in layout.blocks:
        for column in block.columns:
            if column.definition.kind in FIGURES and not column.sheet_column:
                key = FactKey(block.table.id, (), column.definition.path)
                cell = CellRef(block.sheet, max(block.heading_row, 1), 1)
                lacking = f"“{format_path(column.definition.path)}”栏"
                statement = Statement("{what}缺少{expected}。", f"表“{block.table.name}”", expected=lacking)
                findings.append(problem(COLUMN_MISSING, statement, key, cell))
    return findings


def _unknown_rows(book: Book) -> list[Finding]:
    """Rows that the template does not have, told at their first amount."""
    words = Words(book.layout, book.values)
    findings = []
    for block in book.layout.blocks:
        for r, row in enumerate(block.rows):
            amounts = [c for c in block.block.amounts if block.columns[c].sheet_column]
            if row.definition is not None or not amounts:
                continue
            c = next((c for c in amounts if book.values.get(block.places[r][c])), amounts[0])
            statement = Statement(
                "{what}{basis}，它的金额 {found}。",
                f"表“{block.table.name}”第 {row.sheet_row} 行",
                f"{words.value(block.places[r][c])} {_where_counted(block, row)}",
                basis=_why_unknown(block, row.label),
            )
            findings.append(problem(UNKNOWN_ROW, statement, block.key(r, c), block.cell(r, c)))
    return findings


def _where_counted(block: BlockAt, row: RowAt) -> str:
    """Which totals the row is in: those whose formulas count it."""
    if not row.counted_in:
        return "在检查合计时没有算在内"
    totals = [block.rows[block.row_index[path]] for path in row.counted_in]
    named = "、".join(f"第 {total.sheet_row} 行“{total.label.strip()}”" for total in totals)
    return f"由公式计入了{named}"


def _why_unknown(block: BlockAt, label: str) -> str:
    """Why the template has no row of this label."""
    if not label.strip():
        return "没有名称"
    code = label.split()[0]
    dimension = next((path[-1] for path in row_patterns(block.block.rows) if path[-1] in CODE_LEVELS), "")
    if block.code_column and dimension and code.isdecimal() and not is_code(dimension, code):
        lengths = "、".join(map(str, CODE_LEVELS[dimension]))
        return f"“{label}”的编码不对（{TITLES[dimension]}科目 {lengths} 位，以 {FIRST_DIGIT[dimension]} 开头）"
    return f"“{label}”不在模板里，或重复出现"


def _uncounted_codes(layout: Layout, sheets: Mapping[str, Sheet]) -> list[Finding]:
    """Codes that Excel's SUMIFS with a pattern passes over, so that no total counts their row."""
    findings = []
    for block in layout.blocks:
        sheet, column = sheets[block.sheet], block.code_column
        for r, row in enumerate(block.rows):
            raw = sheet.raw(row.sheet_row, column) if column and is_code_row(block, r) else ""
            if raw in ("", row.code) or row.astray:
                continue
            what = f"表“{block.table.name}”第 {row.sheet_row} 行：编码 {row.code}"
            statement = Statement("{what} {found}，合计公式数不到它。", what, _code_fault(raw))
            cell = CellRef(block.sheet, row.sheet_row, column)
            findings.append(problem(UNCOUNTED_CODE, statement, block.key(r, 0), cell))
    return findings


def _code_fault(raw: Raw) -> str:
    if not isinstance(raw, str):
        return "是数字而不是文本"
    return "带有空格或全角数字" if visible(raw) == raw else "里有看不见的字符"


def _mixed_units(book: Book, sheets: Mapping[str, Sheet]) -> list[Finding]:
    """Note the tables whose printed unit is not the workbook's.

    Elsewhere their amounts are scaled where tables are compared; in our own workbook only the printed line was
    changed, its amounts were not.
    """
    findings = []
    unit = book.outline.amount_unit
    for table in book.layout.tables.values():
        cell, printed = _printed_unit(sheets[table.sheet], table.title_row)
        expected = table.table.amount_unit
        for block in table.blocks:
            block.amount_unit = expected
        if printed in ("", expected or unit):
            continue
        key, what = FactKey(table.table.id, (), ()), f"表“{table.table.name}”的单位行"
        if book.is_ours:
            own = f"本表的单位是{expected}" if expected else f"本工作簿的单位是{unit}"
            says = "{what}写的是{found}，而{basis}，检查仍按{expected}进行。"
            finding = problem(MIXED_UNIT, Statement(says, what, printed, expected or unit, own), key, cell)
            findings.append(replace(finding, severity=Severity.ERROR))
        else:
            says = "{what}写的是{found}，其他表是{expected}，比较时已折算。"
            findings.append(problem(MIXED_UNIT, Statement(says, what, printed, unit), key, cell))
            for block in table.blocks:
                block.amount_unit = printed
    return findings


def _printed_unit(sheet: Sheet, title_row: int) -> tuple[CellRef, str]:
    """The unit in the lines above the headings, and its cell."""
    for row in range(1, title_row + 6):
        for column, text in enumerate(sheet.texts(row), 1):
            units = _UNIT.findall(text)
            if units:
                return CellRef(sheet.name, row, column), units[0]
    return CellRef(sheet.name, max(title_row, 1), 1), ""
