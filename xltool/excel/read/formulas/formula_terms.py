"""Reads an Excel formula back into the cells it adds up, so that a changed formula is known by what it does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from xltool.excel.read.formulas.algebra import Sum
from xltool.excel.read.formulas.functions import FUNCTIONS
from xltool.excel.read.formulas.meaning import Cells, Reader
from xltool.excel.read.formulas.syntax import Name, Node, NotUnderstood, parse
from xltool.model import CellRef

CodesOf = Callable[[str, int], Sequence[str]]
"""(sheet, column) -> the texts of a column from row 1 on, for criteria."""

Terms = dict[CellRef, Decimal]


def terms_of(formula: str, sheet: str, codes_of: CodesOf) -> Terms | None:
    """The cells that `formula` (without "=") adds up, with their coefficients; None if it is not such a sum."""
    found = sum_of(formula, sheet, OpenCells(codes_of))
    return None if found is None or found.over != 1 else dict(found.terms)


def sum_of(formula: str, sheet: str, cells: Cells) -> Sum | None:
    """What `formula` adds up, and how that is rounded; None if it does anything else, such as adding a number.

    Whatever its functions are, a formula is known by the cells and their coefficients: SUM, SUMIFS, SUBTOTAL, +,
    LET, a look-up, an IF whose other branch is 0 only when the sum is.
    """
    try:
        reader = Reader(cells, FUNCTIONS)
        found = reader.number(reader.result(parse(formula, sheet)))
    except NotUnderstood:
        return None

    return found if reader.has_looked and not found.constant else None


class OpenCells:
    """Cells of which only the texts are known, all shown and none a subtotal."""

    def __init__(self, codes_of: CodesOf) -> None:
        self._codes_of = codes_of

    def texts(self, sheet: str, column: int) -> Sequence[str]:
        """The texts of a column."""
        return self._codes_of(sheet, column)

    def content(self, cell: CellRef) -> Decimal | str | None:
        """Nothing is said of any cell."""
        return None

    def count(self, cells: int) -> None:
        """Nobody asks how many were looked at."""

    def defined(self, name: Name) -> Node | None:
        """No name is known."""
        return None

    def is_filled(self, cell: CellRef) -> bool | None:
        """Any may hold a figure."""
        return None

    def is_subtotal(self, cell: CellRef) -> bool:
        """None is known for one."""
        return False

    def is_hidden(self, cell: CellRef) -> bool:
        """None is known to be."""
        return False
