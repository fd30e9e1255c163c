"""Turns equations into live formulas: Σ that keep counting when rows are inserted, and links to other sheets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from xltool.equations.sums import LineSum, code_levels
from xltool.layout.block import BlockAt, Place, RowAt
from xltool.layout.equation import Coefficient, Equation, Term
from xltool.layout.layout import Layout
from xltool.model import CellRef, column_letters
from xltool.template.binding import matches
from xltool.template.spec import CODE_LEVELS, DIMENSIONS

_SHORTEST_RUN = 3
"""Cells in a row that are worth a SUM(first:last); fewer are added one by one."""

Addend = tuple[Coefficient, CellRef]


class Run(NamedTuple):
    """The cells right below `above` down to `last`: rows inserted between them are added up too, the first as well."""

    coefficient: Coefficient
    above: CellRef
    last: CellRef


class Cells(NamedTuple):
    """Cells times coefficients, and runs; `shortest` or more cells next to each other are written as one range."""

    addends: tuple[Addend, ...]
    sheet: str
    runs: tuple[Run, ...] = ()
    shortest: int = _SHORTEST_RUN


class Wanted(NamedTuple):
    """Which codes: what they begin with, as a formula (or "" for anything), and how many more characters they have."""

    start: str
    more: int

    @property
    def criterion(self) -> str:
        """As COUNTIFS wants it."""
        return "&".join(part for part in (self.start, f'"{"?" * self.more}"' if self.more else "") if part)

    def among(self, codes: str) -> str:
        """1 for each cell of a range that holds such a code, else 0, as an array."""
        if not self.start:
            return f"(LEN({codes})={self.more})"
        return f"(LEN({codes})=LEN({self.start})+{self.more})*(LEFT({codes},LEN({self.start}))={self.start})"


class ByCode(NamedTuple):
    """The cells of column `amounts` below row `above` down to row `last` beside which `codes` has a wanted code.

    The cell in row `above` itself has none; it may be the one that holds the formula.
    """

    amounts: str
    codes: str
    above: int
    last: int
    wanted: Wanted


Summed = Cells | ByCode
"""What a formula adds up."""


class Piece(NamedTuple):
    """One addend of a formula: a cell, or a range; with `codes`, those of its cells that have a wanted code beside."""

    coefficient: Coefficient
    cells: str
    codes: str = ""
    wanted: Wanted = Wanted("", 0)
    is_range: bool = True
    is_across: bool = False

    @property
    def total(self) -> str:
        """Its sum, as a formula."""
        if self.codes:
            return f"SUMIFS({self.cells},{self.codes},{self.wanted.criterion})"
        return f"SUM({self.cells})" if self.is_range else self.cells

    @property
    def filled(self) -> str:
        """How many of its cells are neither blank nor 0, as a formula."""
        return f"({self._count('>0')}+{self._count('<0')})" if self.is_range else f"({self.cells}<>0)"

    @property
    def zeros(self) -> str:
        """How many of its cells show 0, as a formula; blank ones do not."""
        return self._count("=0")

    def finer(self, decimals: Sequence[int], power: int) -> str:
        """Σ 10⁻ⁿᵖ - 10⁻⁽ⁿ⁺¹⁾ᵖ over each n of `decimals` and the cells with more decimals than n (p: `power`)."""
        separator = ";" if self.is_across else ","
        fewer, more = (separator.join(str(n + step) for n in decimals) for step in (0, 1))
        beyond = f"(ABS({self.cells}-ROUND({self.cells},{{{fewer}}}))>{_FINEST})"
        chosen = f"{self.wanted.among(self.codes)}*" if self.codes else ""
        base = 10**power
        return f"IFERROR(SUMPRODUCT({chosen}{beyond}*{base - 1}/{base}^{{{more}}}),0)"

    def _count(self, criterion: str) -> str:
        if self.codes:
            return f'COUNTIFS({self.cells},"{criterion}",{self.codes},{self.wanted.criterion})'
        return f'COUNTIF({self.cells},"{criterion}")'


_FINEST = "5E-7"
"""A cell has more decimals than are kept if rounding changes it by more; 分 in 万元 is the finest amount."""


def render(equation: Equation, layout: Layout) -> str:
    """The formula (without "=") of `equation.target`: the right side of the equation."""
    return add_up(in_cell(summed_by(equation, layout)))


def in_cell(summed: Summed) -> Iterator[Piece]:
    """The addends as a cell's formula has them.

    Spreadsheets move the start of a range down when a row is inserted right above it. So a range to which rows can be
    added starts at the second cell of one that begins a row earlier, with INDEX: it is not volatile, and the formula's
    own cell may be the first of them.
    """
    yield from _pieces(summed, _below)


def in_format(summed: Summed) -> Iterator[Piece]:
    """The addends as a conditional format has them: Excel allows no operator there that makes a range."""
    yield from _pieces(summed, lambda above, last: f"OFFSET({above},1,0,ROWS({above}:{last.rpartition('!')[2]})-1)")


def _pieces(summed: Summed, below: Callable[[str, str], str]) -> Iterator[Piece]:
    if isinstance(summed, ByCode):
        amounts, codes = below(*_ends(summed, summed.amounts)), below(*_ends(summed, f"${summed.codes}"))
        yield Piece(1, amounts, codes, summed.wanted)
        return
    for coefficient, cells in _runs(summed.addends):
        if len(cells) < summed.shortest:
            for cell in cells:
                yield Piece(coefficient, reference(cell, summed.sheet), is_range=False)
        else:
            is_across = cells[0].row == cells[-1].row
            yield Piece(coefficient, f"{reference(cells[0], summed.sheet)}:{cells[-1].a1}", is_across=is_across)
    for coefficient, above, last in summed.runs:
        yield Piece(coefficient, below(reference(above, summed.sheet), reference(last, summed.sheet)))


def add_up(pieces: Iterable[Piece]) -> str:
    """The sum, as a formula."""
    text = ""
    for piece in pieces:
        sign = "-" if piece.coefficient < 0 else "+" if text else ""
        factor = "" if abs(piece.coefficient) == 1 else f"{abs(piece.coefficient)}*"
        text += sign + factor + piece.total
    return text or "0"


def summed_by(equation: Equation, layout: Layout) -> Summed:
    """What the formula of `equation.target` adds up."""
    assert equation.target is not None
    block = layout.blocks[equation.target.block]
    target = block.rows[equation.target.row]
    if equation.over:
        rows = [term.place.row for term in equation.right]
        run = _by_wanted_code(block, target, equation.target.column, rows, equation.over)
        if run is not None:
            return run
    return cells_of(equation.right, equation, layout, block.sheet)


def cells_of(terms: Sequence[Term], equation: Equation, layout: Layout, sheet: str) -> Cells:
    """The cells of `terms` of `equation`, as seen from `sheet`, and the blank rows of the runs that it adds up."""
    addends: list[Addend] = []
    runs: list[Run] = []
    shortest = _SHORTEST_RUN
    for term in terms:
        cell = layout.cell(term.place)
        if cell is None:
            continue
        addends.append((term.coefficient, cell))
        run = _run_that_ends_at(term.place, equation, layout)
        if run:
            members = _last_down(addends)
            if members[0].row < run[0]:  # the row above the run is added too: the range begins before the run
                addends += [(term.coefficient, cell._replace(row=row)) for row in range(cell.row + 1, run[-1] + 1)]
                shortest = 2
            else:
                del addends[-len(members) :]
                above, last = (cell._replace(row=row) for row in (members[0].row - 1, run[-1]))
                runs.append(Run(term.coefficient, above, last))
    return Cells(tuple(addends), sheet, tuple(runs), shortest)


def summed_across(block: BlockAt, line: LineSum, sheet_row: int) -> Cells:
    """What a sum of columns adds up in any row of the sheet, such as a blank one."""
    columns = [(sign, block.columns[c].sheet_column) for sign, c in line.parts]
    return Cells(tuple((sign, CellRef(block.sheet, sheet_row, column)) for sign, column in columns), block.sheet)


def summed_in_empty_run(line: LineSum, block: BlockAt, column: int) -> Summed | None:
    """What a sum over a run that has no rows yet adds up: whatever will be typed into the run's blank rows.

    None if there are no blank rows that could be counted.
    """
    target = block.rows[line.target]
    blank = _blank_run(block, target.section_end)
    if line.over not in DIMENSIONS or not blank or target.sheet_row in blank:
        return None
    if line.over in CODE_LEVELS:
        top = code_levels(block)[0]
        return _by_code(block, column, blank[0] - 1, blank[-1], Wanted("", top)) if block.code_column else None
    letters = block.columns[column].sheet_column
    above, last = (CellRef(block.sheet, row, letters) for row in (blank[0] - 1, blank[-1]))
    return Cells((), block.sheet, (Run(1, above, last),))


def reference(cell: CellRef, sheet: str = "") -> str:
    """The cell's address as seen from `sheet`: "D7" or "'支出总表'!D7"."""
    return cell.a1 if cell.sheet == sheet else f"{quoted(cell.sheet)}!{cell.a1}"


