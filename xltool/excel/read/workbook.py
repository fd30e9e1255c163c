"""Reads a filled workbook into a `Book`: its tables wherever they are, its values, and what its formulas add up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain

from xltool.equations.instances import is_code_row, with_printed
from xltool.equations.rounding.printed_decimals import printed_units
from xltool.errors import FileRefused, TableNotFound
from xltool.excel.read.choosing import Chosen, choose_template
from xltool.excel.read.concealed import note_concealed
from xltool.excel.read.forms import member_of, read_form
from xltool.excel.read.formulas.results import Results
from xltool.excel.read.headings import Headings, find_headings
from xltool.excel.read.recognise import EMPTY_TITLE, Found, find_tables
from xltool.excel.read.rows.context import Known
from xltool.excel.read.rows.finder import find_rows
from xltool.excel.read.units import in_unit, other_units, own_unit, printed_unit, usual_unit
from xltool.excel.read.values import read_values
from xltool.layout.block import MOST_ROWS, BlockAt, ColumnAt
from xltool.layout.book import Book
from xltool.layout.layout import Layout, TableAt, sheet_key
from xltool.layout.outline import Outline, outline_of
from xltool.layout.seen import HeadLine, OddCode, PrintedUnit
from xltool.model import CellRef, Path, parse_path
from xltool.source.cells import amount, label
from xltool.source.our_sheets import WORKING_PAPER
from xltool.source.sheet import Sheet, Source
from xltool.template.names import is_note, printed_years
from xltool.template.printed import department_in
from xltool.template.shelves import Library
from xltool.template.spec import YUAN, Block, Table, Template
from xltool.template.word_lists import says_empty

_LONGEST_BLANK = 2
"""Letters of 无 and such in a cell of amounts."""

_UNTITLED_LINES = 4
"""Where the lines under a title are that is not there."""

_HEAD_LINES = 12
"""Above the first row of a table: its headings, the lines under its title, the title."""


def read(source: Source, template: str | None, templates: Library) -> Book:
    """A source as a book; `template` decides where the source does not say or says wrongly.

    What was noticed besides the figures is in `Book.seen`; findings are made of it in checking. Raises FileRefused if
    a sheet cannot be read, UnknownTemplate, TemplateError, and TableNotFound if no table is recognised, or one in two
    sheets neither of which is a copy.
    """
    results = _worked_out(source)
    return _read(source, choose_template(source, template, templates), results)


def read_as(source: Source, template: Template) -> Book:
    """A source as a book of one template. Raises FileRefused, and TableNotFound as `read` does."""
    return _read(source, Chosen(template), _worked_out(source))


def _worked_out(source: Source) -> Results:
    """What formulas give that nobody has calculated; those of texts are shown in their sheets from now on."""
    results = Results(source.sheets, source.names)
    for name in source.with_tables:
        results.fill_texts(source.sheets[name])
    return results


def _read(source: Source, choice: Chosen, results: Results) -> Book:
    chosen, rivals = choice
    found, left_out = find_tables(source, chosen)
    if not found:
        raise TableNotFound(f"没有认出模板“{chosen.title}”的任何一张表：请确认文件属于这套格式，或换一套模板。")
    used = {item.sheet.name: item.sheet for item in found}
    _refuse_endless(used.values())
    printed = next(filter(None, map(_printed_department, found)), "")
    outline = _heading_outline(chosen, found, source.noted, printed)
    tables = _read_tables(found, outline)
    blocks = [block for table in tables.values() for block in table.blocks]
    keys = [block.key(r, 0) for block in blocks for r in range(len(block.rows)) if block.columns]
    members = outline_of(chosen, keys, outline.department, outline.year, outline.amount_unit)
    outline = members._replace(decimals=outline.decimals, corrections=outline.corrections)
    units = {name: printed_unit(used[table.sheet], table.title_row, table.first_row) for name, table in tables.items()}
    others = {
        name: units[name].text for name, at in tables.items() if units[name].text not in ("", own_unit(at, outline))
    }
    known = {name: unit for name, unit in others.items() if unit in YUAN}
    believed = {} if source.is_ours else known
    book = _book(Layout(chosen, outline, _in_units(tables, believed)), source, used, results)
    if changed := other_units(book, known):
        book = _book(Layout(chosen, outline, _in_units(tables, believed | changed)), source, used, results)
    _note_printed_decimals(book)
    book.seen.department, book.seen.rivals = printed, rivals
    book.seen.heads += _heads(tables, used)
    book.seen.left_out += left_out
    book.seen.stray += [cell for sheet in used.values() for cell in sheet.stray]
    book.seen.odd_codes += _odd_codes(book.layout, used)
    book.seen.printed_units += [PrintedUnit(name, *units[name]) for name in others]
    if WORKING_PAPER in source.sheets and source.is_ours:
        from xltool.excel.read.working_paper import note_rounding

        note_rounding(book, source.sheets[WORKING_PAPER])
    note_concealed(book, used, source)
    return book


def _book(layout: Layout, source: Source, used: Mapping[str, Sheet], results: Results) -> Book:
    """The book of a layout with its values."""
    accepted = source.accepted.reasons
    book = Book(layout, {}, source=source.path, is_ours=source.is_ours, noted=source.noted, accepted=accepted)
    read_values(book, used, results)
    return book


def _note_printed_decimals(book: Book) -> None:
    """Let the book's layout know of columns that are printed with other decimals than their template says."""
    printed = printed_units(book.layout, book.values, book.live)
    if printed.units:
        book.layout = with_printed(book.layout, printed.units)
    book.seen.coarser, book.seen.sums_off = printed.coarser, printed.sums_off


