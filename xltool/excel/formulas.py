"""Turns equations into live formulas: Σ that keep counting when rows are inserted, and links to other sheets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from xltool.layout.equation import Coefficient, Equation, Term
from xltool.layout.layout import BlockAt, Layout, RowAt
from xltool.layout.structure import LineSum
from xltool.model import CellRef, column_letters
from xltool.template.spec import CODE_LEVELS, DIMENSIONS

_SHORTEST_RUN = 3
"""Cells in a row that are worth a SUM(first:last); fewer are added one by one."""

Addend = tuple[Coefficient, CellRef]


class Cells(NamedTuple):
    """Cells times coefficients; `shortest` or more next to each other are written as one range."""

    addends: tuple[Addend, ...]
    sheet: str
    shortest: int = _SHORTEST_RUN


class ByCode(NamedTuple):
    """The cells of `amounts` whose neighbour in `codes` fits `criterion`."""

    amounts: str
    codes: str
    criterion: str


Parts = Cells | ByCode
"""What a formula adds up."""


def render(equation: Equation, layout: Layout) -> str:
    """The formula (without "=") of `equation.target`: the right side of the equation."""
    return add_up(parts_of(equation, layout))


def check_formula(side: Sequence[Term], layout: Layout, sheet: str = "") -> str:
    """The formula of one side of an equation, as seen from `sheet`; "0" if this workbook has none of its cells."""
    return add_up(cells_of(side, layout, sheet))


def add_up(parts: Parts) -> str:
    """The sum, as a formula."""
    if isinstance(parts, ByCode):
        return f"SUMIFS({parts.amounts},{parts.codes},{parts.criterion})"
    text = ""
    for coefficient, words in _grouped(parts):
        sign = "-" if coefficient < 0 else "+" if text else ""
        factor = "" if abs(coefficient) == 1 else f"{abs(coefficient)}*"
        text += sign + factor + (f"SUM({words})" if ":" in words else words)
    return text or "0"


def count_filled(parts: Parts) -> str:
    """How many of the cells are neither blank nor 0, as a formula: only these are rounded."""
    if isinstance(parts, ByCode):
        return "+".join(f'COUNTIFS({parts.amounts},"{sign}0",{parts.codes},{parts.criterion})' for sign in "><")
    counts = [
        "+".join(f'COUNTIF({words},"{sign}0")' for sign in "><") if ":" in words else f"({words}<>0)"
        for _, words in _grouped(parts)
    ]
    return "+".join(counts) or "0"


def parts_of(equation: Equation, layout: Layout) -> Parts:
    """What the formula of `equation.target` adds up."""
    assert equation.target is not None
    block = layout.blocks[equation.target.block]
    target = block.rows[equation.target.row]
    if equation.over:
        rows = [term.place.row for term in equation.right]
        run = _parts_by_code(block, target, equation.target.column, rows, equation.over)
        if run is not None:
            return run
    if equation.structural and all(term.place.column == equation.target.column for term in equation.right):
        return _parts_below(equation, layout, block, target)
    return cells_of(equation.right, layout, block.sheet)


def cells_of(side: Sequence[Term], layout: Layout, sheet: str) -> Cells:
    """The cells of one side of an equation, as seen from `sheet`."""
    found = [(term.coefficient, layout.cell(term.place)) for term in side]
    return Cells(tuple((coefficient, cell) for coefficient, cell in found if cell is not None), sheet)


def parts_across(block: BlockAt, line: LineSum, sheet_row: int) -> Cells:
    """What a sum of columns adds up in any row of the sheet, such as a blank one."""
    columns = [(sign, block.columns[c].sheet_column) for sign, c in line.parts]
    return Cells(tuple((sign, CellRef(block.sheet, sheet_row, column)) for sign, column in columns), block.sheet)


def parts_of_empty_run(line: LineSum, block: BlockAt, column: int) -> Parts | None:
    """What a sum over a run that has no rows yet adds up: whatever will be typed into the run's blank rows.

    None if there are no blank rows that could be counted.
    """
    target = block.rows[line.target]
    blank = _blank_run(block, target.section_end)
    if line.over not in DIMENSIONS or not blank or target.sheet_row in blank:
        return None
    if line.over in CODE_LEVELS:
        return _by_code(block, column, blank[0], blank[-1], _top(line.over)) if block.code_column else None
    top = CellRef(block.sheet, blank[0] - 1, block.columns[column].sheet_column)
    return Cells(tuple(_below(top, blank)), block.sheet)


def reference(cell: CellRef, sheet: str = "") -> str:
    """The cell's address as seen from `sheet`: "D7" or "'支出总表'!D7"."""
    return cell.a1 if cell.sheet == sheet else f"{quoted(cell.sheet)}!{cell.a1}"


