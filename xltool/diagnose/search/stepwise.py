"""A first explanation by several mistakes, found step by step: each mends the narrowest equation that still fails.

It is found fast and is mostly the best; the search of cuts.py then looks for one that is lighter.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from xltool.diagnose.search.ways import After, Ways
from xltool.diagnose.system import Changes, Range
from xltool.layout.block import Place

_WIDTH, _DEPTH = 5, 12
_CELLS = 40
"""Of the cells of the narrowest equation so many are looked at."""

_FAILING, _BROKEN = 8.0, 20.0
"""What an equation that still fails is expected to cost in bits, and one that no longer holds, besides."""


class Step(NamedTuple):
    """What was found so far: the mistakes, their bits and those of rules left unexplained, and what else fails then."""

    mistakes: tuple[Changes, ...]
    bits: float
    failing: tuple[int, ...]
    unexplained: tuple[int, ...] = ()

    @property
    def changes(self) -> dict[Place, Decimal]:
        """All figures that should be others."""
        return {cell: right for mistake in self.mistakes for cell, right in mistake.items()}

    @property
    def expected(self) -> float:
        """What the whole explanation may come to."""
        return self.bits + _FAILING * len(self.failing)


def stepwise(ways: Ways, failing: Sequence[int], given: Changes, limit: float) -> Step | None:
    """Mistakes that together explain everything that fails, the lightest that were found; None if none of fewer bits
    than a limit were.

    Those `given` are among them, each cell by itself.
    """
    mistakes = tuple({cell: right} for cell, right in given.items())
    begun = Step(mistakes, sum(ways.weigher.weigh(*item).bits for item in given.items()), tuple(failing))
    begun = begun._replace(failing=tuple(ways.failing(given, failing)))
    beam = [begun]
    best = None if begun.failing or begun.bits >= limit else begun
    for _ in range(_DEPTH):
        reached: dict[tuple[tuple[tuple[Place, Decimal], ...], tuple[int, ...]], Step] = {}
        for step in beam:
            if step.bits < (best.bits if best else limit):
                found = _next(ways.without(step.unexplained), step, failing)
                reached |= {(tuple(sorted(after.changes.items())), after.unexplained): after for after in found}
            done = [after for after in reached.values() if not after.failing and after.bits < limit]
            best = min([*done, *([best] if best else [])], key=lambda step: step.bits, default=None)
        going = sorted((step for step in reached.values() if step.failing), key=lambda step: step.expected)
        beam = [step for step in going[:_WIDTH] if step.expected < (best.bits if best else limit)]
        if not beam:
            break
    return best


def _next(ways: Ways, step: Step, failing: Sequence[int]) -> Iterator[Step]:
    narrowest = min(step.failing, key=lambda number: len(ways.system.net(number)))
    after = ways.after(step.changes)
    mistakes = [*_singles(ways, after, step.failing, narrowest), *_swaps(ways, after, narrowest, step.failing)]
    for bits, mistake in sorted(mistakes, key=lambda item: item[0])[: 2 * _WIDTH]:
        left = tuple(ways.failing({**after.changes, **mistake}, failing))
        if narrowest not in left:
            yield step._replace(mistakes=(*step.mistakes, mistake), bits=step.bits + bits, failing=left)
    bits_unexplained = ways.bits_unexplained(narrowest)
    if bits_unexplained is not None:
        rest = tuple(number for number in step.failing if number != narrowest)
        bits = step.bits + bits_unexplained
        yield step._replace(bits=bits, failing=rest, unexplained=(*step.unexplained, narrowest))


def _singles(ways: Ways, after: After, failing: Sequence[int], narrowest: int) -> Iterator[tuple[float, Changes]]:
    cells = [cell for cell in ways.system.net(narrowest) if cell not in after.changes]
    if len(cells) > _CELLS:
        cells = ways.likely(after, cells, [narrowest], _CELLS)
    for cell in cells:
        between, broken = _agreed(ways, after, failing, narrowest, cell)
        for right, _, bits in ways.weigher.meant(cell, between)[:2]:
            if right != ways.system.amount(cell):
                yield bits + _BROKEN * broken, {cell: right}


def _agreed(ways: Ways, after: After, failing: Sequence[int], narrowest: int, cell: Place) -> tuple[Range, int]:
    """Where the right figure of a cell lies if it mends one equation and as many others as agree with it; and how many
    that hold it would break."""
    touched = ways.system.touched(cell)
    others = [number for number in failing if number in touched and number != narrowest]
    holding = [number for number in touched if number not in failing and number not in ways.idle]
    agreed = ways.needs(after, narrowest, touched[narrowest], cell)
    broken = 0
    for number in (*others, *holding):
        both = _meet(agreed, ways.needs(after, number, touched[number], cell))
        if both is not None:
            agreed = both
        elif number not in failing:
            broken += 1
    found = ways.system.amount(cell)
    return Range(*(None if end is None else found + end for end in agreed)), broken


def _meet(one: Range, other: Range) -> Range | None:
    lows = [end for end in (one.low, other.low) if end is not None]
    highs = [end for end in (one.high, other.high) if end is not None]
    low, high = max(lows, default=None), min(highs, default=None)
    return None if low is not None and high is not None and low > high else Range(low, high)


def _swaps(ways: Ways, after: After, narrowest: int, failing: Sequence[int]) -> Iterator[tuple[float, Changes]]:
    for one, other in ways.pairs(ways.system.net(narrowest), after.changes):
        if not ways.mends(after, narrowest, one, other):
            continue
        changes = ways.exchanged(one, other)
        left = set(ways.failing({**after.changes, **changes}, failing))
        if len(left) + 2 <= len(failing):
            yield ways.bits_of_swap(changes) + _BROKEN * len(left.difference(failing)), changes
