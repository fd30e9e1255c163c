"""Reads a linear Excel formula back into the cells it adds up, so that a changed formula is known by what it does."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple, TypeVar

from xltool.model import LAST_COLUMN, LAST_ROW, CellRef, column_number

CodesOf = Callable[[str, int], Sequence[str]]
"""(sheet, column) -> the texts of a column from row 1 on, for the criteria of SUMIFS."""

_TOKEN = re.compile(
    r"\s*(?:(?P<sumifs>SUMIFS?\()|(?P<sum>SUM\()|(?P<index>INDEX\()"
    r"|(?P<number>[0-9]{1,15}(?:\.[0-9]{1,15})?(?:E[+-]?[0-9]{1,2})?)(?![\w$!:.])"
    r"|(?P<range>(?:'(?:[^']|'')+'!|[^\s'!+\-*/(),:&=<>\"]+!)?\$?[A-Z]{1,3}\$?[0-9]+(?::\$?[A-Z]{1,3}\$?[0-9]+)?)"
    r'|(?P<text>"[^"]*")|(?P<symbol>[+\-*/(),&:]))',
    re.IGNORECASE,
)
_ROW = "([1-9][0-9]{0,6})"
_RANGE = re.compile(rf"(?:(.*)!)?\$?([A-Z]{{1,3}})\$?{_ROW}(?::\$?([A-Z]{{1,3}})\$?{_ROW})?", re.IGNORECASE | re.DOTALL)
MAX_CELLS = 100_000
"""Ranges with more cells in all than any budget table (a whole column) are not spelled out."""

_LONGEST, _DEEPEST = 8192, 64  # Excel's own limits
_LARGEST_FACTOR = Decimal(10**15)

Terms = dict[CellRef, Decimal]
_Parsed = TypeVar("_Parsed")

_ONE = Decimal(1)


class _Area(NamedTuple):
    sheet: str
    left: int
    top: int
    width: int
    height: int


class _NotLinear(Exception):
    """The formula does something else than adding up cells."""


def terms_of(formula: str, sheet: str, codes_of: CodesOf) -> Terms | None:
    """The cells that `formula` (without "=") adds up, with their coefficients; None if it is not such a sum.

    Understood: references and ranges with + and -, SUM, a constant factor or divisor, and SUMIFS over a column of codes
    with a pattern of "?" as criterion (the form that the writer uses); a range may begin or end with INDEX and a
    constant. A constant addend makes it None.
    """
    try:
        return _Parser(formula, sheet, codes_of).whole()
    except _NotLinear:
        return None


class _Parser:
    def __init__(self, formula: str, sheet: str, codes_of: CodesOf) -> None:
        self.sheet = sheet
        self.codes_of = codes_of
        self.cells_left = MAX_CELLS
        self.depth = 0
        if len(formula) > _LONGEST:
            raise _NotLinear
        self.tokens: list[tuple[str, str]] = []
        position = 0
        while position < len(formula.rstrip()):
            match = _TOKEN.match(formula, position)
            if match is None or match.lastgroup is None:
                raise _NotLinear
            self.tokens.append((match.lastgroup, match[match.lastgroup]))
            position = match.end()
        self.position = 0

    def peek(self) -> tuple[str, str]:
        return self.tokens[self.position] if self.position < len(self.tokens) else ("end", "")

    def take(self) -> tuple[str, str]:
        token = self.peek()
        self.position += 1
        return token

    def expect(self, text: str) -> None:
        if self.take()[1] != text:
            raise _NotLinear

    def whole(self) -> Terms:
        terms = self.sum_of_products()
        if self.peek()[0] != "end":
            raise _NotLinear
        return {cell: coefficient for cell, coefficient in terms.items() if coefficient}

    def sum_of_products(self) -> Terms:
        terms: Terms = {}
        sign = 1
        if self.peek()[1] in ("+", "-"):
            sign = -1 if self.take()[1] == "-" else 1
        while True:
            for cell, coefficient in self.product().items():
                terms[cell] = terms.get(cell, Decimal(0)) + sign * coefficient
            if self.peek()[1] not in ("+", "-"):
                return terms
            sign = -1 if self.take()[1] == "-" else 1

    def product(self) -> Terms:
        factor = _ONE
        kind, text = self.take()
        while kind == "number":
            self.expect("*")
            factor *= Decimal(text)
            kind, text = self.take()
        terms = self.operand(kind, text)
        if self.peek()[1] in ("*", "/"):
            sign = self.take()[1]
            kind, text = self.take()
            if kind != "number":
                raise _NotLinear
            factor = factor * Decimal(text) if sign == "*" else _divided(factor, Decimal(text))
        if factor > _LARGEST_FACTOR:
            raise _NotLinear
        return terms if factor == 1 else {cell: factor * coefficient for cell, coefficient in terms.items()}

    def operand(self, kind: str, text: str) -> Terms:
        if kind in ("range", "index"):
            (cell, *more) = self.cells(self.area_from(kind, text))
            if more:
                raise _NotLinear
            return {cell: Decimal(1)}
        if kind == "sum":
            return self.inside(self.arguments_of_sum)
        if kind == "sumifs" and text.upper() == "SUMIFS(":
            return self.sumifs()
        if text == "(":
            terms = self.inside(self.sum_of_products)
            self.expect(")")
            return terms
        raise _NotLinear

    def inside(self, parse: Callable[[], _Parsed]) -> _Parsed:
        """What stands in parentheses, which do not nest endlessly."""
        self.depth += 1
        if self.depth > _DEEPEST:
            raise _NotLinear
        parsed = parse()
        self.depth -= 1
        return parsed

    def arguments_of_sum(self) -> Terms:
        terms: Terms = {}
        while True:
            start = self.position
            area = self.area_argument() if self.peek()[0] in ("range", "index") else None
            if area is not None and self.peek()[1] in (",", ")"):
                added = {cell: Decimal(1) for cell in self.cells(area)}
            else:
                self.position = start
                added = self.sum_of_products()
            for cell, coefficient in added.items():
                terms[cell] = terms.get(cell, Decimal(0)) + coefficient
            if self.take()[1] != ",":
                self.position -= 1
                self.expect(")")
                return terms

    def sumifs(self) -> Terms:
        amounts = self.area_argument()
        self.expect(",")
        codes = self.area_argument()
        self.expect(",")
        start, length = self.criterion()
        self.expect(")")
        if amounts.height != codes.height or amounts.width != 1 or codes.width != 1:
            raise _NotLinear
        self.count(amounts)
        texts = self.codes_of(codes.sheet, codes.left)[codes.top - 1 : codes.top - 1 + codes.height]
        return {
            CellRef(amounts.sheet, amounts.top + i, amounts.left): _ONE
            for i, text in enumerate(texts)
            if len(text) == length and text.startswith(start)
        }

    def area_argument(self) -> _Area:
        return self.area_from(*self.take())

    def area_from(self, kind: str, text: str) -> _Area:
        """The area that begins with this token: `D7:D9`, or with an end that is looked up: `INDEX(D6:D9,2):D9`."""
        area = self.corner(kind, text)
        if self.peek()[1] != ":":
            return area
        self.take()
        return _spanned(area, self.corner(*self.take()))

    def corner(self, kind: str, text: str) -> _Area:
        if kind == "range":
            return self.area(text)
        if kind != "index":
            raise _NotLinear
        area = self.inside(self.area_argument)
        self.expect(",")
        nth = self.take()[1]
        self.expect(")")
        if not _is_number(nth) or not 0 < int(nth) <= area.height or area.width != 1:
            raise _NotLinear
        return area._replace(top=area.top + int(nth) - 1, height=1)

    def criterion(self) -> tuple[str, int]:
        """A criterion such as `$B9&"??"`, `"???"` or `"2010301"`: how the code begins, and its length."""
        start = ""
        if self.peek()[0] == "range":
            cell = self.area_argument()
            start = "".join(self.codes_of(cell.sheet, cell.left)[cell.top - 1 : cell.top])
            self.expect("&")
        kind, text = self.take()
        literal = text.strip('"').rstrip("?")
        if kind != "text" or (literal and not (literal.isascii() and literal.isdecimal())):
            raise _NotLinear
        return start + literal, len(start) + len(text) - 2

    def area(self, text: str) -> _Area:
        match = _RANGE.fullmatch(text)
        if match is None:
            raise _NotLinear
        sheet = match[1].strip("'").replace("''", "'") if match[1] else self.sheet
        if "[" in sheet:  # another workbook
            raise _NotLinear
        first, top = column_number(match[2].upper()), int(match[3])
        last, bottom = (column_number(match[4].upper()), int(match[5])) if match[4] else (first, top)
        (left, right), (top, bottom) = sorted((first, last)), sorted((top, bottom))
        if right > LAST_COLUMN or bottom > LAST_ROW:
            raise _NotLinear
        return _within_limits(_Area(sheet, left, top, right - left + 1, bottom - top + 1))

    def count(self, area: _Area) -> None:
        """The ranges of one formula together are bounded: a file may name the same ones a thousand times."""
        self.cells_left -= area.width * area.height
        if self.cells_left < 0:
            raise _NotLinear

    def cells(self, area: _Area) -> Iterator[CellRef]:
        self.count(area)
        for row in range(area.top, area.top + area.height):
            for column in range(area.left, area.left + area.width):
                yield CellRef(area.sheet, row, column)


def _divided(factor: Decimal, divisor: Decimal) -> Decimal:
    """A factor divided, if that comes out even."""
    if not divisor or factor / divisor * divisor != factor:
        raise _NotLinear
    return factor / divisor


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10


def _spanned(one: _Area, other: _Area) -> _Area:
    """The smallest area with both in it."""
    if one.sheet != other.sheet:
        raise _NotLinear
    left, top = min(one.left, other.left), min(one.top, other.top)
    right = max(one.left + one.width, other.left + other.width)
    bottom = max(one.top + one.height, other.top + other.height)
    return _within_limits(_Area(one.sheet, left, top, right - left, bottom - top))


def _within_limits(area: _Area) -> _Area:
    if area.width * area.height > MAX_CELLS:
        raise _NotLinear
    return area