def quoted(sheet: str) -> str:
    """The sheet's name as formulas write it."""
    return "'" + sheet.replace("'", "''") + "'"


def _parts_below(equation: Equation, layout: Layout, block: BlockAt, target: RowAt) -> Cells:
    """Rows added up; the last of them may be followed by blank rows of their run, which are counted too."""
    addends = cells_of(equation.right, layout, block.sheet).addends
    definitions = [block.rows[term.place.row].definition for term in equation.right]
    in_codes = any(definition is None or definition.each in CODE_LEVELS for definition in definitions)
    blank = [] if in_codes else _blank_run(block, target.section_end)
    if blank and addends and addends[-1][0] == 1 and addends[-1][1].row == blank[0] - 1:
        return Cells((*addends, *_below(addends[-1][1], blank)), block.sheet, shortest=2)
    return Cells(addends, block.sheet)


def _below(cell: CellRef, rows: Sequence[int]) -> list[Addend]:
    return [(1, CellRef(cell.sheet, row, cell.column)) for row in rows]


def _blank_run(block: BlockAt, section_end: int) -> list[int]:
    """The blank rows next to each other that end at `section_end`."""
    blank, row = set(block.blank_rows), section_end
    while row in blank:
        row -= 1
    return list(range(row + 1, section_end + 1))


def _parts_by_code(block: BlockAt, target: RowAt, column: int, rows: Sequence[int], over: str) -> ByCode | None:
    """Cells picked by the code column, if that picks exactly `rows`."""
    if not block.code_column or (over != "code" and over not in CODE_LEVELS):
        return None
    lines = [block.rows[i].sheet_row for i in rows]
    first = target.sheet_row + 1 if target.sheet_row < min(lines) else min(lines)
    last = max(target.section_end, *lines)
    if first <= target.sheet_row <= last:
        return None  # the formula must not add up its own cell
    length = len(target.code) + 2 if over == "code" else CODE_LEVELS[over][0]
    start = target.code if over == "code" else ""
    picked = {i for i, row in enumerate(block.rows) if first <= row.sheet_row <= last and _fits(row, start, length)}
    if picked != set(rows):
        return None
    below = f'${column_letters(block.code_column)}{target.sheet_row}&"??"'
    return _by_code(block, column, first, last, below if over == "code" else _top(over))


def _by_code(block: BlockAt, column: int, first: int, last: int, criterion: str) -> ByCode:
    amounts, codes = column_letters(block.columns[column].sheet_column), column_letters(block.code_column)
    return ByCode(f"{amounts}{first}:{amounts}${last}", f"${codes}{first}:${codes}${last}", criterion)


def _top(dimension: str) -> str:
    """Fits the codes of the coarsest level."""
    return f'"{"?" * CODE_LEVELS[dimension][0]}"'


def _fits(row: RowAt, start: str, length: int) -> bool:
    is_code = row.definition is not None and row.definition.each in CODE_LEVELS
    return is_code and row.code.startswith(start) and len(row.code) == length


def _grouped(parts: Cells) -> Iterator[tuple[Coefficient, str]]:
    """(coefficient, address of a cell or of a range)."""
    for coefficient, cells in _runs(parts.addends):
        if len(cells) < parts.shortest:
            yield from ((coefficient, reference(cell, parts.sheet)) for cell in cells)
        else:
            yield coefficient, f"{reference(cells[0], parts.sheet)}:{cells[-1].a1}"


def _runs(addends: Sequence[Addend]) -> Iterator[tuple[Coefficient, list[CellRef]]]:
    """Cells with the same coefficient that lie next to each other, down or across."""
    for coefficient, group in groupby(addends, key=lambda addend: addend[0]):
        cells = [cell for _, cell in group]
        start = 0
        while start < len(cells):
            end = max(_run_end(cells, start, 1, 0), _run_end(cells, start, 0, 1))
            yield coefficient, cells[start:end]
            start = end


def _run_end(cells: Sequence[CellRef], start: int, down: int, right: int) -> int:
    end = start + 1
    while end < len(cells):
        before = cells[end - 1]
        if cells[end] != (before.sheet, before.row + down, before.column + right):
            break
        end += 1
    return end