def _in_units(tables: Mapping[str, TableAt], units: Mapping[str, str]) -> dict[str, TableAt]:
    """The tables, some with the unit that their amounts are in; they are scaled where tables are compared."""
    return {name: in_unit(at, units.get(name, at.table.amount_unit)) for name, at in tables.items()}


def _refuse_endless(sheets: Iterable[Sheet]) -> None:
    for sheet in sheets:
        if sheet.height > MOST_ROWS:
            text = f"工作表“{sheet.name}”有 {sheet.height} 行，一张表最多 {MOST_ROWS} 行"
            raise FileRefused(f"{text}：请删除表以外的内容，另存后再试。")


def _heading_outline(template: Template, found: list[Found], noted: Mapping[str, str], department: str) -> Outline:
    """Department, year, amount unit, decimals and corrections: as noted in the workbook, else as printed."""
    department = noted.get("department", "") or department
    year = noted.get("year", "") or _usual_year(found)
    unit = noted.get("amount_unit", "") or usual_unit(found)
    decimals = int(noted["decimals"]) if "decimals" in noted else None
    year_or_usual = int(year) if year.isdecimal() else template.year
    corrections = frozenset(parse_path(noted["corrections"])) if "corrections" in noted else frozenset()
    heads = (department, year_or_usual, unit or template.amount_unit)
    return Outline(*heads, template.members, decimals=decimals, corrections=corrections)


def _usual_year(found: Iterable[Found]) -> str:
    """The year that most tables have above their rows: on the first line with any, and there the last of those that
    are compared (2024年预算数, 2025年预算数); "" if none has any."""
    years: Counter[str] = Counter()
    for _, sheet, title_row in found:
        lines = ([*chain(*map(printed_years, sheet.texts(row)))] for row in range(1, title_row + 6))
        years.update(next(([max(line)] for line in lines if line), []))
    return max(years, key=lambda year: years[year], default="")


def _heads(tables: Mapping[str, TableAt], sheets: Mapping[str, Sheet]) -> Iterator[HeadLine]:
    """The texts above the rows of every table."""
    for key, at in tables.items():
        cells = sheets[at.sheet].cells
        first = min((row.sheet_row for block in at.blocks for row in block.rows), default=at.title_row + 1)
        for line in range(max(1, first - _HEAD_LINES), first):
            for column, raw in enumerate(cells[line - 1], 1):
                if raw and isinstance(raw, str) and (text := label(raw)):
                    yield HeadLine(key, CellRef(at.sheet, line, column), text)


def _printed_department(found: Found) -> str:
    """The name in the line under the title, where the table's header has {department}.

    Without a title only what stands behind such words as 单位名称： is a name.
    """
    table, sheet, title_row = found
    lines = range(title_row + 1, title_row + 3) if title_row else range(1, _UNTITLED_LINES + 1)
    texts = (sheet.label(row, column) for row in lines for column in range(1, sheet.width + 1))
    is_told = title_row or not any(line.startswith("{department}") for line in table.header)
    printed = department_in(table, texts) if is_told else None
    return printed[1] if printed is not None else ""


