"""The whole-number programme of balanced rounding: which figures take a step, so that every line holds.

Its unknowns are the steps, never the amounts: a solver is exact to 1e-6, budgets reach 10¹². Lines that share no figure
that can move are programmes of their own.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from typing import NamedTuple

from xltool.equations.linear_programme import Constraint, Range, whole_minimum
from xltool.layout.block import Place
from xltool.merge.balance.figures import Figure
from xltool.merge.balance.lines import StepLine, Steps

_NO_LIMIT = -math.inf


class Rank(Enum):
    """Of a total: how dear it is that it keeps its own rounding."""

    GRAND_TOTAL = 0
    TOTAL = 1


class Question(NamedTuple):
    """The figures, totals and lines of one workbook; `within` how many units a figure may be from its exact value."""

    figures: Mapping[Place, Figure]
    ranks: Mapping[Place, Rank]
    lines: Sequence[StepLine]
    within: int


class Answer(NamedTuple):
    """The steps to take; `is_proved` if none could be fewer or smaller.

    None for `steps` if there are none: then `impossible` is a part whose lines cannot all hold, or None where time ran
    out before any steps were found.
    """

    steps: Steps | None
    is_proved: bool = True
    impossible: Part | None = None


class Part(NamedTuple):
    """Lines that share figures, and how far each of these can move: from the first number of steps to the last."""

    lines: Sequence[StepLine]
    spans: Mapping[Place, tuple[int, int]]


class Move(NamedTuple):
    """A variable: up to `most` steps of a figure upwards (sign 1) or downwards (-1), each `farther` from the amount."""

    place: Place
    sign: int
    most: int
    farther: float


def solve(question: Question, seconds: float) -> Answer:
    """The fewest and smallest steps after which every line holds.

    Figures go to the digit just below or above the exact amount; only where that is not enough, a whole unit away from
    it, and so on up to `within`.
    """
    deadline = time.monotonic() + seconds
    steps: dict[Place, int] = {}
    is_proved = True
    open_lines = {i for i, line in enumerate(question.lines) if not line.holds({})}
    impossible: list[Part] = []
    for units in range(question.within + 1):
        parts = list(_parts(question, units, open_lines)) if open_lines else []
        open_lines, impossible = set(), []
        for numbers, part in parts:
            found = _best(question, part, deadline)
            if found.steps is not None:
                steps |= found.steps
                is_proved = is_proved and found.is_proved
            elif not found.is_proved:
                return found
            else:
                open_lines |= {i for i in numbers if not question.lines[i].holds({})}
                impossible.append(part)
    if impossible:
        return Answer(None, impossible=min(impossible, key=lambda part: len(part.lines)))
    return Answer({place: count for place, count in steps.items() if count}, is_proved)


def _parts(question: Question, units: int, open_lines: Iterable[int]) -> Iterator[tuple[list[int], Part]]:
    """The lines that have to do with one that does not hold, those that share no figure that can move apart."""
    spans = {place: figure.reach(units) for place, figure in question.figures.items()}
    spans = {place: span for place, span in spans.items() if span != (0, 0)}
    users: dict[Place, list[int]] = {}
    for i, line in enumerate(question.lines):
        if _binds(line, spans):
            for place in line.factors:
                if place in spans:
                    users.setdefault(place, []).append(i)
    met: set[int] = set()
    for first in open_lines:
        if first in met:
            continue
        met.add(first)
        numbers, reached = [first], dict[Place, tuple[int, int]]()
        for i in numbers:
            for place in question.lines[i].factors:
                if place in spans and place not in reached:
                    reached[place] = spans[place]
                    new = [user for user in users[place] if user not in met]
                    met.update(new)
                    numbers += new
        yield numbers, Part([question.lines[i] for i in numbers], reached)


def _binds(line: StepLine, spans: Mapping[Place, tuple[int, int]]) -> bool:
    """Whether there are steps with which a line does not hold."""
    if line.low is not None:
        return True
    return sum(max(f * end for end in spans.get(place, (0, 0))) for place, f in line.factors.items()) > line.high


def _best(question: Question, part: Part, deadline: float) -> Answer:
    """One wish after the other: grand totals, totals, the fewest steps, the smallest distance."""
    moves = [move for place, span in part.spans.items() for move in _moves(place, question.figures[place], span)]
    ranges: list[Range] = [(0, move.most) for move in moves]
    constraints = constraints_of(part.lines, moves)
    found: list[int] | None = None
    for costs, granted in _wishes(moves, question.ranks):
        left = max(0, deadline - time.monotonic())
        answer = whole_minimum(costs, ranges, constraints, left, found)
        if answer.values is None or not _meets(part.lines, moves, answer.values):
            if found is None:
                return Answer(None, answer.values is None and answer.is_proved)
            return Answer(_steps(moves, found), False)
        found = answer.values
        if not answer.is_proved:
            return Answer(_steps(moves, found), False)
        for chosen in granted:
            constraints.append(Constraint(dict.fromkeys(chosen, 1), (_NO_LIMIT, sum(found[i] for i in chosen))))
    return Answer(_steps(moves, found or []))


def _wishes(moves: Sequence[Move], ranks: Mapping[Place, Rank]) -> Iterator[tuple[list[float], list[Sequence[int]]]]:
    """What each move costs, and the moves of which there shall be no more from then on than were found.

    Steps in totals cost more than all others together: so few of the others are found too, even if time runs out.
    """
    every, all_steps = range(len(moves)), sum(move.most for move in moves)
    totals = [[i for i, move in enumerate(moves) if ranks.get(move.place) is rank] for rank in Rank]
    chosen = [numbers for numbers in totals if numbers] or [[]]
    for numbers in chosen:
        costs = [1.0] * len(moves)
        for i in numbers:
            costs[i] += all_steps
        yield costs, [numbers, every] if numbers is chosen[-1] else [numbers]
    yield [move.farther for move in moves], []


def _moves(place: Place, figure: Figure, span: tuple[int, int]) -> Iterator[Move]:
    """The first step across the exact amount takes a figure less than a unit farther away, others a whole one."""
    towards = 1 if figure.exact > figure.near else -1
    for sign, most in ((1, span[1]), (-1, -span[0])):
        if sign == towards and most > 0:
            yield Move(place, sign, 1, float(1 - 2 * abs(figure.exact - figure.near)))
            most -= 1
        if most > 0:
            yield Move(place, sign, most, 1.0)


def constraints_of(lines: Sequence[StepLine], moves: Sequence[Move]) -> list[Constraint]:
    """Each line over the numbers of the moves."""
    numbers: dict[Place, list[int]] = {}
    for i, move in enumerate(moves):
        numbers.setdefault(move.place, []).append(i)
    found: list[Constraint] = []
    for line in lines:
        factors = {i: moves[i].sign * f for place, f in line.factors.items() for i in numbers.get(place, ())}
        found.append(Constraint(factors, (_NO_LIMIT if line.low is None else line.low, line.high)))
    return found


def _steps(moves: Sequence[Move], values: Sequence[int]) -> dict[Place, int]:
    steps: dict[Place, int] = {}
    for move, value in zip(moves, values, strict=True):
        steps[move.place] = steps.get(move.place, 0) + move.sign * value
    return steps


def _meets(lines: Sequence[StepLine], moves: Sequence[Move], values: Sequence[int]) -> bool:
    steps = _steps(moves, values)
    return all(line.holds(steps) for line in lines)
