"""How the cells of a sheet look, as far as it tells what they mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple


class CellLook(NamedTuple):
    """Of a cell: its font's size in points, by how many steps its format moves it in, its number format in Excel's
    language."""

    font_size: float = 0
    indent: float = 0
    number_format: str = "General"


class Choices(NamedTuple):
    """The drop-down list of a rectangle of cells, all sides inclusive."""

    top: int
    left: int
    bottom: int
    right: int
    texts: tuple[str, ...]


class Width(NamedTuple):
    """The width given to some columns, in digits, the padding of their cells included."""

    first: int
    last: int
    width: float


class Looks(NamedTuple):
    """Of a sheet; rows and columns count from 1. A cell that is not in `cells` looks as `usual`; no note is ours."""

    cells: Mapping[tuple[int, int], CellLook] = MappingProxyType({})
    usual: CellLook = CellLook()
    notes: Mapping[tuple[int, int], str] = MappingProxyType({})
    lists: Sequence[Choices] = ()
    widths: Sequence[Width] = ()

    def cell(self, row: int, column: int) -> CellLook:
        """How a cell looks."""
        return self.cells.get((row, column), self.usual)

    def choices(self, row: int, column: int) -> tuple[str, ...]:
        """The texts of the cell's drop-down list, if they are written in the list itself."""
        for top, left, bottom, right, texts in self.lists:
            if top <= row <= bottom and left <= column <= right:
                return texts
        return ()

    def width(self, column: int) -> float | None:
        """The width of a column; None if it is the sheet's usual one."""
        return next((width for first, last, width in self.widths if first <= column <= last), None)
