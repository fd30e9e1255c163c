"""Writes one table's sheet: title, header line, headings with notes, grid, rows, footnotes and print set-up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xlsxwriter.worksheet import Worksheet

from xltool.excel.write import styles
from xltool.excel.write.cells import Job, merge, put, put_formula, put_merged
from xltool.excel.write.table.paper import MARGINS, ROW_HEIGHT, Fit, Paper, last_printed_row
from xltool.excel.write.table.rows import figure_look, live_formula, write_block, write_serials
from xltool.layout.block import BlockAt, Place
from xltool.layout.geometry import Band, area, headings
from xltool.layout.layout import TableAt
from xltool.model import column_letters, member_name
from xltool.template.spec import FIGURES
from xltool.widths import on_paper

NUMBERING = "栏次"
HELPER_HEADING = "科目编码"
_HELPER_NOTE = "本栏不打印。选好编码，左边的名称和各级合计自动得出。"

PROTECTION = {
    "insert_rows": True,
    "format_cells": True,
    "format_rows": True,
    "format_columns": True,
    "sort": True,
    "autofilter": True,
    "objects": True,
}
"""What stays allowed on a protected sheet; notes are objects."""


def write_table(job: Job, sheet: Worksheet, table: TableAt, fit: Fit) -> None:
    """Fill the sheet of one table, to be printed as it fits."""
    sheet.set_default_row(ROW_HEIGHT)
    for column, width in fit.widths.items():
        sheet.set_column(column - 1, column - 1, width)
    _write_top(job, sheet, table, fit.widths)
    for band in job.bands(table):
        _write_grid(job, sheet, band)
        if band.is_form:
            _write_form(job, sheet, band.blocks[0], table)
        else:
            _write_headings(job, sheet, band, table)
            for block in band.blocks:
                write_block(job, sheet, block)
            write_serials(job, sheet, band)
    _write_notes(job, sheet, table)
    for row, height in fit.heights.items():
        sheet.set_row(row - 1, height)
    _set_up_page(job, sheet, table, fit.paper)


def _write_top(job: Job, sheet: Worksheet, table: TableAt, widths: Mapping[int, float]) -> None:
    look, definition, last = job.styles, table.table, table.last_column
    if definition.number:
        put(sheet, table.title_row - 1, 1, table.text(definition.number), look(styles.NUMBER_OF_TABLE))
    title = job.text(table.text(definition.title))
    put_merged(sheet, table.title_row, 1, table.title_row, last, title, look(styles.TITLE))
    if not definition.header:
        return
    row = table.title_row + 1
    texts = [job.text(table.text(text)) for text in (*definition.header, "", "", "")[:3]]
    left, right = _header_limits(last, widths, texts)
    looks = (styles.HEADER_LEFT, styles.HEADER_CENTRE, styles.HEADER_RIGHT)
    for text, (first, end), part in zip(texts, ((1, left), (left + 1, right - 1), (right, last)), looks, strict=True):
        if first <= end:
            put_merged(sheet, row, first, row, end, text, look(part))


def _header_limits(last: int, widths: Mapping[int, float], texts: Sequence[str]) -> tuple[int, int]:
    """(last column of the left text, first column of the right text): room for both, the rest for the centre."""
    right, used = last, widths[last]
    while right > 2 and used < on_paper(texts[2]) + 1:
        right -= 1
        used += widths[right]
    left, used = 1, widths[1]
    while left < right - 1 and used < on_paper(texts[0]) + 1:
        left += 1
        used += widths[left]
    return left, right


def _write_grid(job: Job, sheet: Worksheet, band: Band) -> None:
    """Borders for every cell of the band, so that shorter blocks are closed too."""
    look = job.styles(styles.LABEL)
    for row in range(band.heading_row, band.last_row + 1):
        for column in range(band.first_column, band.last_column + 1):
            put(sheet, row, column, None, look)
    if band.side:
        put_merged(sheet, band.heading_row, 1, band.last_row, 1, job.text(band.side), job.styles(styles.SIDE))


def _write_headings(job: Job, sheet: Worksheet, band: Band, table: TableAt) -> None:
    look = job.styles(styles.HEADING)
    for block in band.blocks:
        for heading in headings(block, band.depth):
            text = job.text(table.text(heading.text))
            put_merged(sheet, heading.top, heading.left, heading.bottom, heading.right, text, look)
            if heading.column is not None and heading.column.note:
                sheet.write_comment(heading.top - 1, heading.left - 1, job.text(heading.column.note), styles.SMALL_NOTE)
        if block.helper_column:
            row = block.heading_row + band.depth - 1
            put(sheet, row, block.helper_column, HELPER_HEADING, job.styles(styles.HELPER_HEADING))
            sheet.write_comment(row - 1, block.helper_column - 1, _HELPER_NOTE, styles.SMALL_NOTE)
    if table.table.numbered_columns:
        _write_numbering(job, sheet, band)


def _write_numbering(job: Job, sheet: Worksheet, band: Band) -> None:
    """栏次 and the numbers of the columns, right under the headings."""
    look = job.styles(styles.NUMBERING)
    row = band.first_row - 1
    columns = [(at.sheet_column, at.definition.span) for block in band.blocks for at in block.columns]
    for number, (column, span) in enumerate(columns):
        merge(sheet, row, column, row, column + span - 1, look)
        put(sheet, row, column, NUMBERING if number == 0 else str(number), look)


def _write_form(job: Job, sheet: Worksheet, block: BlockAt, table: TableAt) -> None:
    """Labelled cells; the last one on a line reaches to the table's right edge."""
    label_column, value_column = block.columns
    starts = {(row.sheet_row, label_column.sheet_column + row.shift) for row in block.rows}
    for r, row in enumerate(block.rows):
        label_at, value_at = label_column.sheet_column + row.shift, value_column.sheet_column + row.shift
        if row.label:
            put(sheet, row.sheet_row, label_at, row.label, job.styles(styles.HEADING))
        is_last = not any(line == row.sheet_row and start > label_at for line, start in starts)
        end = table.last_column if is_last else value_at + value_column.definition.span - 1
        _write_field(job, sheet, block, r, (row.sheet_row, value_at, row.sheet_row, end))


