"""Equations over the cells that are typed in: every live total spelt out as what its formula adds up, however deep."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from xltool.layout.block import Place
from xltool.layout.equation import Coefficient, Equation, Term

Net = dict[Place, Coefficient]
"""Typed cells, each with what a sum grows by when it grows by 1."""


class Nets:
    """The nets of one workbook. `live` are the cells whose values follow from others, none of them from itself."""

    def __init__(self, live: Mapping[Place, Equation]) -> None:
        self.live = live
        self._known: dict[Place, Net] = {}

    def of(self, equation: Equation) -> Net:
        """left - right without the constants; cells that cancel out are left out, so that it is {} for a live total."""
        net: Net = {}
        self._add(net, equation.left, 1)
        self._add(net, equation.right, -1)
        return {cell: coefficient for cell, coefficient in net.items() if coefficient}

    def typed_cells(self, terms: Iterable[Term]) -> set[Place]:
        """The cells that some terms come from, those that cancel out too."""
        return {cell for _, place in terms for cell in self.at(place)}

    def at(self, place: Place) -> Net:
        """The value at one place."""
        if place not in self.live:
            return {place: 1}
        known = self._known.get(place)
        if known is None:
            known = self._known[place] = {}
            self._add(known, self.live[place].right, 1)
        return known

    def _add(self, net: Net, terms: Iterable[Term], sign: int) -> None:
        for coefficient, place in terms:
            outer = sign * coefficient
            if place not in self.live:
                net[place] = net.get(place, 0) + outer
                continue
            for cell, factor in self.at(place).items():
                net[cell] = net.get(cell, 0) + outer * factor
