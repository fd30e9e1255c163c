"""The amounts of one workbook as they are rounded: counted in units of their last printed digit."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from heapq import heapify, heappop, heappush
from typing import NamedTuple

from xltool.layout.block import Place
from xltool.layout.equation import Equation
from xltool.layout.layout import Layout
from xltool.model import Value
from xltool.template.spec import YUAN

EXPONENT = {unit: int(math.log10(yuan)) for unit, yuan in YUAN.items()}
"""The power of ten of 元 that an amount unit is."""


class Figure(NamedTuple):
    """An amount other than 0 and how it is rounded.

    `grid` is the power of ten of 元 of which the rounded amount is a multiple, `exact` how many of these it amounts to,
    `near` its plain rounding (四舍五入).
    """

    grid: int
    exact: Decimal
    near: int

    def reach(self, units: int) -> tuple[int, int]:
        """The fewest and the most steps away from `near` that are allowed.

        The printed figure is at most so many units from the exact one; with 0, it is the one just below or just above,
        and what needs no rounding stays. Signs stay too: a positive figure may become 0, not less.
        """
        low = (self.exact - units).to_integral_value(ROUND_CEILING if units else ROUND_FLOOR)
        high = (self.exact + units).to_integral_value(ROUND_FLOOR if units else ROUND_CEILING)
        low, high = (max(low, Decimal(0)), high) if self.exact > 0 else (low, min(high, Decimal(0)))
        return int(low) - self.near, int(high) - self.near

    def amount(self, count: int, exponent: int) -> Decimal:
        """So many units of the last digit, in the amount unit that is this power of ten of 元."""
        power = self.grid - exponent
        return Decimal(count).scaleb(power) if power < 0 else Decimal(count * 10**power)


def exponents(layout: Layout) -> list[int]:
    """The power of ten of 元 that the amount unit of each block is."""
    return [EXPONENT[layout.amount_unit(block.index)] for block in layout.blocks]


def amounts(layout: Layout, values: Mapping[Place, Value]) -> dict[Place, Decimal]:
    """The amounts other than 0: a 0 stays 0."""
    filled = ((place, values.get(place)) for block in layout.blocks for place in block.figures(("amount",)))
    return {place: value for place, value in filled if isinstance(value, Decimal) and value}


def figures(layout: Layout, values: Mapping[Place, Value], held: Sequence[Equation]) -> dict[Place, Figure]:
    """Every amount other than 0, and to what it is rounded.

    That is the last digit that its table prints; but what must equal a sum of coarser figures is as coarse as these:
    with 100.40 rounded to 101 in one table, its copy is 101.00 in a table that prints two decimals.
    """
    exponent = exponents(layout)
    known = amounts(layout, values)
    grids = {place: exponent[place.block] - layout.decimals(place) for place in known}
    coarse = _coarsened(known, grids, held, exponent) if len({*grids.values()}) > 1 else grids
    found: dict[Place, Figure] = {}
    for place, value in known.items():
        exact = value.scaleb(exponent[place.block] - coarse[place])
        found[place] = Figure(coarse[place], exact, int(exact.to_integral_value(ROUND_HALF_UP)))
    return found


def _coarsened(
    known: Mapping[Place, Decimal], grids: Mapping[Place, int], held: Iterable[Equation], exponent: Sequence[int]
) -> dict[Place, int]:
    """What each amount is rounded to if none that an equation names is finer than another one that is rounded."""
    users: dict[Place, list[Equation]] = {}
    for equation in held:
        for place in () if equation.is_inequality else equation.places:
            users.setdefault(place, []).append(equation)
    found = dict(grids)

    def is_rounded(place: Place) -> bool:
        exact = known[place].scaleb(exponent[place.block] - found[place])
        return exact != exact.to_integral_value()

    waiting = [(-grid, place) for place, grid in grids.items() if place in users and is_rounded(place)]
    heapify(waiting)
    while waiting:
        negated, place = heappop(waiting)
        if found[place] != -negated:
            continue
        for equation in users[place]:
            for other in equation.places:
                if other in found and found[other] < -negated:
                    found[other] = -negated
                    if is_rounded(other):
                        heappush(waiting, (negated, other))
    return found