def quoted(sheet: str) -> str:
    """The sheet's name as formulas write it."""
    return "'" + sheet.replace("'", "''") + "'"


def _run_that_ends_at(place: Place, equation: Equation, layout: Layout) -> range:
    """The rows of the run whose last member is at `place`, and its blank rows, if `equation` adds all of them up."""
    block = layout.blocks[place.block]
    row = block.rows[place.row]
    blank = _blank_run(block, row.section_end) if _is_leaf(row) else []
    if not blank or blank[0] != row.sheet_row + 1 or not _adds_up_all(place, equation, layout):
        return range(0)
    members = [at.sheet_row for at in block.rows if at.section_end == row.section_end and at.pattern == row.pattern]
    return range(min(members), row.section_end + 1)


def _is_leaf(row: RowAt) -> bool:
    """Whether a row repeats over a dimension that is not classified, with no rows below it: a unit or a project."""
    definition = row.definition
    if definition is None or definition.rows:
        return False
    return definition.each in DIMENSIONS and definition.each not in CODE_LEVELS


def _adds_up_all(place: Place, equation: Equation, layout: Layout) -> bool:
    """Whether `equation` has the row at `place` as one of all members of its dimension, and not as a certain one."""
    block = layout.blocks[place.block]
    row, column = block.rows[place.row], block.columns[place.column].definition.path
    if equation.structural:
        return equation.target is not None and place.row != equation.target.row
    rule = layout.template.rules[equation.rule]
    references = [addend.reference for addend in rule.comparison.addends] if rule.comparison else []
    return any(
        (reference.table, reference.column) == (block.table.id, column)
        and reference.row[-1] in DIMENSIONS
        and reference.row[-1] not in rule.each
        and matches(reference.row, row.path, row.pattern)
        for reference in references
    )


