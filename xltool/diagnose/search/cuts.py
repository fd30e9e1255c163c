"""The lightest cells that explain everything, exactly, by implicit hitting sets (Fellegi and Holt 1976).

The typed cells of a failing equation are a set of which at least one is wrong. The lightest cells that hit all sets
known so far are tried: if no figures in them make all equations hold within rounding, the multiples of equations that
prove it add up to an equation without these cells, whose cells are another set to hit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from xltool.diagnose.search.feasible import Bounded, Choice, Refuted, choose
from xltool.diagnose.search.hitting import lightest_hitting
from xltool.diagnose.search.ways import Ways
from xltool.diagnose.system import Changes
from xltool.diagnose.weighing import WRONG
from xltool.layout.block import Place

Atom = tuple[Place, ...]
"""What is wrong together: a cell, or two that were swapped."""

_ROUNDS = 60
_STEPS = 400
"""So often sets are added, and so long each time figures are looked for."""

_MOST_HARD = 6
"""So often HiGHS is asked: where our own search gives up more often, there are too many mistakes to tell apart."""

_UNKNOWN = 3 * WRONG


class Cuts:
    """The sets to hit for some failing equations, and what weighs how much at least."""

    def __init__(self, ways: Ways, failing: Sequence[int]) -> None:
        self.ways = ways
        self.system = ways.system
        self.failing = failing
        self.hard_left = _MOST_HARD
        cells = dict.fromkeys(cell for number in failing for cell in self.system.net(number))
        self.weights: dict[Atom, float] = {(cell,): ways.looks({}, cell, failing) for cell in cells}
        self.pairs = list(self._helpful_swaps(cells))
        self.weights |= {pair: ways.bits_of_swap(ways.exchanged(*pair)) for pair in self.pairs}
        self.sets = [self._hitting(set(self.system.net(number))) for number in failing]

    def lightest(self, limit: float) -> tuple[list[Changes] | None, bool]:
        """Mistakes that may weigh less than `limit`, and whether there are certainly no others that do."""
        for _ in range(_ROUNDS):
            if not all(self.sets):
                return None, True
            chosen, is_proved, is_hard = lightest_hitting(self.sets, self.weights)
            self.hard_left -= is_hard
            if self.hard_left < 0:
                return None, False
            if sum(self.weights[atom] for atom in chosen) >= limit:
                return None, is_proved
            found = self._figures(chosen)
            if not isinstance(found, set):
                return found, is_proved and found is not None
            self.sets.append(self._hitting(found))
        return None, False

    def leave_out(self, mistakes: Sequence[Changes]) -> None:
        """Look for something else from now on than these cells alone."""
        cells = {cell for mistake in mistakes for cell in mistake}
        self.sets.append({atom for atom in self.weights if cells.isdisjoint(atom)})

    def _hitting(self, cells: set[Place]) -> set[Atom]:
        for cell in cells:
            self.weights.setdefault((cell,), _UNKNOWN)
        return {(cell,) for cell in cells} | {pair for pair in self.pairs if not cells.isdisjoint(pair)}

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

    def _figures(self, chosen: Sequence[Atom]) -> list[Changes] | set[Place] | None:
        """The figures meant in some cells if they can make everything hold; else cells of which another is wrong."""
        cells = [cell for atom in chosen for cell in atom]
        numbers = list(self.ways.touched(dict.fromkeys(cells, Decimal(0)), self.failing))
        sums, likely = [], []
        for number in numbers:
            factors = {i: Fraction(a) for i, c in enumerate(cells) if (a := self.system.touched(c).get(number))}
            low, high = self.system.range(number, cells)
            off = self.system.difference(number)
            ends = (None if end is None else Fraction(end - off) for end in (low, high))
            sums.append(Bounded(factors, *ends))
            likely.append(_likelier(sums[-1], Fraction(off)))
        outcome = choose(sums, len(cells), _STEPS)
        if isinstance(outcome, Refuted):
            return self._cut({numbers[i]: factor for i, factor in outcome.multiples.items()}, cells)
        if outcome.values is None:
            return None
        better = choose(likely, len(cells), _STEPS)
        values = better.values if isinstance(better, Choice) and better.values is not None else outcome.values
        near = {cell: self._near(cell, value) for cell, value in zip(cells, values, strict=True)}
        return list(self._apart(chosen, near))

    def _near(self, cell: Place, change: Fraction) -> Decimal:
        unit = self.ways.weigher.unit(cell)
        return unit * round((Fraction(self.system.amount(cell)) + change) / Fraction(unit))

    def _cut(self, multiples: Mapping[int, Fraction], cells: Sequence[Place]) -> set[Place]:
        sums: dict[Place, Fraction] = {}
        for number, factor in multiples.items():
            for cell, coefficient in self.system.net(number).items():
                sums[cell] = sums.get(cell, Fraction(0)) + factor * Fraction(coefficient)
        return {cell for cell, total in sums.items() if total}.difference(cells)

    def _apart(self, chosen: Sequence[Atom], near: dict[Place, Decimal]) -> Iterator[Changes]:
        """The figures atom by atom; two cells that cannot just be exchanged are two mistakes."""
        for atom in chosen:
            if len(atom) == 1:
                yield {atom[0]: near[atom[0]]}
                continue
            exchanged = self.ways.exchanged(*atom)
            if not self.ways.failing({**near, **exchanged}, self.failing):
                near |= exchanged
                yield exchanged
            else:
                yield from ({cell: near[cell]} for cell in atom)


def _likelier(bounded: Bounded, off: Fraction) -> Bounded:
    """What mends an equation that is off without leaving anything to rounding, or leaves no more to it than there is:
    the first figures that are within bounds are those at their very edge."""
    low, high = bounded.low, bounded.high
    if low is None or high is None:
        return bounded
    ends = [end for end in (Fraction(0), -off) if low <= end <= high]
    return bounded._replace(low=min(ends), high=max(ends)) if ends else bounded
