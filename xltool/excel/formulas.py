"""Turns equations into live formulas: Σ that keep counting when rows are inserted, and links to other sheets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from xltool.check.equations import Coefficient, Equation, Term
from xltool.layout.layout import BlockAt, Layout, Place, RowAt
from xltool.layout.structure import LineSum
from xltool.model import CellRef, column_letters
from xltool.template.spec import CODE_LEVELS, DIMENSIONS

_SHORTEST_RUN = 3
"""Cells in a row that are worth a SUM(first:last); fewer are added one by one."""

Addend = tuple[Coefficient, CellRef]


def render(equation: Equation, layout: Layout) -> str:
    """The formula (without "=") of `equation.target`: the right side of the equation."""
    assert equation.target is not None
    block = layout.blocks[equation.target.block]
    target = block.rows[equation.target.row]
    if equation.over:
        rows = [term.place.row for term in equation.right]
        run = _codes_formula(block, target, equation.target.column, rows, equation.over)
        if run:
            return run
    if equation.structural and _adds_down(equation):
        return _down_formula(equation, layout, block, target)
    return check_formula(equation.right, layout, block.sheet)


def check_formula(side: Sequence[Term], layout: Layout, sheet: str = "") -> str:
    """The formula of one side of an equation, as seen from `sheet`; "0" if this workbook has none of its cells."""
    return _addition(_addends(side, layout), sheet)


def empty_run_formula(line: LineSum, block: BlockAt, column: int) -> str:
    """The formula of a sum over a run that has no rows yet: it counts what will be typed into the blank rows.

    "" if there are no blank rows that could be counted.
    """
    target = block.rows[line.target]
    blank = _blank_run(block, target.section_end)
    if line.over not in DIMENSIONS or not blank or target.sheet_row in blank:
        return ""
    if line.over in CODE_LEVELS:
        return _top_codes(block, column, blank[0], blank[-1], line.over) if block.code_column else ""
    letters = column_letters(block.columns[column].sheet_column)
    return f"SUM({letters}{blank[0]}:{letters}{blank[-1]})"


def across_formula(block: BlockAt, line: LineSum, sheet_row: int) -> str:
    """The formula of a sum of columns in any row of the sheet, such as a blank one."""
    addends = [(sign, CellRef(block.sheet, sheet_row, block.columns[c].sheet_column)) for sign, c in line.parts]
    return _addition(addends, block.sheet)


def reference(cell: CellRef, sheet: str = "") -> str:
    """The cell's address as seen from `sheet`: "D7" or "'支出总表'!D7"."""
    return cell.a1 if cell.sheet == sheet else f"{quoted(cell.sheet)}!{cell.a1}"


def quoted(sheet: str) -> str:
    """The sheet's name as formulas write it."""
    return "'" + sheet.replace("'", "''") + "'"


def _addends(side: Sequence[Term], layout: Layout) -> list[Addend]:
    found = [(term.coefficient, layout.cell(term.place)) for term in side]
    return [(coefficient, cell) for coefficient, cell in found if cell is not None]


def _adds_down(equation: Equation) -> bool:
    target = equation.target
    return target is not None and all(term.place.column == target.column for term in equation.right)


def _down_formula(equation: Equation, layout: Layout, block: BlockAt, target: RowAt) -> str:
    """Rows added up; the last of them may be followed by blank rows of their run, which are counted too."""
    addends = _addends(equation.right, layout)
    definitions = [block.rows[term.place.row].definition for term in equation.right]
    in_codes = any(definition is None or definition.each in CODE_LEVELS for definition in definitions)
    blank = [] if in_codes else _blank_run(block, target.section_end)
    if blank and addends and addends[-1][0] == 1 and addends[-1][1].row == blank[0] - 1:
        return _addition([*addends, *_below(addends[-1][1], blank)], block.sheet, shortest=2)
    return _addition(addends, block.sheet)


def _below(cell: CellRef, rows: Sequence[int]) -> list[Addend]:
    return [(1, CellRef(cell.sheet, row, cell.column)) for row in rows]


def _blank_run(block: BlockAt, section_end: int) -> list[int]:
    """The blank rows next to each other that end at `section_end`."""
    blank, row = set(block.blank_rows), section_end
    while row in blank:
        row -= 1
    return list(range(row + 1, section_end + 1))


def _codes_formula(block: BlockAt, target: RowAt, column: int, rows: Sequence[int], over: str) -> str:
    """SUMIFS by the code column, if it would pick exactly `rows`; otherwise ""."""
    if not block.code_column or (over != "code" and over not in CODE_LEVELS):
        return ""
    lines = [block.rows[i].sheet_row for i in rows]
    first = target.sheet_row + 1 if target.sheet_row < min(lines) else min(lines)
    last = max(target.section_end, *lines)
    if first <= target.sheet_row <= last:
        return ""
    length = len(target.code) + 2 if over == "code" else CODE_LEVELS[over][0]
    start = target.code if over == "code" else ""
    picked = {i for i, row in enumerate(block.rows) if first <= row.sheet_row <= last and _fits(row, start, length)}
    if picked != set(rows):
        return ""
    if over != "code":
        return _top_codes(block, column, first, last, over)
    codes = column_letters(block.code_column)
    pattern = f'${codes}{target.sheet_row}&"??"'
    return _sumifs(block, column, first, last, pattern)


def _top_codes(block: BlockAt, column: int, first: int, last: int, dimension: str) -> str:
    return _sumifs(block, column, first, last, f'"{"?" * CODE_LEVELS[dimension][0]}"')


def _sumifs(block: BlockAt, column: int, first: int, last: int, criterion: str) -> str:
    letters, codes = column_letters(block.columns[column].sheet_column), column_letters(block.code_column)
    return f"SUMIFS({letters}{first}:{letters}${last},${codes}{first}:${codes}${last},{criterion})"


def _fits(row: RowAt, start: str, length: int) -> bool:
    is_code = row.definition is not None and row.definition.each in CODE_LEVELS
    return is_code and row.code.startswith(start) and len(row.code) == length


def _addition(addends: Sequence[Addend], sheet: str, shortest: int = _SHORTEST_RUN) -> str:
    """Cells times coefficients; `shortest` or more cells next to each other become one SUM."""
    text = ""
    for coefficient, cells in _runs(addends):
        if len(cells) < shortest:
            words = [reference(cell, sheet) for cell in cells]
        else:
            words = [f"SUM({reference(cells[0], sheet)}:{cells[-1].a1})"]
        for word in words:
            sign = "-" if coefficient < 0 else "+" if text else ""
            factor = "" if abs(coefficient) == 1 else f"{abs(coefficient)}*"
            text += sign + factor + word
    return text or "0"


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
    while end < len(cells) and cells[end] == (
        cells[end - 1].sheet,
        cells[end - 1].row + down,
        cells[end - 1].column + right,
    ):
        end += 1
    return end


def cell_at(layout: Layout, place: Place) -> CellRef:
    """The cell of a place that the planned workbook is known to have."""
    cell = layout.cell(place)
    assert cell is not None
    return cell
