"""Tells which totals of a workbook still carry the formula that the template gives them, and what others give."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache

from xltool.equations.instances import all_equations
from xltool.equations.nets import Nets
from xltool.equations.sums import row_sums
from xltool.excel.read.formulas.algebra import Sum
from xltool.excel.read.formulas.formula_terms import sum_of
from xltool.excel.read.formulas.known_sums import known_sum
from xltool.excel.read.formulas.results import MOST_LOOKED_AT, Results, SheetCells
from xltool.layout.block import BlockAt, Place
from xltool.layout.equation import Coefficient, Equation, Term
from xltool.layout.layout import Layout
from xltool.model import CellRef, column_letters
from xltool.source.sheet import DefinedNames, Sheet
from xltool.template.spec import FIGURES

Parts = dict[Place, Decimal]

_ROUNDS = re.compile(r"ROUND|TRUNC", re.IGNORECASE)
_LOOKS_ACROSS = re.compile(r"[\"<>=]|SUBTOTAL|AGGREGATE|LOOKUP|MATCH", re.IGNORECASE)
_LOOKS_DOWN = re.compile(r"[<>=]|SUBTOTAL|AGGREGATE", re.IGNORECASE)
"""What makes a formula depend on what stands in a cell, so that it does not mean the same all along a line."""

_Line = tuple[str, int, int]
"""A row or a column of a block: "down" or "across", the block, and the index of the row or column."""


class _TableCells(SheetCells):
    """The cells of tables: their figures are left open, what stands beside them is known."""

    def __init__(self, layout: Layout, sheets: Mapping[str, Sheet], names: DefinedNames) -> None:
        super().__init__(sheets, names)
        self._layout = layout

    def is_filled(self, cell: CellRef) -> bool | None:
        """Whether a cell of a code or a name holds anything; None for figures, what is not in a table or calculated."""
        place, sheet = self._layout.place_at(cell), self._sheets.get(cell.sheet)
        if place is None or sheet is None or self._layout.kind(place) in (*FIGURES, "field"):
            return None
        return None if cell.a1 in sheet.formulas.without_value else bool(sheet.normal(cell.row, cell.column))


class Formulas:
    """Compares the formulas of one workbook with the equations of its layout.

    `sheets` are those of its tables. A formula that repeats along a line (the same
    but for its row, or column) is compared once for the whole line.
    """

    def __init__(self, layout: Layout, sheets: Mapping[str, Sheet], results: Results) -> None:
        self._layout = layout
        self._sheets = sheets
        self._results = results
        self._cells = _TableCells(layout, sheets, results.names)
        self._answers: dict[tuple[_Line, tuple[str, ...]], bool] = {}
        self._extra = {(block.sheet, row.sheet_row) for block in layout.blocks for row in block.extra}
        self.counted: set[tuple[str, int]] = set()
        """The extra rows (sheet, row) that formulas of the tables add up too, as if they were none."""
        self._right: dict[_Line, tuple[str, ...]] = {}

    def live(self, texts: Mapping[Place, str]) -> dict[Place, Equation]:
        """The cells whose formula (without "=") adds up what the template says, with the equation that says so."""
        live: dict[Place, Equation] = {}
        others: dict[Place, Equation] = {}
        for equation in all_equations(self._layout):
            target = equation.target
            if target is None or target in live or not equation.right:
                continue
            text = texts.get(target)
            if text is not None and self._adds_up(text, target, equation):
                live[target] = equation
                others.pop(target, None)
            elif text is not None:
                others.setdefault(target, equation)
        return self._with_others(live, others, texts)

    def _with_others(
        self, live: dict[Place, Equation], others: dict[Place, Equation], texts: Mapping[Place, str]
    ) -> dict[Place, Equation]:
        """Also those that add up the same typed cells on another way: the parts of a part, or the totals of others."""
        waiting: dict[Place, Equation] = {}
        for place, equation in others.items():
            total = self._sum(texts[place], self._layout.blocks[place.block].sheet)
            parts = self._places(total) if total is not None else None
            if total is not None and parts:
                right = tuple(Term(total.over * factor, part) for factor, part in equation.right)
                waiting[place] = equation._replace(left=tuple(Term(c, part) for part, c in parts.items()), right=right)
        while waiting:
            nets = Nets(live)
            found = [place for place, is_same in waiting.items() if nets.of(is_same) == {}]
            if not found:
                return live
            for place in found:
                live[place] = others[place]
                del waiting[place]
        return live

    def unscaled(self, texts: Mapping[Place, str]) -> dict[Place, Equation]:
        """The links to a table in another unit that would be right if both were in one: they are not converted."""
        found: dict[Place, Equation] = {}
        for equation in all_equations(self._layout):
            target = equation.target
            if equation.structural or target is None or target not in texts or target in found:
                continue
            own = self._layout.yuan_of(target)
            if all(self._layout.yuan_of(place) == own for _, place in equation.right):
                continue
            plain = [Term(_times(factor, own, self._layout.yuan_of(place)), place) for factor, place in equation.right]
            if self.parts(texts[target], self._layout.blocks[target.block].sheet) == _parts(plain):
                found[target] = equation
        return found

    def rounded(self, texts: Mapping[Place, str], live: Mapping[Place, Equation]) -> dict[Place, int]:
        """To how many decimals the formulas among `live` round what they add up."""
        found = {}
        for place in live:
            text = texts[place]
            if _ROUNDS.search(text) and (total := self._sum(text, self._layout.blocks[place.block].sheet)) is not None:
                found[place] = total.digits
        return {place: digits for place, digits in found.items() if digits is not None}

    def unclear(self, texts: Mapping[Place, str]) -> frozenset[Place]:
        """The cells whose formula refers to rows that the template does not know."""
        unknown = {
            (block.index, r)
            for block in self._layout.blocks
            for r, row in enumerate(block.rows)
            if row.definition is None
        }
        return frozenset(place for place, text in texts.items() if unknown and self._refers(place, text, unknown))

    def _refers(self, place: Place, text: str, rows: Collection[tuple[int, int]]) -> bool:
        cell = self._layout.cell(place)
        parts = self.parts(text, cell.sheet) if cell is not None and place[:2] not in rows else None
        return any(part[:2] in rows for part in parts or ())

    def with_counted(self, texts: Mapping[Place, str]) -> Layout:
        """The layout that knows which totals count rows that the template does not know: most of their own sums do."""
        return self._layout.with_blocks(self._with_counted(block, texts) for block in self._layout.blocks)

    def _with_counted(self, block: BlockAt, texts: Mapping[Place, str]) -> BlockAt:
        unknown = [r for r, row in enumerate(block.rows) if row.definition is None]
        rows = list(block.rows)
        for total in {line.target for line in row_sums(block)} if unknown else ():
            down = list(self._sums_down(block.places[total], texts))
            for r in unknown:
                if 2 * sum(r in lines for lines in down) > len(down):
                    rows[r] = rows[r]._replace(counted_in=(*rows[r].counted_in, rows[total].path))
        return replace(block, rows=tuple(rows)) if unknown else block

    def _sums_down(self, places: Sequence[Place], texts: Mapping[Place, str]) -> Iterator[set[int]]:
        """The rows that the formulas of a total add up, each in its own column."""
        for place in places:
            cell = self._layout.cell(place)
            parts = self.parts(texts[place], cell.sheet) if cell is not None and place in texts else None
            if parts and all((part.block, part.column) == (place.block, place.column) for part in parts):
                yield {part.row for part in parts}

    def _adds_up(self, text: str, target: Place, equation: Equation) -> bool:
        """Whether the formula at `target` is the right side of `equation`."""
        block, r, c = target
        at = self._layout.blocks[block]
        if not equation.structural:
            return self.parts(text, at.sheet) == _parts(equation.right)
        line: _Line
        if equation.right[0].place.row == r:
            line, own, pattern = ("across", block, c), str(at.rows[r].sheet_row), _relative_row
        else:
            own = column_letters(at.columns[c].sheet_column + at.rows[r].shift)
            line, pattern = ("down", block, r), _relative_column
        right = self._right.get(line)
        if right is not None and own.join(right) == text:
            return True
        looks = _LOOKS_ACROSS if line[0] == "across" else _LOOKS_DOWN
        if f"${own}" in text or looks.search(text):  # it does not mean the same elsewhere in the line
            return self.parts(text, at.sheet) == _parts(equation.right)
        around = tuple(pattern(own).split(text))
        if len(around) == 1:  # it does not follow its line, as where it has a name of the workbook
            return self.parts(text, at.sheet) == _parts(equation.right)
        if (line, around) not in self._answers:
            self._answers[line, around] = self.parts(text, at.sheet) == _parts(equation.right)
        if self._answers[line, around]:
            self._right[line] = around
        return self._answers[line, around]

    def parts(self, text: str, sheet: str) -> Parts | None:
        """The facts that a formula adds up; None if it does anything else, such as adding a number beside the table."""
        total = self._sum(text, sheet)
        return self._places(total) if total is not None and total.over == 1 else None

    def _places(self, total: Sum) -> Parts | None:
        parts: Parts = {}
        for cell, coefficient in total.terms.items():
            place = self._layout.place_at(cell)
            if place is not None:
                parts[place] = coefficient
            elif (cell.sheet, cell.row) in self._extra:
                self.counted.add((cell.sheet, cell.row))
            elif self._may_count(cell):
                return None
        return parts

    def _may_count(self, cell: CellRef) -> bool:
        """Whether a cell that holds no fact may hold a number all the same; a spare row has totals that are 0."""
        sheet = self._sheets.get(cell.sheet)
        if sheet is None:
            return True
        if cell.a1 in sheet.formulas.without_value:
            found = self._results.of(cell)
            return found is None or (isinstance(found, Decimal) and found != 0)
        raw = sheet.raw(cell.row, cell.column)
        return isinstance(raw, float) and raw != 0

    def _sum(self, text: str, sheet: str) -> Sum | None:
        """What a formula adds up; in a workbook whose formulas add up too many cells, the last are no sums."""
        if self._cells.looked_at > MOST_LOOKED_AT:
            return None
        known = known_sum(text, sheet, self._cells.texts)
        if known is None:
            return sum_of(text, sheet, self._cells)
        self._cells.count(len(known))
        return Sum(known)


def _parts(terms: Iterable[Term]) -> Parts:
    parts: Parts = {}
    for coefficient, place in terms:
        parts[place] = parts.get(place, Decimal(0)) + coefficient
    return parts


def _times(factor: Coefficient, own: int, other: int) -> Decimal:
    """A factor without what it converts."""
    return Decimal(factor) * own / other


@lru_cache(maxsize=1024)
def _relative_row(row: str) -> re.Pattern[str]:
    return re.compile(rf"(?<=[A-Z]){row}(?!\d)")


@lru_cache(maxsize=256)
def _relative_column(letters: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![A-Z$]){letters}(?=\$?\d)")
