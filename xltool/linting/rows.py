"""Equations as rows of exact numbers over cells: how much left - right grows with each cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from fractions import Fraction

from xltool.layout.equation import Coefficient, Equation, Term
from xltool.layout.layout import Layout, Place

Weight = int | Fraction
Row = dict[Place, Weight]
"""Cells, each with a coefficient that is not 0."""

ONE = Place(-1, 0, 0)
"""Stands for the number 1, whose coefficient are the plain numbers of a rule."""


class Expansion:
    """Cells spelt out as the cells that their live formulas add up; no formula may depend on itself."""

    def __init__(self, live: Mapping[Place, Equation]) -> None:
        self._live = live
        self._known: dict[Place, Row] = {}

    def of(self, place: Place) -> Row:
        """The typed cells that make up the value at `place`."""
        if place not in self._live:
            return {place: 1}
        if place not in self._known:
            self._known[place] = self._added((1, self._live[place].right))
        return self._known[place]

    def residual(self, equation: Equation) -> Row:
        """left - right over typed cells (and ONE); empty if the equation always holds."""
        left, right = equation.constants
        return self._added(
            (1, (*equation.left, Term(left, ONE))),
            (-1, (*equation.right, Term(right, ONE))),
        )

    def _added(self, *sides: tuple[int, Iterable[Term]]) -> Row:
        row: Row = {}
        for sign, terms in sides:
            for coefficient, place in terms:
                for cell, weight in self.of(place).items():
                    row[cell] = row.get(cell, 0) + sign * exact(coefficient) * weight
        return {cell: weight for cell, weight in row.items() if weight}


def exact(coefficient: Coefficient) -> Weight:
    """The coefficient as a number that can be divided without rounding."""
    return coefficient if isinstance(coefficient, int) else Fraction(coefficient)


def typed_cells(layout: Layout, live: Mapping[Place, Equation]) -> list[Place]:
    """The amount cells that a user fills in; what counts something else than money is seldom added up."""
    return [
        place
        for block in layout.blocks
        for place in block.figures(("amount",))
        if layout.cell(place) is not None and place not in live
    ]


def is_whole(equation: Equation, layout: Layout) -> bool:
    """Whether everything that a rule's instance refers to has a row in this layout.

    An instance that lacks rows (收支总表 has all 类, the outline only some) says that the others add up to nothing:
    true of this workbook, but nothing that the rule says.
    """
    comparison = layout.template.rules[equation.rule].comparison
    if equation.structural or comparison is None:
        return True
    for side, terms in ((comparison.left, equation.left), (comparison.right, equation.right)):
        wanted = Counter((addend.reference.table, addend.reference.column) for addend in side)
        for _, place in terms:
            block = layout.blocks[place.block]
            wanted[block.table.id, block.columns[place.column].definition.path] -= 1
        if any(count > 0 for count in wanted.values()):
            return False
    return True
