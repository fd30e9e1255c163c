"""Looks for hidden amounts by narrowing intervals exactly: most workbooks need no solver, whose import takes long.

Every deviation lies within ±1 half unit. Where a row leaves a cell less room than it has, its interval is narrowed, and
so on for the rows of that cell. Then cell after cell is set as near to 0 as it may be, those in the most rows first,
and what follows is narrowed again; where an interval becomes empty, the last cell that was set gets another value.
Deviations are counted in steps so small that a whole number of them is what any one cell leaves another.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

from xltool.checking.proof.exact import System

_VISITS, _VISITS_OF_A_ROW = 2000, 10
"""So often rows are looked at before the search is given up: 2000 times, and 10 times for each row."""


def deviations(system: System) -> dict[int, Fraction] | None:
    """Deviations within ±1 that meet every row exactly, zeros left out; None if this search finds none."""
    search = _Search(system)
    try:
        search.run()
    except (_Empty, _GivenUp):
        return None
    return {cell: Fraction(value, search.steps) for cell, value in enumerate(search.low) if value}


class _Empty(Exception):
    """A cell has no room left."""


class _GivenUp(Exception):
    """It takes too long, or nothing is left to try."""


class _Choice(NamedTuple):
    """A cell that was set, by its place in the order; how long the trail was before; the values not yet tried."""

    position: int
    mark: int
    values: list[int]


class _Search:
    """`least` and `most` are what each row can come to while its cells are within the intervals from `low` to `high`.

    All are counted in `steps` to a half unit. `trail` holds the intervals that were narrowed, as they were before.
    """

    def __init__(self, system: System) -> None:
        self.rows = system.rows
        self.steps = math.lcm(*{factor for row in system.rows for factor in row.values()})
        self.targets = [target * self.steps for target in system.targets]
        self.low, self.high = [-self.steps] * len(system.cells), [self.steps] * len(system.cells)
        self.most = [sum(map(abs, row.values())) * self.steps for row in system.rows]
        self.least = [-most for most in self.most]
        self.users: list[list[int]] = [[] for _ in system.cells]
        for number, row in enumerate(system.rows):
            for cell in row:
                self.users[cell].append(number)
        self.trail: list[tuple[int, int, int]] = []
        self.visits = _VISITS + _VISITS_OF_A_ROW * len(system.rows)

    def run(self) -> None:
        self.narrow(range(len(self.rows)))
        order = sorted(range(len(self.low)), key=lambda cell: -len(self.users[cell]))
        choices: list[_Choice] = []
        position = 0
        while position < len(order):
            low, high = self.low[order[position]], self.high[order[position]]
            if low < high:
                nearest = max(low, min(0, high))
                others = [end for end in (low, high) if end != nearest]
                choices.append(_Choice(position, len(self.trail), [*others, nearest]))
                position = self.choose(choices, order)
            position += 1

    def choose(self, choices: list[_Choice], order: list[int]) -> int:
        """Set the last cell chosen to its next value, or else one before it; the position of the cell that is set."""
        while choices:
            position, mark, values = choices[-1]
            self.undo(mark)
            if not values:
                choices.pop()
                continue
            value = values.pop()
            try:
                self.set(order[position], value, value)
                self.narrow(self.users[order[position]])
            except _Empty:
                continue
            return position
        raise _GivenUp

    def undo(self, mark: int) -> None:
        """Widen the intervals again that were narrowed since the trail was `mark` long."""
        while len(self.trail) > mark:
            cell, low, high = self.trail.pop()
            self.move(cell, low, high)

    def narrow(self, rows: Iterable[int]) -> None:
        """Narrow the intervals of the cells of rows, and of those that then have less room, until nothing changes."""
        waiting = dict.fromkeys(rows)
        while waiting:
            number = next(iter(waiting))
            del waiting[number]
            self.visits -= 1
            if not self.visits:
                raise _GivenUp
            if not self.least[number] <= self.targets[number] <= self.most[number]:
                raise _Empty
            for cell, factor in self.rows[number].items():
                if self.low[cell] < self.high[cell] and self.is_narrowed(cell, factor, number):
                    waiting |= dict.fromkeys(self.users[cell])

    def is_narrowed(self, cell: int, factor: int, number: int) -> bool:
        """Leave a cell only what the others in a row can make up for; whether that is less than before."""
        low, high, target = self.low[cell], self.high[cell], self.targets[number]
        one, other = sorted((factor * low, factor * high))
        smallest, largest = target - self.most[number] + other, target - self.least[number] + one
        if factor < 0:
            smallest, largest = -largest, -smallest
        least, most = -(-smallest // abs(factor)), largest // abs(factor)
        if least <= low and high <= most:
            return False
        self.set(cell, max(low, least), min(high, most))
        return True

    def set(self, cell: int, low: int, high: int) -> None:
        """Narrow the interval of a cell."""
        if low > high:
            raise _Empty
        self.trail.append((cell, self.low[cell], self.high[cell]))
        self.move(cell, low, high)

    def move(self, cell: int, low: int, high: int) -> None:
        for number in self.users[cell]:
            factor = self.rows[number][cell]
            before = sorted((factor * self.low[cell], factor * self.high[cell]))
            after = sorted((factor * low, factor * high))
            self.least[number] += after[0] - before[0]
            self.most[number] += after[1] - before[1]
        self.low[cell], self.high[cell] = low, high
