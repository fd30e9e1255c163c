"""The cells into which the figures behind a formula are typed: their tables, and the areas that hold them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from itertools import count
from typing import NamedTuple

from xltool.equations.nets import Nets
from xltool.equations.sums import row_sums
from xltool.excel.write.checks.rule_sides import links
from xltool.excel.write.formulas import reference, summed_in_empty_run
from xltool.layout.block import BlockAt, Place
from xltool.layout.equation import Equation, Term
from xltool.layout.geometry import runs
from xltool.layout.layout import Layout
from xltool.model import CellRef, Value


def computed_cells(layout: Layout, values: Mapping[Place, Value], live: Mapping[Place, Equation]) -> set[Place]:
    """The cells that get a formula: live ones, and those that wait for rows that may still be typed in."""
    found = {*live, *(place for place in links(layout) if values.get(place) is None)}
    for block in layout.blocks:
        for line in row_sums(block):
            if not line.parts:
                empty = [c for c in block.block.amounts if summed_in_empty_run(line, block, c) is not None]
                places = [block.places[line.target][c] for c in empty]
                found.update(place for place in places if values.get(place) is None)
    return found


class Areas(NamedTuple):
    """Areas of a sheet each, in which `formulas` cells hold numbers that nobody typed."""

    addresses: tuple[str, ...]
    formulas: int

    def is_filled(self) -> str:
        """The formula that says whether a number is typed into any of the cells."""
        return f"COUNT({','.join(self.addresses)})>{self.formulas}" if self.addresses else "FALSE"


class TypedCells:
    """The cells that live formulas come from, through all other formulas.

    `computed` are all cells that hold formulas, also those whose value is none yet.
    """

    def __init__(self, layout: Layout, live: Mapping[Place, Equation], computed: Collection[Place]) -> None:
        self._layout = layout
        self._nets = Nets(live)
        self._computed = computed

    def is_computed(self, place: Place) -> bool:
        """Whether a cell holds a formula."""
        return place in self._computed

    def is_summed(self, place: Place) -> bool:
        """Whether the column of a cell adds up others."""
        block = self._layout.blocks[place.block]
        return bool(block.columns[place.column].definition.sum) and place not in self._computed

    def of(self, terms: Iterable[Term]) -> set[Place]:
        """The typed cells behind some terms."""
        return self._nets.typed_cells(terms)

    def tables(self, terms: Iterable[Term]) -> frozenset[str]:
        """The ids of the tables behind some terms."""
        return frozenset(self._layout.blocks[place.block].table.id for place in self.of(terms))

    def areas(self, places: Iterable[Place], sheet: str) -> Areas:
        """The areas of these cells, as seen from `sheet`; rows kept free between and below them belong to them."""
        columns: dict[tuple[int, int], list[int]] = {}
        for place in places:
            cell = self._layout.cell(place)
            if cell is not None and place not in self._computed:
                columns.setdefault((place.block, cell.column), []).append(cell.row)
        wide: dict[tuple[int, int, int], list[int]] = {}
        formulas = 0
        for (index, column), rows in columns.items():
            for top, bottom, passed in self._stretches(self._layout.blocks[index], column, sorted(rows)):
                wide.setdefault((index, top, bottom), []).append(column)
                formulas += passed
        addresses = [
            _address(CellRef(self._layout.blocks[index].sheet, top, left), bottom, right, sheet)
            for (index, top, bottom), alike in sorted(wide.items())
            for left, right in runs(alike)
        ]
        return Areas(tuple(addresses), formulas)

    def _stretches(self, block: BlockAt, column: int, rows: list[int]) -> list[tuple[int, int, int]]:
        """Rows with nothing but free rows and formulas between them: first, last, and how many formulas these are."""
        free = set(block.blank_rows)
        found: list[tuple[int, int, int]] = []
        for row in rows:
            top, bottom, passed = found[-1] if found else (row, row - 1, 0)
            between = [i for i in range(bottom + 1, row) if i not in free]
            if all(self._is_formula(CellRef(block.sheet, i, column)) for i in between):
                found[-1:] = [(top, row, passed + len(between))]
            else:
                found.append((row, row, 0))
        ends = {bottom: next(i for i in count(bottom + 1) if i not in free) - 1 for _, bottom, _ in found}
        return [(top, ends[bottom], passed) for top, bottom, passed in found]

    def _is_formula(self, cell: CellRef) -> bool:
        return self._layout.place_at(cell) in self._computed


def _address(corner: CellRef, bottom: int, right: int, sheet: str) -> str:
    first, last = reference(corner, sheet), CellRef(sheet, bottom, right).a1
    return first if corner.a1 == last else f"{first}:{last}"