def _write_field(job: Job, sheet: Worksheet, block: BlockAt, r: int, area: tuple[int, int, int, int]) -> None:
    """The value of one field of a form, in the rectangle `area`."""
    place = Place(block.index, r, 1)
    kind, value = job.layout.kind(place), job.values.get(place)
    if kind == "member":
        put_merged(sheet, *area, member_name(block.above[-1]), job.styles(styles.TEXT, styles.INPUT))
        return
    if kind not in FIGURES:
        look = styles.LONG_TEXT if block.columns[1].definition.span > 1 else styles.TEXT
        put_merged(sheet, *area, value, job.styles(look, styles.INPUT))
        return
    shown = figure_look(kind, job.layout.decimals(place), job.layout.template.zero)
    formula = live_formula(job, place) if place in job.live else job.sources.get(place, "")
    if formula:
        merge(sheet, *area, job.styles(shown))
        put_formula(sheet, area[0], area[1], formula, job.styles(shown), value)
    else:
        put_merged(sheet, *area, value, job.styles(shown, styles.INPUT))


def _write_notes(job: Job, sheet: Worksheet, table: TableAt) -> None:
    """Texts below the table; the note of an empty table goes away by itself when a figure is typed."""
    look = job.styles(styles.NOTE)
    for row, text in table.notes.items():
        put_merged(sheet, row, 1, row, table.last_column, text, look)
    if table.table.empty_note and not table.notes:
        text = job.text(table.table.empty_note)
        merge(sheet, table.last_row + 1, 1, table.last_row + 1, table.last_column, look)
        shown = text if _is_empty(job, table) else ""
        put_formula(sheet, table.last_row + 1, 1, _empty_note_formula(job, table, text), look, shown)


def _is_empty(job: Job, table: TableAt) -> bool:
    blocks = {block.index: block for block in table.blocks}
    return not any(
        value and place.block in blocks and blocks[place.block].kind(place.row, place.column) in FIGURES
        for place, value in job.values.items()
    )


def _empty_note_formula(job: Job, table: TableAt, text: str) -> str:
    areas = [areas_of_amounts(block, band, FIGURES) for band in job.bands(table) for block in band.blocks]
    counts = [f'COUNTIF({place},"{sign}0")' for group in areas for place in group for sign in (">", "<")]
    escaped = text.replace('"', '""')
    return f'IF({"+".join(counts)}=0,"{escaped}","")'


def areas_of_amounts(block: BlockAt, band: Band, kinds: tuple[str, ...] = ("amount",)) -> list[str]:
    """The rectangles that hold a block's amounts (or figures of other kinds)."""
    columns = [at.sheet_column for at in block.columns if at.definition.kind in kinds]
    groups: list[tuple[int, int]] = []
    for column in columns:
        if groups and groups[-1][1] == column - 1:
            groups[-1] = (groups[-1][0], column)
        else:
            groups.append((column, column))
    return [area(band.first_row, left, band.last_row, right) for left, right in groups]


def _first_body_row(job: Job, table: TableAt) -> int:
    """The first sheet row below the title and, if the table has one band only, below its headings."""
    bands = job.bands(table)
    if len(bands) == 1 and not bands[0].is_form:
        return bands[0].first_row
    return table.title_row + 1 + bool(table.table.header)


def _frozen_columns(table: TableAt) -> int:
    """The sheet columns left of the amounts, where the table is one block only."""
    block = table.blocks[0]
    if len(table.blocks) > 1 or not block.block.amounts:
        return 0
    return block.columns[block.block.amounts[0]].sheet_column - 1


def _set_up_page(job: Job, sheet: Worksheet, table: TableAt, paper: Paper) -> None:
    top = _first_body_row(job, table) - 1
    sheet.freeze_panes(top, _frozen_columns(table))
    sheet.repeat_rows(0, top - 1)
    sheet.print_area(0, 0, last_printed_row(table) - 1, table.last_column - 1)
    set_up_print(sheet, paper)
    sheet.protect("", PROTECTION)
    whole = f"A1:{column_letters(max([table.last_column, *(block.helper_column for block in table.blocks)]))}1000"
    sheet.ignore_errors(dict.fromkeys(("number_stored_as_text", "formula_differs", "formula_range"), whole))


def set_up_print(sheet: Worksheet, paper: Paper) -> None:
    """One page wide, centred, with page numbers."""
    if paper.is_upright:
        sheet.set_portrait()
    else:
        sheet.set_landscape()
    sheet.set_paper(paper.size)
    sheet.fit_to_pages(1, 0)
    sheet.center_horizontally()
    sheet.print_black_and_white()  # tints and warnings are for the screen, the print is the official form
    left, right, top, bottom = MARGINS
    sheet.set_margins(left, right, top, bottom)
    sheet.set_footer("&C第 &P 页，共 &N 页")
