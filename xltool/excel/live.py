"""Tells which totals of a workbook still carry the formula that the template gives them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache

from xltool.checking.equations import all_equations
from xltool.checking.evaluate import compute
from xltool.excel.cells import normal
from xltool.excel.formula_terms import terms_of
from xltool.excel.sheet import Sheet
from xltool.layout.book import Book
from xltool.layout.equation import Equation
from xltool.layout.layout import Layout, Place
from xltool.model import CellRef, column_letters

Parts = dict[Place, Decimal]


def find_live(book: Book, sheets: Mapping[str, Sheet]) -> None:
    """Note the cells whose formula adds up what the template says, and compute their values from the others.

    What the file has stored as a formula's result is not trusted. A formula that adds up nothing but blank rows
    leaves its cell blank.
    """
    expected: dict[Place, list[Equation]] = {}
    for equation in all_equations(book.layout):
        if equation.target is not None and equation.right:
            expected.setdefault(equation.target, []).append(equation)
    formulas = _Formulas(book.layout, sheets)
    live: dict[Place, Equation] = {}
    for place, text in book.formulas.items():
        cell = book.layout.cell(place)
        if cell is None:
            continue
        same = [equation for equation in expected.get(place, ()) if formulas.adds_up(text, cell, equation)]
        if same:
            live[place] = same[0]
        elif not expected.get(place) and formulas.parts(text, cell.sheet) == {}:
            book.values.pop(place, None)
    book.live = live
    compute(book.values, live)


class _Formulas:
    """Compares formulas with equations. One that repeats along a line (the same but for its row, or column) is
    compared once for the whole line."""

    def __init__(self, layout: Layout, sheets: Mapping[str, Sheet]) -> None:
        self._layout = layout
        self._sheets = sheets
        self._columns: dict[tuple[str, int], list[str]] = {}
        self._answers: dict[tuple[object, ...], bool] = {}

    def adds_up(self, text: str, cell: CellRef, equation: Equation) -> bool:
        """Whether the formula in `cell` is the right side of `equation`."""
        target, first = equation.target, equation.right[0].place
        if not equation.structural or target is None:
            return self.parts(text, cell.sheet) == _parts(equation)
        if first.row == target.row:
            along: tuple[object, ...] = ("across", target.block, target.column, _relative_row(cell.row).sub("", text))
        else:
            letters = column_letters(cell.column)
            along = ("down", target.block, target.row, _relative_column(letters).sub("", text))
        if along not in self._answers:
            self._answers[along] = self.parts(text, cell.sheet) == _parts(equation)
        return self._answers[along]

    def parts(self, text: str, sheet: str) -> Parts | None:
        """The facts that a formula adds up; None if it does anything else."""
        terms = terms_of(text, sheet, self._codes_of)
        if terms is None:
            return None
        place_at = self._layout.place_at
        return {at: coefficient for cell, coefficient in terms.items() if (at := place_at(cell)) is not None}

    def _codes_of(self, sheet: str, column: int) -> list[str]:
        codes = self._columns.get((sheet, column))
        if codes is None:
            at = self._sheets.get(sheet)
            codes = [] if at is None else [normal(at.label(r, column)) for r in range(1, at.height + 1)]
            self._columns[sheet, column] = codes
        return codes


def _parts(equation: Equation) -> Parts:
    parts: Parts = {}
    for coefficient, place in equation.right:
        parts[place] = parts.get(place, Decimal(0)) + coefficient
    return parts


@lru_cache(maxsize=1024)
def _relative_row(row: int) -> re.Pattern[str]:
    return re.compile(rf"(?<=[A-Z]){row}(?!\d)")


@lru_cache(maxsize=256)
def _relative_column(letters: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![A-Z$]){letters}(?=\$?\d)")
