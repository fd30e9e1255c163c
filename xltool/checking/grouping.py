"""Puts failing equations that share a cause together, with the cell that stands alone against the others first."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from xltool.checking.verdicts import Outcome
from xltool.layout.equation import Equation
from xltool.layout.layout import Place

Expansion = dict[Place, Decimal]


class Group(NamedTuple):
    """Outcomes that one change of one typed cell would mend; `cell` is that cell."""

    cell: Place
    outcomes: tuple[Outcome, ...]


class _Suspect(NamedTuple):
    cell: Place
    change: Decimal


class Grouper:
    """Groups the failures of one workbook. `live` are the cells whose values follow from others."""

    def __init__(self, live: Mapping[Place, Equation], passing: Iterable[Equation]) -> None:
        self._live = live
        self._passing = list(passing)
        self._expanded: dict[Place, Expansion] = {}
        self._witnesses: dict[Place, int] = {}

    def groups(self, failing: list[Outcome]) -> list[Group]:
        """The failures in as few groups as a greedy choice gives; each failure stands in one group, in its order."""
        explained: dict[_Suspect, list[int]] = {}
        for i, outcome in enumerate(failing):
            for cell, coefficient in self._cells(outcome.equation).items():
                explained.setdefault(_Suspect(cell, -outcome.difference / coefficient), []).append(i)
        waiting = [
            (-len(found), self._witness(s.cell), found[0], s) for s, found in explained.items() if len(found) > 1
        ]
        heapq.heapify(waiting)
        alone = dict.fromkeys(range(len(failing)))
        groups: list[tuple[int, Group]] = []
        while waiting:
            count, witness, first, suspect = heapq.heappop(waiting)
            left = [i for i in explained[suspect] if i in alone]
            if len(left) == -count:
                groups.append((left[0], Group(suspect.cell, tuple(failing[i] for i in left))))
                for i in left:
                    del alone[i]
            elif len(left) > 1:
                heapq.heappush(waiting, (-len(left), witness, first, suspect))
        groups += [(i, Group(_anchor(failing[i].equation), (failing[i],))) for i in alone]
        return [group for _, group in sorted(groups, key=lambda item: item[0])]

    def _witness(self, cell: Place) -> int:
        """How many equations that hold speak for a typed cell: changing it would break them."""
        if not self._witnesses:
            for equation in self._passing:
                for place in self._cells(equation):
                    self._witnesses[place] = self._witnesses.get(place, 0) + 1
        return self._witnesses.get(cell, 0)

    def _cells(self, equation: Equation) -> Expansion:
        """The typed cells of left - right, with their net coefficients."""
        net: Expansion = {}
        for sign, side in ((1, equation.left), (-1, equation.right)):
            for coefficient, place in side:
                for cell, factor in self._expand(place).items():
                    net[cell] = net.get(cell, Decimal(0)) + sign * coefficient * factor
        return {cell: coefficient for cell, coefficient in net.items() if coefficient}

    def _expand(self, place: Place) -> Expansion:
        """A cell as the typed cells that its formula adds up, however deep."""
        known = self._expanded.get(place)
        if known is None:
            equation = self._live.get(place)
            if equation is None:
                known = {place: Decimal(1)}
            else:
                known = {}
                for coefficient, part in equation.right:
                    for cell, factor in self._expand(part).items():
                        known[cell] = known.get(cell, Decimal(0)) + coefficient * factor
            self._expanded[place] = known
        return known


def _anchor(equation: Equation) -> Place:
    """Where to look when no other equation fails with this one: the total, or the left side's first cell."""
    return (equation.left or equation.right)[0].place
