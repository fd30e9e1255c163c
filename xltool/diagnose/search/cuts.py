"""The lightest cells that explain everything, exactly, by implicit hitting sets (Fellegi and Holt 1976).

The typed cells of a failing equation are a set of which at least one is wrong. The lightest cells that hit all sets
known so far are tried: if no figures in them make all equations hold within rounding, the multiples of equations that
prove it add up to an equation without these cells, whose cells are another set to hit. Some rules may be left
unexplained instead: they are in the sets like cells.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from xltool.diagnose.search.feasible import Bounded, Choice, Refuted, choose
from xltool.diagnose.search.figures import Atom, likeliest_figures
from xltool.diagnose.search.hitting import lightest_hitting
from xltool.diagnose.search.ways import Ways
from xltool.diagnose.system import Changes
from xltool.diagnose.weighing import WRONG
from xltool.layout.block import Place

Item = Atom | int
"""What is wrong together, or the number of a rule that is left unexplained."""

_ROUNDS = 60
_STEPS = 400
"""So often sets are added, and so long each time figures are looked for."""

_MOST_HARD = 6
"""So often HiGHS is asked: where our own search gives up more often, there are too many mistakes to tell apart."""

_UNKNOWN = 3 * WRONG
_LEAST = 1.0
"""What a cell weighs at least, however surely it is wrong: it is only one way to hit a set."""


class Picked(NamedTuple):
    """Mistakes that explain everything but some rules, and these."""

    mistakes: list[Changes]
    unexplained: tuple[int, ...]


class Cuts:
    """The sets to hit for some failing equations, and what weighs how much at least."""

    def __init__(self, ways: Ways, failing: Sequence[int]) -> None:
        self.ways = ways
        self.system = ways.system
        self.failing = failing
        self.hard_left = _MOST_HARD
        cells = dict.fromkeys(cell for number in failing for cell in self.system.net(number))
        now = ways.after({})
        self.weights: dict[Item, float] = {(cell,): max(ways.looks(now, cell, failing), _LEAST) for cell in cells}
        self.pairs = list(self._helpful_swaps(cells))
        self.weights |= {pair: ways.bits_of_swap(ways.exchanged(*pair)) for pair in self.pairs}
        for number in failing:
            bits = ways.bits_unexplained(number)
            if bits is not None:
                self.weights[number] = bits
        self.sets = [self._hitting(set(self.system.net(number)), [number]) for number in failing]

    def lightest(self, limit: float) -> tuple[Picked | None, bool]:
        """Mistakes that may weigh less than `limit`, and whether there are certainly no others that do."""
        for _ in range(_ROUNDS):
            if not all(self.sets):
                return None, True
            chosen, is_proved, is_hard = lightest_hitting(self.sets, self.weights)
            self.hard_left -= is_hard
            if self.hard_left < 0:
                return None, False
            if sum(self.weights[item] for item in chosen) >= limit:
                return None, is_proved
            atoms = [item for item in chosen if not isinstance(item, int)]
            unexplained = tuple(item for item in chosen if isinstance(item, int))
            found = self._figures(atoms, unexplained)
            if isinstance(found, list):
                return Picked(found, unexplained), is_proved
            if found is None:
                return None, False
            self.sets.append(found)
        return None, False

    def leave_out(self, picked: Picked) -> None:
        """Look for something else from now on than these mistakes alone."""
        self.sets.append(self._others({cell for one in picked.mistakes for cell in one}, picked.unexplained))

    def _others(self, cells: Collection[Place], rules: Collection[int]) -> set[Item]:
        return {
            item
            for item in self.weights
            if (item not in rules if isinstance(item, int) else not any(cell in cells for cell in item))
        }

    def _hitting(self, cells: set[Place], rules: Iterable[int]) -> set[Item]:
        for cell in cells:
            self.weights.setdefault((cell,), _UNKNOWN)
        found: set[Item] = {(cell,) for cell in cells}
        return found.union(
            (pair for pair in self.pairs if not cells.isdisjoint(pair)),
            (number for number in rules if number in self.weights),
        )

    def _helpful_swaps(self, cells: Iterable[Place]) -> Iterator[tuple[Place, Place]]:
        """Neighbours whose exchange mends two failing equations or more, and breaks none."""
        touched = self.system.touched
        for one, other in self.ways.pairs(cells, {}):
            moved = {number for number, _ in touched(one).items() ^ touched(other).items()}
            before = moved.intersection(self.failing)
            if len(before) < 2:
                continue
            after = set(self.ways.failing(self.ways.exchanged(one, other), ()))
            if after <= before and len(before - after) >= 2:
                yield one, other

    def _figures(self, atoms: Sequence[Atom], unexplained: Collection[int]) -> list[Changes] | set[Item] | None:
        """The figures meant in some cells if they can make everything hold but what is left unexplained; else a set of
        which something else is wrong; None if there was no time to find out."""
        if not atoms:
            return []
        ways = self.ways.without(unexplained)
        cells = [cell for atom in atoms for cell in atom]
        numbers = list(ways.touched(dict.fromkeys(cells, Decimal(0)), self.failing))
        woken = self.system.woken(cells)
        sums, likely = [], []
        for number in numbers:
            factors = {i: Fraction(a) for i, c in enumerate(cells) if (a := self.system.touched(c).get(number))}
            low, high = self.system.range(number, woken)
            off = self.system.difference(number)
            ends = (None if end is None else Fraction(end - off) for end in (low, high))
            sums.append(Bounded(factors, *ends))
            likely.append(_likelier(sums[-1], Fraction(off)))
        outcome = choose(sums, len(cells), _STEPS)
        if isinstance(outcome, Refuted):
            multiples = {numbers[i]: factor for i, factor in outcome.multiples.items()}
            return self._hitting(self._cut(multiples, cells), [n for n, factor in multiples.items() if factor])
        if outcome.values is None:
            return None
        better = choose(likely, len(cells), _STEPS)
        values = better.values if isinstance(better, Choice) and better.values is not None else outcome.values
        near = {cell: self._near(cell, value) for cell, value in zip(cells, values, strict=True)}
        return likeliest_figures(ways, atoms, numbers, near) or self._others(cells, unexplained)

    def _near(self, cell: Place, change: Fraction) -> Decimal:
        unit = self.ways.weigher.unit(cell)
        return unit * round((Fraction(self.system.amount(cell)) + change) / Fraction(unit))

    def _cut(self, multiples: Mapping[int, Fraction], cells: Sequence[Place]) -> set[Place]:
        sums: dict[Place, Fraction] = {}
        for number, factor in multiples.items():
            for cell, coefficient in self.system.net(number).items():
                sums[cell] = sums.get(cell, Fraction(0)) + factor * Fraction(coefficient)
        return {cell for cell, total in sums.items() if total}.difference(cells)


def _likelier(bounded: Bounded, off: Fraction) -> Bounded:
    """What mends an equation that is off without leaving anything to rounding, or leaves no more to it than there is:
    the first figures that are within bounds are those at their very edge."""
    low, high = bounded.low, bounded.high
    if low is None or high is None:
        return bounded
    ends = [end for end in (Fraction(0), -off) if low <= end <= high]
    return bounded._replace(low=min(ends), high=max(ends)) if ends else bounded