def _last_down(addends: Sequence[Addend]) -> list[CellRef]:
    """The last cell and those right above it, as far as they have its coefficient."""
    coefficient, cell = addends[-1]
    found = [cell]
    for above in reversed(addends[:-1]):
        if above != (coefficient, found[0]._replace(row=found[0].row - 1)):
            break
        found.insert(0, above[1])
    return found


def _blank_run(block: BlockAt, section_end: int) -> list[int]:
    """The blank rows next to each other that end at `section_end`."""
    blank, row = set(block.blank_rows), section_end
    while row in blank:
        row -= 1
    return list(range(row + 1, section_end + 1))


def _by_wanted_code(block: BlockAt, target: RowAt, column: int, rows: Sequence[int], over: str) -> ByCode | None:
    """Cells picked by the code column, if that picks exactly `rows`."""
    if not block.code_column or (over != "code" and over not in CODE_LEVELS):
        return None
    lines = [block.rows[i].sheet_row for i in rows]
    first = target.sheet_row + 1 if target.sheet_row < min(lines) else min(lines)
    last = max(target.section_end, *lines)
    if first <= target.sheet_row <= last:
        return None  # the formula must not add up its own cell
    length = len(block.rows[rows[0]].code)
    start = target.code if over == "code" else ""
    around = (i for line in range(first - 1, last + 1) for i in block.rows_of_line.get(line, ()))
    picked = {i for i in around if _fits(block.rows[i], start, length)}
    if picked != set(rows):
        return None
    below = Wanted(f"${column_letters(block.code_column)}{target.sheet_row}", length - len(target.code))
    return _by_code(block, column, first - 1, last, below if over == "code" else Wanted("", length))


def _by_code(block: BlockAt, column: int, above: int, last: int, wanted: Wanted) -> ByCode:
    amounts, codes = column_letters(block.columns[column].sheet_column), column_letters(block.code_column)
    return ByCode(amounts, codes, above, last, wanted)


def _fits(row: RowAt, start: str, length: int) -> bool:
    is_code = row.definition is not None and row.definition.each in CODE_LEVELS
    return is_code and row.code.startswith(start) and len(row.code) == length


def _ends(summed: ByCode, letters: str) -> tuple[str, str]:
    """The first and the last cell; the last stays where it is when the formula is filled down."""
    return f"{letters}{summed.above}", f"{letters}${summed.last}"


def _below(above: str, last: str) -> str:
    """The cells below `above` down to `last`; both with the sheet's name, if any."""
    return f"INDEX({above}:{last.rpartition('!')[2]},2):{last}"


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
