"""How a table fits on paper: the height of its rows, and which paper, across (横向) or upright (纵向)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from xltool.equations.instances import is_code_row
from xltool.excel.write import styles
from xltool.excel.write.cells import Job
from xltool.excel.write.table.rows import label_level, path_part, printed_label
from xltool.layout.block import BlockAt, Place
from xltool.layout.geometry import Band, column_widths, headings, runs
from xltool.layout.layout import TableAt
from xltool.widths import lines_needed

MARGINS = (0.5, 0.5, 0.6, 0.7)
"""Left, right, top and bottom, in inches."""


class Paper(NamedTuple):
    """The paper of a sheet: Excel's number of its size (9 is A4, 8 is A3), and how it lies."""

    size: int
    is_upright: bool


ACROSS, UPRIGHT, LARGE = Paper(9, False), Paper(9, True), Paper(8, False)

ROW_HEIGHT = 18
_TITLE_HEIGHT = 32

_INCH = 72
_A4 = (595, 842)
_SMALLEST_PRINT = 0.65
"""Text of 10 points is then 6.5 (小六号), the smallest that is read with ease."""


class Fit(NamedTuple):
    """How a table fits: sheet column -> width, sheet row -> height in points where it is not that of any other row."""

    widths: Mapping[int, float]
    heights: Mapping[int, float]
    paper: Paper


def fits(job: Job) -> dict[str, Fit]:
    """Sheet -> how its table fits; the sheets of a form that is repeated lie alike, as the longest of them needs."""
    found: dict[str, Fit] = {}
    papers: dict[str, Paper] = {}
    tables = job.layout.tables.values()
    for table in tables:
        widths = column_widths(table, job.bands(table), job.layout.outline.amount_unit)
        heights = _row_heights(job, table, widths)
        paper = _paper(table, widths, heights)
        papers[table.table.id] = UPRIGHT if UPRIGHT in (paper, papers.get(table.table.id)) else paper
        found[table.sheet] = Fit(widths, heights, paper)
    return {table.sheet: found[table.sheet]._replace(paper=papers[table.table.id]) for table in tables}


def _row_heights(job: Job, table: TableAt, widths: Mapping[int, float]) -> dict[int, float]:
    whole = sum(widths[column] for column in range(1, table.last_column + 1))
    heights: dict[int, float] = {table.title_row: _TITLE_HEIGHT}
    lines: Counter[int] = Counter()
    for band in job.bands(table):
        for row, text, width in _texts(job, table, band, widths):
            lines[row] = max(lines[row], lines_needed(text, width))
        taken = {row.sheet_row for block in band.blocks for row in block.rows}
        for block in band.blocks:
            heights |= {last: styles.SENTINEL_HEIGHT for _, last in runs(block.blank_rows) if last not in taken}
    heights |= {row: min(styles.LONGEST_ROW, n * styles.LINE_HEIGHT + 4) for row, n in lines.items() if n > 1}
    for row, text in table.notes.items():
        heights[row] = ROW_HEIGHT + styles.LINE_HEIGHT * (lines_needed(text, whole) - 1)
    return heights


def last_printed_row(table: TableAt) -> int:
    """The last sheet row of the table with the notes below it."""
    return max([table.last_row + bool(table.table.empty_note), *table.notes])


def _paper(table: TableAt, widths: Mapping[int, float], heights: Mapping[int, float]) -> Paper:
    """Tables are published across; one too long for a page lies upright, if it stays readable in that width."""
    width = sum(_points(widths[column]) for column in range(1, table.last_column + 1))
    height = sum(heights.get(row, ROW_HEIGHT) for row in range(1, last_printed_row(table) + 1))
    short, long = _A4
    if _scale(long, width) < _SMALLEST_PRINT:
        return LARGE
    is_too_long = height * _scale(long, width) > _room(short)
    return UPRIGHT if is_too_long and _scale(short, width) >= _SMALLEST_PRINT else ACROSS


def _scale(paper_width: float, width: float) -> float:
    left, right, _, _ = MARGINS
    return min(1.0, (paper_width - (left + right) * _INCH) / width)


def _room(paper_height: float) -> float:
    _, _, top, bottom = MARGINS
    return paper_height - (top + bottom) * _INCH


def _points(width: float) -> float:
    """A column width (in digits of 7 pixels, with 5 pixels of padding) in points."""
    return (width * 7 + 5) * 0.75


def _texts(job: Job, table: TableAt, band: Band, widths: Mapping[int, float]) -> Iterator[tuple[int, str, float]]:
    """The texts of a band that may wrap: sheet row, text, width of the cell."""
    for block in band.blocks:
        for heading in [] if band.is_form else headings(block, band.depth):
            width = sum(widths[column] for column in range(heading.left, heading.right + 1))
            count = lines_needed(job.text(heading.text), width)
            yield heading.bottom, "\n" * max(0, count - 1 - (heading.bottom - heading.top)), width
        last_on_line = {row.sheet_row: r for r, row in enumerate(block.rows)}
        for r, row in enumerate(block.rows):
            is_last = last_on_line[row.sheet_row] == r
            for c, at in enumerate(block.columns):
                start = at.sheet_column + row.shift
                end = table.last_column if block.block.is_form and c and is_last else start + at.definition.span - 1
                yield (
                    row.sheet_row,
                    _shown_text(job, block, r, c),
                    sum(widths[i] for i in range(start, max(start, end) + 1)),
                )


def _shown_text(job: Job, block: BlockAt, r: int, c: int) -> str:
    kind = block.block.columns[c].kind
    value = job.values.get(Place(block.index, r, c))
    if isinstance(value, str) and kind != "amount":
        return value
    row = block.rows[r]
    if kind == "path":
        return path_part(block, Place(block.index, r, c))
    if kind == "label" and is_code_row(block, r) and block.find_column("code") is not None:
        return ""
    if kind == "label" and block.label_columns.index(c) != label_level(block, r):
        return ""
    shows_label = kind == "label" or (kind == "name" and block.find_column("label") is None)
    return printed_label(row) if shows_label or kind == "name" else ""
