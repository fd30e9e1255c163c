"""Equations as vectors of exact numbers over cells: how much left - right grows with each cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction

from xltool.equations.nets import Nets
from xltool.layout.block import Place
from xltool.layout.equation import Coefficient, Equation
from xltool.layout.layout import Layout

Weight = int | Fraction
Vector = dict[Place, Weight]
"""Cells, each with a coefficient that is not 0."""

ONE = Place(-1, 0, 0)
"""Stands for the number 1, whose coefficient are the plain numbers of a rule."""


class Expansion:
    """Cells spelt out as the cells that their live formulas add up; no formula may depend on itself."""

    def __init__(self, live: Mapping[Place, Equation]) -> None:
        self._nets = Nets(live)

    def of(self, place: Place) -> Vector:
        """The typed cells that make up the value at `place`."""
        return {cell: exact(coefficient) for cell, coefficient in self._nets.at(place).items() if coefficient}

    def residual(self, equation: Equation) -> Vector:
        """left - right over typed cells (and ONE); empty if the equation always holds."""
        row = {cell: exact(coefficient) for cell, coefficient in self._nets.of(equation).items()}
        left, right = equation.constants
        return {**row, ONE: exact(left - right)} if left != right else row


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
