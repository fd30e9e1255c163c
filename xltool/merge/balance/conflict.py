"""Of lines that no steps can meet together: as few as still contradict each other."""

from __future__ import annotations

import time
from collections.abc import Sequence

from xltool.equations.linear_programme import whole_minimum
from xltool.merge.balance.lines import StepLine
from xltool.merge.balance.programme import Move, Part, constraints_of

_SECONDS = 20.0
"""So long fewer lines are looked for."""


def conflict(part: Part) -> Sequence[StepLine]:
    """Lines of an impossible part that cannot all hold, none of which can be left out (if there is time to find out).

    Ulrich Junker, QuickXplain: Preferred Explanations and Relaxations for Over-Constrained Problems, AAAI 2004.
    """
    deadline = time.monotonic() + _SECONDS
    size = 1
    while size < len(part.lines) and _is_possible(part, part.lines[:size], deadline):
        size *= 2
    near = part.lines[:size]
    found = _explain(part, [], False, near, deadline)
    return found if time.monotonic() < deadline else near


def _explain(
    part: Part, kept: Sequence[StepLine], is_new: bool, lines: Sequence[StepLine], deadline: float
) -> list[StepLine]:
    """Which of `lines` are needed, beside those that are kept, for a contradiction."""
    if is_new and not _is_possible(part, kept, deadline):
        return []
    if len(lines) == 1:
        return [*lines]
    half = len(lines) // 2
    needed = _explain(part, [*kept, *lines[:half]], True, lines[half:], deadline)
    return [*_explain(part, [*kept, *needed], bool(needed), lines[:half], deadline), *needed]


def _is_possible(part: Part, lines: Sequence[StepLine], deadline: float) -> bool:
    """Whether there are steps that meet these lines; so it is taken to be if nobody knows."""
    places = dict.fromkeys(place for line in lines for place in line.factors if place in part.spans)
    spans = ((place, *part.spans[place]) for place in places)
    moves = [Move(place, sign, most, 0) for place, low, high in spans for sign, most in ((1, high), (-1, -low)) if most]
    costs, ranges = [0.0] * len(moves), [(0, move.most) for move in moves]
    answer = whole_minimum(costs, ranges, constraints_of(lines, moves), max(0, deadline - time.monotonic()))
    return answer.values is not None or not answer.is_proved
