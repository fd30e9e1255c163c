"""What equations say together of cells of which none alone tells what they hold: some follow from others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Generic, NamedTuple, TypeVar

from xltool.layout.block import Place

K = TypeVar("K")

_MOST_CELLS = 200
"""Of more cells nothing is worked out."""


class Tie(NamedTuple, Generic[K]):
    """Σ factor x cell = amount, within `reach`, as the equation `of` says."""

    of: K
    factors: Mapping[Place, Fraction]
    amount: Fraction
    reach: Fraction


class Tied(NamedTuple, Generic[K]):
    """The equations that follow from those before them, and those that contradict them."""

    confirmed: list[K]
    contradicted: list[K]


def tied(ties: Iterable[Tie[K]]) -> Tied[K]:
    """Which equations follow from those before them: Gauss's elimination, exact but for the rounding of each."""
    known = list(ties)
    found: Tied[K] = Tied([], [])
    if len({cell for tie in known for cell in tie.factors}) > _MOST_CELLS:
        return found
    pivots: dict[Place, Tie[K]] = {}
    for tie in known:
        left = _reduced(tie, pivots)
        if left.factors:
            pivots[next(iter(left.factors))] = left
        else:
            (found.confirmed if abs(left.amount) <= left.reach else found.contradicted).append(tie.of)
    return found


def _reduced(tie: Tie[K], pivots: Mapping[Place, Tie[K]]) -> Tie[K]:
    """What an equation says beyond those that each tell of one cell what it is, given others."""
    factors, amount, reach = dict(tie.factors), tie.amount, tie.reach
    for cell, pivot in pivots.items():  # no pivot has a cell of those before it
        times = factors.get(cell, Fraction(0)) / pivot.factors[cell]
        if times:
            for other, factor in pivot.factors.items():
                factors[other] = factors.get(other, Fraction(0)) - times * factor
            amount -= times * pivot.amount
            reach += abs(times) * pivot.reach
    return Tie(tie.of, {cell: factor for cell, factor in factors.items() if factor}, amount, reach)
