"""Finds the lightest explanation of equations that fail, by one mistake or by several."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import combinations
from typing import NamedTuple

from xltool.diagnose.search.ways import Hypothesis, Ways
from xltool.diagnose.system import Changes
from xltool.diagnose.weighing import WRONG
from xltool.layout.block import Place

_LIGHT = 3 * WRONG
"""One mistake of fewer bits is not worth being explained by two; one of more bits may well be something else."""

_ROUNDS = 3
_OTHERS = 5
"""So often several mistakes are weighed again beside each other, and so many other explanations are looked into."""


class Cause(NamedTuple):
    """One mistake: the ways to explain it, the likeliest first, and the failing equations that it is behind.

    `is_sure`: whether it was found that nothing explains more; else there was no time to look.
    """

    ways: tuple[Hypothesis, ...]
    failing: tuple[int, ...]
    is_sure: bool = True


_UNEXPLAINED, _MOST_RULES = 2.5 * WRONG, 8
"""Bits of a rule that is left unexplained; of more rules that fail none is."""

_MOST_CELLS = 5000
"""Of more cells nobody looks for the lightest explanation: that which is found step by step is told as possible."""

Mistakes = list[list[Hypothesis]]
"""For each mistake the ways to explain it while the others are as their first ways say."""


def one_cause(ways: Ways, failing: Sequence[int]) -> Cause | None:
    """One mistake behind failing equations that are connected: surely, if it is so light that no others are lighter."""
    alone = ways.of({}, failing)
    return Cause(tuple(alone), tuple(failing), alone[0].bits <= _LIGHT) if alone else None


def causes(ways: Ways, failing: Sequence[int], alone: Cause | None) -> list[Cause]:
    """The mistakes behind failing equations that are connected, more than one if these are lighter than the one that
    is behind all of them; none if none explain them."""
    best, is_sure = _several(ways, failing, list(alone.ways) if alone is not None else [])
    one, unexplained = _but_for_some(ways, failing)
    if one and (not best or one[0].bits + _UNEXPLAINED * len(unexplained) < _weight(best)):
        rest = [number for number in failing if number not in unexplained]
        return [Cause(tuple(one), tuple(rest)), Cause((), unexplained)]
    return _caused(ways, best, failing, is_sure)


def _but_for_some(ways: Ways, failing: Sequence[int]) -> tuple[list[Hypothesis], tuple[int, ...]]:
    """One mistake that explains all but one or two rules, and these: tables may differ by more than a figure."""
    rules = [number for number in failing if not ways.system.equations[number].structural]
    best: tuple[list[Hypothesis], tuple[int, ...]] = [], ()
    for count in (1, 2) if len(rules) <= _MOST_RULES else ():
        for unexplained in combinations(rules, count):
            rest = [number for number in failing if number not in unexplained]
            found = Ways(ways.weigher, ways.idle.union(unexplained)).of({}, rest)
            if found and (not best[0] or found[0].bits < best[0][0].bits):
                best = found, unexplained
        if best[0]:
            break
    return best


def _several(ways: Ways, failing: Sequence[int], alone: list[Hypothesis]) -> tuple[Mistakes, bool]:
    """The lightest of what is found; whether the search was ended by its limits. It is imported where it is needed."""
    from xltool.diagnose.search.cuts import Cuts
    from xltool.diagnose.search.stepwise import stepwise

    known: list[Mistakes] = [[alone]] if alone else []
    step = stepwise(ways, failing)
    if step is not None:
        known.append(_polished(ways, step.mistakes, failing))
    if len({cell for number in failing for cell in ways.system.net(number)}) > _MOST_CELLS:
        return min(known, key=_weight, default=[]), False
    cuts = Cuts(ways, failing)
    is_sure = True
    for _ in range(_OTHERS):
        limit = min(map(_weight, known), default=float("inf"))
        found, is_sure = cuts.lightest(limit)
        if found is None:
            break
        known.append(_polished(ways, found, failing))
        cuts.leave_out(found)
    return min(known, key=_weight, default=[]), is_sure


def _weight(mistakes: Mistakes) -> float:
    return sum(way[0].bits for way in mistakes)


def _polished(ways: Ways, found: Sequence[Changes], failing: Sequence[int]) -> Mistakes:
    """Several mistakes, each explained as it would be if the others were corrected; those that are none left out."""
    mistakes: Mistakes = [[ways.weighed(changes)] for changes in found]
    for _ in range(_ROUNDS):
        before = [way[0].changes for way in mistakes]
        for i in range(len(mistakes)):
            others = _changes(mistakes, but=i)
            left = ways.failing(others, failing)
            better = ways.of(others, left)
            mistakes[i] = better or (mistakes[i] if left else [])
        mistakes = [way for way in mistakes if way]
        if [way[0].changes for way in mistakes] == before:
            break
    return mistakes


def _changes(mistakes: Mistakes, but: int) -> dict[Place, Decimal]:
    """What all mistakes but one change, as their first ways say."""
    others = (way[0].changes for i, way in enumerate(mistakes) if way and i != but)
    return {cell: right for changes in others for cell, right in changes.items()}


def _caused(ways: Ways, mistakes: Mistakes, failing: Sequence[int], is_sure: bool) -> list[Cause]:
    """The mistakes, each with the equations that fail as long as it is not corrected; each of these but once.

    Of mistakes that make up for each other none may be such; then it is told with those that it changes.
    """
    found, left = [], dict.fromkeys(failing)
    for i, way in enumerate(mistakes):
        fails = ways.failing(_changes(mistakes, but=i), failing)
        changed = {number for cell in way[0].changes for number in ways.system.touched(cell)}
        own = [number for number in failing if number in fails] or [n for n in failing if n in changed]
        new = [number for number in own if number in left]
        for number in new:
            del left[number]
        if own:
            found.append(Cause(tuple(way), tuple(new or own), is_sure and way[0].bits <= _LIGHT))
    if left and found:
        found[-1] = found[-1]._replace(failing=(*found[-1].failing, *left))
    return found