def _read_tables(found: list[Found], outline: Outline) -> dict[str, TableAt]:
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
        block_at = _block_at(table, block, first_index + i, sheet, at, above)
        blocks.append(read_form(block_at, sheet, title_row) if block.is_form else block_at)
    starts = [at.first_row for at in headings if at is not None]
    starts += [row.sheet_row for block_at in blocks for row in block_at.rows]
    for i, at in enumerate(headings):
        if at is not None:
            stop = min((row for row in starts if row > at.last_row), default=sheet.height + 1) - 1
            blocks[i] = _with_rows(blocks[i], sheet, at, stop, outline, known)
    notes = dict(_notes(sheet, title_row, blocks))
    return TableAt(table, sheet.name, tuple(blocks), title_row, sheet.height, sheet.width, notes, above)


def _notes(sheet: Sheet, title_row: int, blocks: list[BlockAt]) -> Iterator[tuple[int, str]]:
    """The notes below the rows of a table, by sheet row; those that say it is empty wherever they stand."""
    rows = {row.sheet_row for at in blocks for row in at.rows}
    last, is_form = max(rows, default=title_row), any(at.block.is_form for at in blocks)
    columns = [column.sheet_column for at in blocks for column in at.columns]
    width = max(columns, default=0) or None  # of forms; remarks beside a table are no notes
    filled = _filled_columns(sheet, blocks)
    if title_row and any(text.endswith(EMPTY_TITLE) for text in sheet.texts(title_row)):
        yield title_row, EMPTY_TITLE
    for row in range(title_row + 1, sheet.height + 1):
        if row in rows or (is_form and row <= last):
            continue
        cells = enumerate(sheet.cells[row - 1][:width], 1)
        texts = {at: text for at, raw in cells if isinstance(raw, str) and (text := label(raw))}
        first = next(iter(texts.values()), "")
        if row > last and is_note(first):
            yield row, first
        else:
            found = ((at, text) for at, text in texts.items() if says_empty(text))
            yield from ((row, text) for at, text in found if at not in filled or len(text) > _LONGEST_BLANK)


def _filled_columns(sheet: Sheet, blocks: list[BlockAt]) -> set[int]:
    """The columns of the amounts of a table that has any: 无 in them is a blank then, and no note."""
    columns = [(at, c.sheet_column) for at in blocks for c in at.columns if c.definition.kind == "amount"]
    has_any = any(amount(sheet.raw(row.sheet_row, at)).value for block, at in columns if at for row in block.rows)
    return {at for _, at in columns} if has_any else set()


def _block_at(table: Table, block: Block, index: int, sheet: Sheet, at: Headings | None, above: Path) -> BlockAt:
    positions = at.columns if at is not None else (0,) * len(block.columns)
    guessed = at.guessed if at is not None else {}
    columns = tuple(
        ColumnAt(column, position, guessed.get(i, ""))
        for i, (column, position) in enumerate(zip(block.columns, positions, strict=True))
    )
    result = BlockAt(table, block, index, sheet.name, (), columns, at.first_row if at else 0, above)
    if at is None or result.code_column:
        return result
    helpers = (
        column
        for column in range(max(positions) + 1, sheet.width + 1)
        if any(sheet.normal(row, column) == "科目编码" for row in range(at.first_row, at.last_row + 1))
    )
    return replace(result, helper_column=next(helpers, 0))


def _with_rows(at: BlockAt, sheet: Sheet, headings: Headings, stop: int, outline: Outline, known: Known) -> BlockAt:
    rows, extra = find_rows(sheet, at, headings, outline, known, range(headings.last_row + 1, stop + 1))
    body_end = max((row.sheet_row for row in rows), default=headings.last_row)
    return replace(at, rows=tuple(rows), body_end=body_end, extra=tuple(extra))


def _odd_codes(layout: Layout, sheets: Mapping[str, Sheet]) -> Iterator[OddCode]:
    """The codes that are not typed as the plain text of their digits."""
    for block in layout.blocks:
        sheet, column = sheets[block.sheet], block.code_column
        for r, row in enumerate(block.rows):
            raw = sheet.raw(row.sheet_row, column) if column and is_code_row(block, r) else ""
            if raw not in ("", row.code) and not row.astray:
                cell = CellRef(block.sheet, row.sheet_row, column)
                yield OddCode(block.index, r, cell, raw if isinstance(raw, str) else None)
