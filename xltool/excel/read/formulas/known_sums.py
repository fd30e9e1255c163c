"""Knows at a glance the formulas that our writer gives totals: most formulas of a workbook, and the longest.

What they add up is what `formula_terms` would find by reading them token by token.
"""

from __future__ import annotations

import re
from decimal import Decimal

from xltool.excel.read.formulas.formula_terms import CodesOf, Terms
from xltool.excel.read.formulas.syntax import MAX_CELLS
from xltool.model import CellRef, column_number

_BELOW = re.compile(
    r"SUMIFS\(INDEX\(([A-Z]{1,3})([1-9][0-9]{0,5}):\1\$([1-9][0-9]{0,5}),2\):\1\$\3,"
    r"INDEX\(\$([A-Z]{1,3})\2:\$\4\$\3,2\):\$\4\$\3,"
    r'(?:\$\4([1-9][0-9]{0,5})&)?"(\?{1,7})"\)'
)
"""SUMIFS(INDEX(E6:E$20,2):E$20,INDEX($B6:$B$20,2):$B$20,$B6&"??"): the codes below row 6 that begin as its own does."""

_ELSEWHERE = re.compile(
    r"SUMIFS\(('[^'\[\]]+'!)([A-Z]{1,3})\$([1-9][0-9]{0,5}):\2\$([1-9][0-9]{0,5}),\1\$([A-Z]{1,3})\$\3:\$\5\$\4,"
    r'"([0-9]{1,7})"\)'
)
"""SUMIFS('支出总表'!E$6:E$20,'支出总表'!$B$6:$B$20,"2010301"): the code in a table on another sheet."""

_RANGE = re.compile(r"SUM\(('[^'\[\]]+'!|)([A-Z]{1,2})([1-9][0-9]{0,5}):([A-Z]{1,2})([1-9][0-9]{0,5})\)")
"""SUM(E7:G7)"""

_AFTER_FIRST = re.compile(r"SUM\(INDEX\(('[^'\[\]]+'!|)([A-Z]{1,2})([1-9][0-9]{0,5}):\2([1-9][0-9]{0,5}),2\):\1\2\4\)")
"""SUM(INDEX(E6:E20,2):E20): the cells below E6."""

_CELL = r"('[^'\[\]]+'!|)([A-Z]{1,2})([1-9][0-9]{0,5})"
_CELLS = re.compile(rf"{_CELL}(?:\+{_CELL}){{0,50}}")
"""E7+'支出总表'!G7"""
_EACH = re.compile(_CELL)

_ONE = Decimal(1)


def known_sum(formula: str, sheet: str, codes_of: CodesOf) -> Terms | None:
    """The cells that `formula` (without "=") adds up, see `formula_terms.terms_of`; None if it is spelt otherwise."""
    if formula.startswith("SUMIFS("):
        return _by_code(formula, sheet, codes_of)
    if match := _RANGE.fullmatch(formula):
        name, left, top, right, bottom = match.groups()
        return _cells(name[1:-2] or sheet, column_number(left), int(top), column_number(right), int(bottom))
    if match := _AFTER_FIRST.fullmatch(formula):
        name, letters, top, bottom = match.groups()
        column = column_number(letters)
        return _cells(name[1:-2] or sheet, column, int(top) + 1, column, int(bottom))
    if _CELLS.fullmatch(formula):
        terms: Terms = {}
        for name, letters, row in _EACH.findall(formula):
            cell = CellRef(name[1:-2] or sheet, int(row), column_number(letters))
            terms[cell] = terms.get(cell, 0) + _ONE
        return terms
    return None


def _cells(sheet: str, left: int, top: int, right: int, bottom: int) -> Terms | None:
    if left > right or top > bottom or (right - left + 1) * (bottom - top + 1) >= MAX_CELLS:
        return None
    columns = range(left, right + 1)
    return {CellRef(sheet, row, column): _ONE for row in range(top, bottom + 1) for column in columns}


def _by_code(formula: str, sheet: str, codes_of: CodesOf) -> Terms | None:
    if match := _BELOW.fullmatch(formula):
        amounts, above, last, codes, own, wildcards = match.groups()
        texts, first = codes_of(sheet, column_number(codes)), int(above) + 1
        start = "".join(texts[int(own) - 1 : int(own)]) if own else ""
        length = len(start) + len(wildcards)
    elif match := _ELSEWHERE.fullmatch(formula):
        name, amounts, top, last, codes, start = match.groups()
        sheet, first, length = name[1:-2], int(top), len(start)
        texts = codes_of(sheet, column_number(codes))
    else:
        return None
    if not 0 < first <= int(last) < first + MAX_CELLS:
        return None
    column = column_number(amounts)
    return {
        CellRef(sheet, row, column): _ONE
        for row, text in enumerate(texts[first - 1 : int(last)], first)
        if len(text) == length and text.startswith(start)
    }
