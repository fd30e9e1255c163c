"""Finds out how the figures of a table are printed: with how many decimals, and what becomes of a zero."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal

from xltool.drafting.evidence import Cell
from xltool.drafting.seen.page import Page
from xltool.drafting.spec import DraftBlock, DraftColumn, DraftTable
from xltool.template.spec import FIGURES

_USUAL = 2


def printed_decimals(page: Page, blocks: list[DraftBlock], amount_unit: str) -> int:
    """The decimals that most amounts of a table are printed with.

    Where their formats do not say: 2, or 0 in a table of 万元 without any decimals.
    """
    cells = [cell for block in blocks for column in block.amounts for cell in _cells(block, column)]
    cells += [field.answer[:2] for block in blocks for field in block.fields if field.kind == "amount"]
    found = _in_formats(page, cells)
    if found is not None:
        return found
    numbers = [number for cell in cells if (number := page.number(*cell)) is not None]
    are_whole = bool(numbers) and all(number == number.to_integral_value() for number in numbers)
    return 0 if are_whole and amount_unit == "万元" else _USUAL


def set_column_decimals(page: Page, block: DraftBlock, usual: int) -> None:
    """Note the decimals of columns that have others than the table; shares (0.975 is 97.5%) and counts have those of
    their numbers if it is not said."""
    for column in block.columns:
        if column.kind in FIGURES:
            found = _in_formats(page, _cells(block, column))
            if found is None and column.kind != "amount":
                found = max((_places(page.number(*cell)) for cell in _cells(block, column)), default=0)
                found = min(max(found - _USUAL, 0), _USUAL) if column.kind == "percent" else found
            expected = usual if column.kind == "amount" else 0
            column.decimals = None if found in (None, expected) else found


def _cells(block: DraftBlock, column: DraftColumn) -> list[Cell]:
    """The cells below a heading."""
    grid = block.grid
    return [] if grid is None else [(row, column.at) for row in range(grid.first, grid.last + 1)]


def _in_formats(page: Page, cells: Iterable[Cell]) -> int | None:
    """The decimals that most formats print; None if none says so."""
    printed = Counter(found for cell in cells if (found := page.decimals(*cell)) is not None)
    return printed.most_common(1)[0][0] if printed else None


def _places(number: Decimal | None) -> int:
    """The decimals that a number has."""
    exponent = 0 if number is None else number.normalize().as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


def zero_style(tables: list[DraftTable]) -> str:
    """ "zero" if zeros are printed: some were typed, or nothing was and the format would print them; else "blank"."""
    cells = [(table.page, cell) for table in tables for cell in _amounts(table)]
    formats = Counter(page.number_format(*cell) for page, cell in cells)
    typed = [page.number(*cell) for page, cell in cells if not page.has_formula(*cell)]
    numbers = [number for number in typed if number is not None]
    usual = formats.most_common(1)[0][0] if formats else "General"
    hides_zeros = usual.count(";") > 1 and not usual.split(";")[2].strip()
    if hides_zeros or (numbers and all(numbers)):
        return "blank"
    return "zero" if numbers or usual != "General" else "blank"


def _amounts(table: DraftTable) -> Iterator[Cell]:
    for block in table.blocks:
        yield from ((line, column.at) for line in block.lines for column in block.amounts)
