"""Puts failing equations that share a cause together, with the cell that stands alone against the others first."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from xltool.checking.verdicts import Outcome
from xltool.layout.equation import Coefficient, Equation
from xltool.layout.layout import Place

Expansion = dict[Place, Coefficient]


class Group(NamedTuple):
    """Outcomes that one change of one typed cell would mend; `cell` is that cell."""

    cell: Place
    outcomes: tuple[Outcome, ...]


class Grouper:
    """Groups the failures of one workbook.

    `live` are the cells whose values follow from others, `passing` the other equations that hold.
    """

    def __init__(self, live: Mapping[Place, Equation], passing: Iterable[Equation]) -> None:
        self._live = live
        self._passing = passing
        self._expanded: dict[Place, Expansion] = {}

    def groups(self, failing: list[Outcome]) -> list[Group]:
        """The failures in as few groups as a greedy choice gives; each failure stands in one group, in its order."""
        explained: dict[tuple[Place, Decimal], list[int]] = {}
        for i, outcome in enumerate(failing):
            for cell, coefficient in self._cells(outcome.equation).items():
                change = outcome.difference if coefficient == -1 else -outcome.difference / coefficient
                explained.setdefault((cell, change), []).append(i)
        suspects: dict[tuple[int, ...], list[Place]] = {}
        for (cell, _), found in explained.items():
            if len(found) > 1:
                suspects.setdefault(tuple(found), []).append(cell)
        alone = dict.fromkeys(range(len(failing)))
        groups: list[tuple[int, Group]] = []
        waiting = [(-len(failures), failures) for failures in suspects]
        heapq.heapify(waiting)
        while waiting:
            count, failures = heapq.heappop(waiting)
            left = [i for i in failures if i in alone]
            if len(left) == -count:
                cell = self._loneliest(suspects[failures])
                groups.append((left[0], Group(cell, tuple(failing[i] for i in left))))
                for i in left:
                    del alone[i]
            elif len(left) > 1:
                heapq.heappush(waiting, (-len(left), failures))
        groups += [(i, Group(_anchor(failing[i].equation), (failing[i],))) for i in alone]
        return [group for _, group in sorted(groups, key=lambda item: item[0])]

    def _loneliest(self, cells: list[Place]) -> Place:
        """Of cells that would mend the same failures, the one that the fewest equations which hold speak for."""
        return cells[0] if len(cells) == 1 else min(cells, key=lambda cell: (self._witnesses(cell), cell))

    def _witnesses(self, cell: Place) -> int:
        """How many equations that hold contain a typed cell, or a total of it: changing it would break them."""
        count, pending, seen = 0, [cell], {cell}
        while pending:
            place = pending.pop()
            count += self._holding.get(place, 0)
            for user in self._users.get(place, ()):
                if user not in seen:
                    seen.add(user)
                    pending.append(user)
        return count

    @cached_property
    def _holding(self) -> Counter[Place]:
        return Counter(place for equation in self._passing for _, place in (*equation.left, *equation.right))

    @cached_property
    def _users(self) -> Mapping[Place, list[Place]]:
        """The live totals that a cell is a part of."""
        users: dict[Place, list[Place]] = {}
        for target, equation in self._live.items():
            for _, part in equation.right:
                users.setdefault(part, []).append(target)
        return users

    def _cells(self, equation: Equation) -> Expansion:
        """The typed cells of left - right, with their net coefficients."""
        net: Expansion = {}
        for sign, side in ((1, equation.left), (-1, equation.right)):
            for coefficient, place in side:
                outer = sign * coefficient
                for cell, factor in self._expand(place).items():
                    net[cell] = net.get(cell, 0) + outer * factor
        return {cell: coefficient for cell, coefficient in net.items() if coefficient}

    def _expand(self, place: Place) -> Expansion:
        """A cell as the typed cells that its formula adds up, however deep."""
        known = self._expanded.get(place)
        if known is None:
            equation = self._live.get(place)
            if equation is None:
                known = {place: 1}
            else:
                known = {}
                for coefficient, part in equation.right:
                    for cell, factor in self._expand(part).items():
                        known[cell] = known.get(cell, 0) + coefficient * factor
            self._expanded[place] = known
        return known


def _anchor(equation: Equation) -> Place:
    """Where to look when no other equation fails with this one: the total, or the left side's first cell."""
    return (equation.left or equation.right)[0].place
