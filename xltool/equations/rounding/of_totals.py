"""How inexact the totals of a 汇总 are: as inexact as all the figures that they add up."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from xltool.equations.nets import Nets
from xltool.layout.block import Place
from xltool.layout.equation import Equation
from xltool.layout.layout import Layout
from xltool.model import Value


def rounding_of_totals(
    layout: Layout, values: Mapping[Place, Value], live: Mapping[Place, Equation]
) -> dict[Place, Decimal]:
    """What the cells behind each live total are rounded to, summed up, in the unit of the total's table.

    A unit prints a total that is rounded once, from exact amounts; a total of the 汇总 adds up what units have printed.
    """
    nets = Nets(live)
    known: dict[Place, Decimal] = {}

    def inexact(cell: Place) -> Decimal:
        if cell not in known:
            value = values.get(cell)
            known[cell] = layout.unit_of(cell, value) if isinstance(value, Decimal) and value else Decimal(0)
        return known[cell]

    return {
        place: sum((inexact(cell) * abs(Decimal(factor)) for cell, factor in nets.at(place).items()), Decimal(0))
        for place in live
    }
