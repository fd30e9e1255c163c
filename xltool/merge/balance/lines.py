"""What steps away from plain rounding must add up to, so that what held of the exact amounts holds of the rounded."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import NamedTuple

from xltool.equations.evaluate import sides
from xltool.equations.verdicts import signed
from xltool.layout.block import Place
from xltool.layout.equation import Coefficient, Equation
from xltool.layout.layout import Layout
from xltool.merge.balance.figures import Figure, exponents
from xltool.model import Value

Steps = Mapping[Place, int]
"""By how many units of their last digit figures are printed above (or below) their plain rounding; 0 if left out."""


class StepLine(NamedTuple):
    """An equation in whole numbers: low <= Σ factor x steps <= high; low is None for an inequality."""

    equation: Equation
    factors: Mapping[Place, int]
    low: int | None
    high: int

    def holds(self, steps: Steps) -> bool:
        """Whether it holds after these steps."""
        total = sum([factor * steps[place] for place, factor in self.factors.items() if place in steps])
        return total <= self.high and (self.low is None or self.low <= total)


def lines(
    layout: Layout, held: Iterable[Equation], values: Mapping[Place, Value], figures: Mapping[Place, Figure]
) -> list[StepLine]:
    """One for each of the equations that hold, if it speaks of a figure."""
    exponent = exponents(layout)

    @cache
    def size(coefficient: Coefficient, power: int) -> Fraction:
        return Fraction(coefficient) * Fraction(10) ** power

    found: list[StepLine] = []
    for equation in held:
        factors: dict[Place, Fraction] = {}
        for coefficient, place in signed(equation):
            figure = figures.get(place)
            if figure is not None:
                factor = size(coefficient, figure.grid - exponent[place.block])
                factors[place] = factors[place] + factor if place in factors else factor
        if factors:
            found.append(_line(equation, factors, values, figures))
    return found


def _line(
    equation: Equation,
    factors: Mapping[Place, Fraction],
    values: Mapping[Place, Value],
    figures: Mapping[Place, Figure],
) -> StepLine:
    """What rounding has added must be taken back by the steps; of an inequality, what exceeds the room that it left."""
    scale = _scale({*factors.values()}) * (-1 if equation.relation == ">=" else 1)
    whole = {place: int(factor * scale) for place, factor in factors.items()}
    missing = sum(
        (factor * (figures[place].exact - figures[place].near) for place, factor in whole.items()), Decimal(0)
    )
    if not equation.is_inequality:
        return StepLine(equation, whole, math.ceil(missing), math.floor(missing))
    left, right = sides(equation, values)
    return StepLine(equation, whole, None, math.floor(Fraction(missing) + Fraction(right - left) * scale))


def _scale(factors: set[Fraction]) -> Fraction:
    """What makes all of these whole numbers, as small as can be."""
    common = math.lcm(*(factor.denominator for factor in factors))
    return Fraction(common, math.gcd(*(int(factor * common) for factor in factors)) or 1)
