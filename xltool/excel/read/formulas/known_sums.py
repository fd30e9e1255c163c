"""Knows at a glance the formulas that our writer gives totals: most formulas of a workbook, and the longest.

What they add up is what `formula_terms` would find by reading them token by token.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

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

_CELL = re.compile(r"('[^'\[\]]+'!|)([A-Z]{1,2})([1-9][0-9]{0,5})")
"""E7, '支出总表'!G7"""

_MOST_ADDENDS = 50

_ONE, _NOTHING = Decimal(1), Decimal(0)
_SIGNS = {"+": _ONE, "-": -_ONE}


class _Addend(NamedTuple):
    """Some cells that a formula adds up, and where in it the next thing stands."""

    cells: Iterable[CellRef]
    end: int


def known_sum(formula: str, sheet: str, codes_of: CodesOf) -> Terms | None:
    """The cells that `formula` (without "=") adds up and takes away, see `formula_terms.terms_of`; None if it is spelt
    otherwise than one of ours, or several of them with + and - between them."""
    terms: Terms = {}
    at, sign = 0, _ONE
    for _ in range(_MOST_ADDENDS):
        addend = _addend(formula, at, sheet, codes_of)
        if addend is None:
            return None
        for cell in addend.cells:
            terms[cell] = terms.get(cell, _NOTHING) + sign
        if addend.end == len(formula):
            return {cell: factor for cell, factor in terms.items() if factor}
        if formula[addend.end] not in _SIGNS:
            return None
        at, sign = addend.end + 1, _SIGNS[formula[addend.end]]
    return None


def _addend(formula: str, at: int, sheet: str, codes_of: CodesOf) -> _Addend | None:
    if formula.startswith("SUMIFS(", at):
        return _by_code(formula, at, sheet, codes_of)
    if match := _CELL.match(formula, at):
        name, letters, row = match.groups()
        return _Addend((CellRef(name[1:-2] or sheet, int(row), column_number(letters)),), match.end())
    if match := _RANGE.match(formula, at):
        name, left, top, right, bottom = match.groups()
        cells = _cells(name[1:-2] or sheet, column_number(left), int(top), column_number(right), int(bottom))
    elif match := _AFTER_FIRST.match(formula, at):
        name, letters, top, bottom = match.groups()
        column = column_number(letters)
        cells = _cells(name[1:-2] or sheet, column, int(top) + 1, column, int(bottom))
    return _Addend(cells, match.end()) if match and cells else None


def _cells(sheet: str, left: int, top: int, right: int, bottom: int) -> list[CellRef]:
    """The cells of a range; none of one that is too large, or no range."""
    if left > right or top > bottom or (right - left + 1) * (bottom - top + 1) >= MAX_CELLS:
        return []
    columns = range(left, right + 1)
    return [CellRef(sheet, row, column) for row in range(top, bottom + 1) for column in columns]


def _by_code(formula: str, at: int, sheet: str, codes_of: CodesOf) -> _Addend | None:
    if match := _BELOW.match(formula, at):
        amounts, above, last, codes, own, wildcards = match.groups()
        texts, first = codes_of(sheet, column_number(codes)), int(above) + 1
        start = "".join(texts[int(own) - 1 : int(own)]) if own else ""
        length = len(start) + len(wildcards)
    elif match := _ELSEWHERE.match(formula, at):
        name, amounts, top, last, codes, start = match.groups()
        sheet, first, length = name[1:-2], int(top), len(start)
        texts = codes_of(sheet, column_number(codes))
    else:
        return None
    if not 0 < first <= int(last) < first + MAX_CELLS:
        return None
    column = column_number(amounts)
    rows = enumerate(texts[first - 1 : int(last)], first)
    found = [CellRef(sheet, row, column) for row, text in rows if len(text) == length and text.startswith(start)]
    return _Addend(found, match.end())
