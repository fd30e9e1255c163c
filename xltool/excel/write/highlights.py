"""Turns cells red while typing: totals that differ from their parts, and both sides of a failed check."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from xltool.equations.sums import LineSum, column_sums, row_sums
from xltool.excel.write import styles
from xltool.excel.write.cells import Job
from xltool.excel.write.checks.lines import WORDS, CheckLine
from xltool.excel.write.checks.sheet import result_cell
from xltool.excel.write.checks.verdict_formulas import PRECISION
from xltool.excel.write.formulas import (
    Summed,
    add_up,
    in_format,
    summed_across,
    summed_by,
    summed_in_empty_run,
)
from xltool.layout.block import BlockAt, Place
from xltool.layout.equation import Equation, Term
from xltool.layout.geometry import runs
from xltool.layout.layout import TableAt
from xltool.model import CellRef, Verdict

_COLOURS = {Verdict.FAIL: styles.WRONG, Verdict.IMPLAUSIBLE: styles.DOUBTFUL}


def highlight_sums(job: Job, sheet: Worksheet, table: TableAt) -> None:
    """A total across or down is red while it is not the sum of its parts."""
    for block in table.blocks:
        if block.rows:
            for line in column_sums(block):
                _highlight_column(job, sheet, block, line)
            for line in row_sums(block):
                _highlight_row(job, sheet, block, line)


class Compared(NamedTuple):
    """A line of 校验, and the cells of one sheet that it compares."""

    line: CheckLine
    cells: Sequence[CellRef]


def compared_cells(lines: Iterable[CheckLine]) -> dict[str, list[Compared]]:
    """Sheet -> what lines compare of it."""
    found: dict[str, list[Compared]] = {}
    for line in lines:
        cells: dict[str, list[CellRef]] = {}
        for cell in dict.fromkeys(line.cells):
            cells.setdefault(cell.sheet, []).append(cell)
        for sheet, own in cells.items():
            found.setdefault(sheet, []).append(Compared(line, own))
    return found


def highlight_checks(job: Job, sheet: Worksheet, compared: Iterable[Compared]) -> None:
    """The cells of a sheet that a line of 校验 compares are red while it fails, amber while it is doubtful."""
    looks = {verdict: job.styles(look) for verdict, look in _COLOURS.items()}
    for line, cells in compared:
        for verdict, look in looks.items():
            _mark(sheet, cells, f'={result_cell(line)}="{WORDS[verdict]}"', look)


def _highlight_column(job: Job, sheet: Worksheet, block: BlockAt, line: LineSum) -> None:
    rows = [*(row.sheet_row for row in block.rows), *block.blank_rows]
    first, last, column = min(rows), max(rows), block.columns[line.target].sheet_column
    cell = CellRef(block.sheet, first, column).a1
    formula = _differs(cell, summed_across(block, line, first), job.layout.unit(block.places[0][line.target]))
    sheet.conditional_format(first - 1, column - 1, last - 1, column - 1, _red(job, formula))


def _highlight_row(job: Job, sheet: Worksheet, block: BlockAt, line: LineSum) -> None:
    row = block.rows[line.target].sheet_row
    indexes = {block.columns[c].sheet_column: c for c in block.block.amounts}
    for first, last in runs(list(indexes)):
        column = indexes[first]
        summed = _down(job, block, line, column)
        if summed is not None:
            unit = job.layout.unit(block.places[line.target][column])
            formula = _differs(CellRef(block.sheet, row, first).a1, summed, unit)
            sheet.conditional_format(row - 1, first - 1, row - 1, last - 1, _red(job, formula))


def _down(job: Job, block: BlockAt, line: LineSum, column: int) -> Summed | None:
    if not line.parts:
        return summed_in_empty_run(line, block, column)
    target = Place(block.index, line.target, column)
    right = tuple(Term(sign, Place(block.index, r, column)) for sign, r in line.parts)
    return summed_by(Equation(line.rule, (Term(1, target),), right, target, True, over=line.over), job.layout)


def _differs(cell: str, summed: Summed, unit: Decimal) -> str:
    """Off by more than rounding to the printed unit can explain, with as many cells as are filled.

    What figures that are printed finer, and printed zeros, change in that is for 校验 to say: here it would make every
    table much larger, for cells that a formula keeps right until somebody overtypes it.
    """
    pieces = [*in_format(summed)]
    difference = f"ABS(ROUND({cell}-({add_up(pieces)}),{PRECISION}))"
    count = "+".join(f"{'' if piece.coefficient == 1 else '2*'}{piece.filled}" for piece in pieces) or "0"
    pair = f"AND({cell}<>0,{count}=1)"
    return f"={difference}>IF({pair},0,(({cell}<>0)+{count})*{unit / 2:f}+1E-9)" if unit else f"={difference}>0"


def _red(job: Job, formula: str) -> dict[str, object]:
    return {"type": "formula", "criteria": formula, "format": job.styles(styles.WRONG)}


def _mark(sheet: Worksheet, cells: Sequence[CellRef], formula: str, look: Format) -> None:
    options: dict[str, object] = {"type": "formula", "criteria": formula, "format": look}
    if len(cells) > 1:
        options["multi_range"] = " ".join(cell.a1 for cell in cells)
    first = cells[0]
    sheet.conditional_format(first.row - 1, first.column - 1, first.row - 1, first.column - 1, options)
