"""The equations that follow from `sum`, for every total cell across (column sums) and down (row sums) of a block."""

from __future__ import annotations

from collections.abc import Iterator

from xltool.equations.sums import LineSum, column_sums, row_sums
from xltool.layout.block import BlockAt, Place
from xltool.layout.equation import Equation, Term
from xltool.layout.layout import Layout

_MOST_SHAPES, _MOST_ROWS, _MOST_LINES = 256, 300, 200


def structural_equations(layout: Layout) -> Iterator[Equation]:
    """Total = parts, for every total cell. Sums without parts are left out."""
    for block in layout.blocks:
        across, down = column_sums(block), row_sums(block)
        if across or down:
            shape, rows = _shape(block), len(block.rows)
            for line in across:
                yield from shape.across(line, rows)
            for line in down:
                if line.parts:
                    yield from shape.down(line, rows)


class _Shape:
    """The equations of a block with certain columns: they name places, so they are the same in every workbook.

    Where rows lie, and what they are of, does not matter, only which of them add up.
    """

    def __init__(self, block: BlockAt) -> None:
        self.definition = block.block  # kept, so that its id stays its own
        self._index = block.index
        self._amounts = [c for c in block.block.amounts if block.columns[c].sheet_column]
        self._terms: dict[tuple[int, int], list[Term]] = {}
        self._across: dict[LineSum, list[Equation]] = {}
        self._down: dict[LineSum, list[Equation]] = {}

    def across(self, line: LineSum, rows: int) -> list[Equation]:
        """Those of a total in each of the first rows."""
        known = self._across.setdefault(line, [])
        if len(known) < rows:
            total, *parts = [self._column(sign, c, rows) for sign, c in ((1, line.target), *line.parts)]
            for r in range(len(known), rows):
                right = tuple([part[r] for part in parts])
                known.append(Equation(line.rule, (total[r],), right, total[r].place, True))
        return known[:rows]

    def down(self, line: LineSum, rows: int) -> list[Equation]:
        """Those of a total in every amount column; no part lies below the first rows."""
        known = self._down.get(line)
        if known is None:
            if len(self._down) >= _MOST_LINES:
                self._down.clear()
            known = self._down[line] = [self._below(line, c, rows) for c in self._amounts]
        return known

    def _below(self, line: LineSum, c: int, rows: int) -> Equation:
        columns = {sign: self._column(sign, c, rows) for sign in {1, *(sign for sign, _ in line.parts)}}
        left, right = columns[1][line.target], tuple([columns[sign][r] for sign, r in line.parts])
        return Equation(line.rule, (left,), right, left.place, True, (), line.over)

    def _column(self, sign: int, c: int, rows: int) -> list[Term]:
        """At least so many cells of a column: one object for a cell, however many sums it is in."""
        known = self._terms.setdefault((sign, c), [])
        known += [Term(sign, Place(self._index, r, c)) for r in range(len(known), rows)]
        return known


_shapes: dict[tuple[int, int, tuple[bool, ...]], _Shape] = {}


def _shape(block: BlockAt) -> _Shape:
    """That of a block, kept for the next workbook of the format, unless it is a large one."""
    if len(block.rows) > _MOST_ROWS:
        return _Shape(block)
    key = (id(block.block), block.index, tuple([at.sheet_column > 0 for at in block.columns]))
    shape = _shapes.get(key)
    if shape is None:
        if len(_shapes) >= _MOST_SHAPES:
            _shapes.clear()
        shape = _shapes[key] = _Shape(block)
    return shape
