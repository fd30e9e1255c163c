"""Whether numbers can be chosen so that some sums of them lie within bounds, decided exactly in fractions.

The simplex method for bounded sums of Dutertre and de Moura (A fast linear-arithmetic solver for DPLL(T), 2006), with
Bland's rule, so that it ends: either with a choice, or with multiples of the sums that no choice can change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

Multiples = Mapping[int, Fraction]
"""Sums by number, with how often each is taken."""


class Bounded(NamedTuple):
    """low <= Σ factor x unknown <= high; None where nothing bounds it. Unknowns go by their numbers."""

    factors: Mapping[int, Fraction]
    low: Fraction | None
    high: Fraction | None


class Choice(NamedTuple):
    """A value of each unknown; None if the search was given up."""

    values: list[Fraction] | None


class Refuted(NamedTuple):
    """Multiples of the sums in which all unknowns cancel out, though their bounds demand something else than 0."""

    multiples: Multiples


def choose(sums: Sequence[Bounded], unknowns: int, steps: int) -> Choice | Refuted:
    """Values of the unknowns that keep every sum within its bounds, or why there are none; in at most so many steps."""
    tableau = _Tableau(sums, unknowns)
    for _ in range(steps):
        basic = tableau.out_of_bounds()
        if basic is None:
            return Choice(tableau.values[:unknowns])
        other = tableau.counterpart(basic)
        if other is None:
            row = tableau.rows[basic]
            multiples = {basic - unknowns: Fraction(1), **{j - unknowns: -factor for j, factor in row.items()}}
            return Refuted(multiples)
        tableau.pivot(basic, other)
    return Choice(None)


class _Tableau:
    """Each basic variable as a sum of the others. Variables are the unknowns, then the sums."""

    def __init__(self, sums: Sequence[Bounded], unknowns: int) -> None:
        free = [None] * unknowns
        self.low: list[Fraction | None] = [*free, *(bounded.low for bounded in sums)]
        self.high: list[Fraction | None] = [*free, *(bounded.high for bounded in sums)]
        self.values = [Fraction(0)] * len(self.low)
        self.rows = {unknowns + i: dict(bounded.factors) for i, bounded in enumerate(sums)}

    def out_of_bounds(self) -> int | None:
        """The first basic variable that is."""
        return min((i for i in self.rows if self._missing(i)), default=None)

    def _missing(self, i: int) -> Fraction:
        """What must be added to a variable to bring it within its bounds."""
        low, high, value = self.low[i], self.high[i], self.values[i]
        if low is not None and value < low:
            return low - value
        return high - value if high is not None and value > high else Fraction(0)

    def counterpart(self, basic: int) -> int | None:
        """The first other variable that can move so that a basic one comes nearer to its bounds."""
        missing = self._missing(basic)
        return min((j for j, factor in self.rows[basic].items() if self._can_move(j, factor * missing)), default=None)

    def _can_move(self, j: int, direction: Fraction) -> bool:
        bound = self.high[j] if direction > 0 else self.low[j]
        return bound is None or (self.values[j] < bound if direction > 0 else self.values[j] > bound)

    def pivot(self, basic: int, other: int) -> None:
        """Bring a basic variable to its bound, by moving another that takes its place."""
        row = self.rows.pop(basic)
        factor = row.pop(other)
        step = self._missing(basic) / factor
        self.values[basic] += step * factor
        self.values[other] += step
        for i, line in self.rows.items():
            if other in line:
                self.values[i] += step * line[other]
        entering = {j: -a / factor for j, a in row.items()}
        entering[basic] = 1 / factor
        for line in self.rows.values():
            taken = line.pop(other, None)
            if taken is not None:
                for j, a in entering.items():
                    left = line.get(j, 0) + taken * a
                    if left:
                        line[j] = left
                    else:
                        line.pop(j, None)
        self.rows[other] = entering
