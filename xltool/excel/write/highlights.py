"""Turns cells red while typing: totals that differ from their parts, and both sides of a failed check."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from xlsxwriter.worksheet import Worksheet

from xltool.equations.sums import LineSum, column_sums, row_sums
from xltool.excel.write import styles
from xltool.excel.write.cells import Job
from xltool.excel.write.check_lines import COPIES, FAILED, CheckLine
from xltool.excel.write.checks import result_cell
from xltool.excel.write.formulas import (
    Parts,
    add_up,
    count_filled,
    in_format,
    parts_across,
    parts_of,
    parts_of_empty_run,
)
from xltool.layout.equation import Equation, Term
from xltool.layout.geometry import runs
from xltool.layout.layout import BlockAt, Place, TableAt
from xltool.model import CellRef

_PRECISION = 6


def highlight_sums(job: Job, sheet: Worksheet, table: TableAt) -> None:
    """A total across or down is red while it is not the sum of its parts."""
    for block in table.blocks:
        if block.rows:
            for line in column_sums(block):
                _highlight_column(job, sheet, block, line)
            for line in row_sums(block):
                _highlight_row(job, sheet, block, line)


def highlight_checks(job: Job, sheet: Worksheet, table: TableAt, lines: Sequence[CheckLine]) -> None:
    """The cells of this sheet that a line of 校验 compares are red while that line fails."""
    for line in lines:
        cells = list(dict.fromkeys(cell for cell in line.cells if cell.sheet == table.sheet))
        if cells:
            _mark(job, sheet, cells, f'={result_cell(line)}="{FAILED}"')


def _highlight_column(job: Job, sheet: Worksheet, block: BlockAt, line: LineSum) -> None:
    rows = [*(row.sheet_row for row in block.rows), *block.blank_rows]
    first, last, column = min(rows), max(rows), block.columns[line.target].sheet_column
    cell = CellRef(block.sheet, first, column).a1
    formula = _differs(cell, parts_across(block, line, first), job.layout.unit(block.places[0][line.target]))
    sheet.conditional_format(first - 1, column - 1, last - 1, column - 1, _red(job, formula))


def _highlight_row(job: Job, sheet: Worksheet, block: BlockAt, line: LineSum) -> None:
    row = block.rows[line.target].sheet_row
    indexes = {block.columns[c].sheet_column: c for c in block.block.amounts}
    for first, last in runs(list(indexes)):
        column = indexes[first]
        parts = _down(job, block, line, column)
        if parts is not None:
            unit = job.layout.unit(block.places[line.target][column])
            formula = _differs(CellRef(block.sheet, row, first).a1, parts, unit)
            sheet.conditional_format(row - 1, first - 1, row - 1, last - 1, _red(job, formula))


def _down(job: Job, block: BlockAt, line: LineSum, column: int) -> Parts | None:
    if not line.parts:
        return parts_of_empty_run(line, block, column)
    target = Place(block.index, line.target, column)
    right = tuple(Term(sign, Place(block.index, r, column)) for sign, r in line.parts)
    return parts_of(Equation(line.rule, (Term(1, target),), right, target, True, over=line.over), job.layout)


def _differs(cell: str, parts: Parts, unit: Decimal) -> str:
    """Off by more than rounding can explain, with as many cells as are filled."""
    filled = f"({cell}<>0)+{count_filled(parts, in_format)}"
    tolerance = f"IF({filled}>{COPIES},({filled})*{unit / 2:f},0)"
    return f"=ABS(ROUND({cell}-({add_up(parts, in_format)}),{_PRECISION}))>{tolerance}"


def _red(job: Job, formula: str) -> dict[str, object]:
    return {"type": "formula", "criteria": formula, "format": job.styles(styles.WRONG)}


def _mark(job: Job, sheet: Worksheet, cells: Sequence[CellRef], formula: str) -> None:
    options = _red(job, formula)
    if len(cells) > 1:
        options["multi_range"] = " ".join(cell.a1 for cell in cells)
    first = cells[0]
    sheet.conditional_format(first.row - 1, first.column - 1, first.row - 1, first.column - 1, options)
