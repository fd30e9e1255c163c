"""Finds the lightest explanation of equations that fail, by one mistake or by several."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from math import inf
from typing import NamedTuple

from xltool.diagnose.search.ways import Hypothesis, Ways
from xltool.diagnose.system import Changes
from xltool.diagnose.weighing import WRONG
from xltool.layout.block import Place

_LIGHT = 3 * WRONG
"""One mistake of fewer bits is not worth being explained by two; one of more bits may well be something else."""

_ROUNDS = 3
_OTHERS = 8
"""So often several mistakes are weighed again beside each other, and so many other explanations are looked into."""


class Cause(NamedTuple):
    """One mistake: the ways to explain it, the likeliest first, and the failing equations that it alone is behind, or
    `together` with other mistakes.

    `is_sure`: whether it was found that nothing explains more; else there was no time to look.
    """

    ways: tuple[Hypothesis, ...]
    failing: tuple[int, ...]
    is_sure: bool = True
    together: tuple[int, ...] = ()


_SAVED = 24.0
"""So many bits less than it is found with an explanation may have when each mistake is seen beside the others."""

_MOST_CELLS = 5000
"""Of more cells nobody looks for the lightest explanation: that which is found step by step is told as possible."""

Mistakes = list[list[Hypothesis]]
"""For each mistake the ways to explain it while the others are as their first ways say."""


class _Explanation(NamedTuple):
    """Mistakes that explain everything but some rules."""

    mistakes: Mistakes
    unexplained: tuple[int, ...]
    bits: float


def one_cause(ways: Ways, failing: Sequence[int]) -> Cause | None:
    """One mistake behind failing equations that are connected: surely, if it is a slip so light that no others are
    lighter, and the only one that is there for sure."""
    alone = ways.of({}, failing)
    if not alone:
        return None
    is_slip = bool(alone[0].slip) and alone[0].bits <= _LIGHT
    return Cause(tuple(alone), tuple(failing), is_slip and ways.surely_wrong(failing).keys() <= alone[0].changes.keys())


def causes(ways: Ways, failing: Sequence[int], alone: Cause | None) -> list[Cause]:
    """The mistakes behind failing equations that are connected, more than one if these are lighter than the one that
    is behind all of them; none if none explain them."""
    best, is_sure = _several(ways, failing, list(alone.ways) if alone is not None else [])
    if best is None:
        return []
    explained = [number for number in failing if number not in best.unexplained]
    found = _caused(ways.without(best.unexplained), best.mistakes, explained, is_sure)
    return [*found, Cause((), best.unexplained)] if best.unexplained else found


def _several(ways: Ways, failing: Sequence[int], alone: list[Hypothesis]) -> tuple[_Explanation | None, bool]:
    """The lightest of what is found, which is that nothing is explained only if no mistake `alone` explains all; and
    whether the search was ended by its limits. It is imported where it is needed."""
    from xltool.diagnose.search.cuts import Cuts
    from xltool.diagnose.search.stepwise import stepwise

    known = [_Explanation([alone], (), alone[0].bits)] if alone else []
    step = stepwise(ways, failing, ways.surely_wrong(failing), inf)
    if step is not None:
        known.append(_polished(ways, step.mistakes, failing, step.unexplained))
    if len({cell for number in failing for cell in ways.system.net(number)}) > _MOST_CELLS:
        return min(known, key=lambda one: one.bits, default=None), False
    cuts = Cuts(ways, failing)
    is_sure = True
    for _ in range(_OTHERS):
        limit = min((one.bits for one in known), default=inf)
        found, is_sure = cuts.lightest(limit)
        if found is None:
            break
        known.append(_polished(ways, found.mistakes, failing, found.unexplained))
        cuts.leave_out(found)
    best = min((one for one in known if one.mistakes or not alone), key=lambda one: one.bits, default=None)
    return best and min([best, *_nearby(ways, best, failing)], key=lambda one: one.bits), is_sure


def _nearby(ways: Ways, best: _Explanation, failing: Sequence[int]) -> Iterator[_Explanation]:
    """What explains as much if one of the figures that look like no slip is a little off, since another mistake hides
    behind it."""
    from xltool.diagnose.search.stepwise import stepwise

    ways = ways.without(best.unexplained)
    explained = [number for number in failing if number not in best.unexplained]
    for way in best.mistakes:
        given = ways.slip_near(way[0])
        step = stepwise(ways, explained, given, best.bits + _SAVED) if given else None
        if step is not None:
            yield _polished(ways, step.mistakes, failing, (*best.unexplained, *step.unexplained))


def _polished(
    ways: Ways, found: Sequence[Changes], failing: Sequence[int], unexplained: tuple[int, ...]
) -> _Explanation:
    """Several mistakes, each explained as it would be if the others were corrected; those that are none left out."""
    weight = sum(ways.bits_unexplained(number) or 0.0 for number in unexplained)
    ways = ways.without(unexplained)
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
    return _Explanation(mistakes, unexplained, weight + ways.bits_of([way[0].changes for way in mistakes]))


def _changes(mistakes: Mistakes, but: int) -> dict[Place, Decimal]:
    """What all mistakes but one change, as their first ways say."""
    others = (way[0].changes for i, way in enumerate(mistakes) if way and i != but)
    return {cell: right for changes in others for cell, right in changes.items()}


def _caused(ways: Ways, mistakes: Mistakes, failing: Sequence[int], is_sure: bool) -> list[Cause]:
    """The mistakes, each with the equations that fail as long as it, or it and others, are not corrected.

    Of mistakes that make up for each other there may be none; then it is each that changes the equation.
    """
    fails = [set(ways.failing(_changes(mistakes, but=i), failing)) for i in range(len(mistakes))]
    changed = [{number for cell in way[0].changes for number in ways.system.touched(cell)} for way in mistakes]
    behind: list[list[int]] = [[] for _ in mistakes]
    together: list[list[int]] = [[] for _ in mistakes]
    for number in failing:
        own = [i for i, numbers in enumerate(fails) if number in numbers]
        own = own or [i for i, numbers in enumerate(changed) if number in numbers]
        for i in own:
            (behind if len(own) == 1 else together)[i].append(number)
    return [
        Cause(tuple(way), tuple(behind[i]), is_sure and way[0].bits <= _LIGHT, tuple(together[i]))
        for i, way in enumerate(mistakes)
        if behind[i] or together[i]
    ]
