"""Tries a guess: which equations that failed hold once it is undone, and whether any breaks."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterable, Mapping, Set
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import NamedTuple

from xltool.checking.check import Checked
from xltool.diagnose.lines.guess import Guess
from xltool.equations.evaluate import compute
from xltool.equations.instances import all_equations
from xltool.equations.nets import Net, Nets
from xltool.equations.verdicts import Outcome, evaluate
from xltool.layout.block import Place
from xltool.layout.equation import Equation
from xltool.model import Value, Verdict

_TOLERATED = 10
"""One in so many of the failures that a guess concerns may be left: there may be another mistake."""


class Undone(NamedTuple):
    """What undoing a guess gives: the failures that it clears, and what each of its cells then holds.

    Equations of cells of which nothing tells what they should hold say nothing, and are among those cleared. `found`
    are the cells of which it was found out, and is something else than what stands there, `filled` how many of those
    that were not known have a figure in them.
    """

    guess: Guess
    cleared: list[Outcome]
    values: Mapping[Place, Value]
    found: frozenset[Place]
    filled: int


class Trials:
    """Tries guesses on one checked book."""

    def __init__(self, checked: Checked) -> None:
        book = checked.book
        self._layout = book.layout
        self._values = book.values
        self._nets = Nets(book.live) if checked.blank else checked.nets
        self._known_nets: dict[int, Net] = {}
        self._undecided = {id(outcome.equation) for outcome, reason in checked.judged.others if reason}
        self._failing = self._as_typed() if checked.blank else {id(o.equation): o for o in checked.judged.failing}

    def _as_typed(self) -> dict[int, Outcome]:
        """What fails where blank totals are nothing but blank."""
        found: dict[int, Outcome] = {}
        for equation in all_equations(self._layout):
            outcome = evaluate(equation, self._layout, self._values, self._nets.live)
            if outcome is not None and outcome.verdict is Verdict.FAIL and id(equation) not in self._undecided:
                found[id(equation)] = outcome
        return found

    def undone(self, guess: Guess) -> Undone | None:
        """What comes of undoing a guess; None if an equation breaks, or not nearly all failures of its cells clear."""
        cells = {*guess.changes, *guess.unknown}
        totals = self._totals(cells)
        touched = self._touched((*cells, *totals))
        failing = [self._failing[id(equation)] for equation in touched if id(equation) in self._failing]
        if not failing:
            return None
        values: ChainMap[Place, Value] = ChainMap(dict(guess.changes), self._values)
        known = self._solved(guess.unknown, touched, values)
        if any(isinstance(v, Decimal) and v < 0 and not self._layout.may_be_negative(p) for p, v in known.items()):
            return None
        values.update(known)
        unsolved = guess.unknown - known.keys()
        most_left = len(failing) // _TOLERATED
        if sum(1 for o in failing if self._is_far_off(o, values, unsolved, known.keys())) > most_left:
            return None
        compute(values, totals)
        cleared = [outcome for outcome in failing if self._holds(outcome.equation, values, unsolved, known.keys())]
        if len(failing) - len(cleared) > most_left:
            return None
        sound = (e for e in touched if id(e) not in self._failing and id(e) not in self._undecided)
        if not all(self._holds(equation, values, unsolved, known.keys()) for equation in sound):
            return None
        found = frozenset(place for place, value in known.items() if self._is_other(place, value))
        filled = sum(1 for place in guess.unknown if self._values.get(place))
        return Undone(guess, cleared, {**guess.changes, **known}, found, filled)

    def _is_other(self, place: Place, right: Value) -> bool:
        """Whether a cell should hold something that rounding does not explain."""
        return abs(_amount(right) - _amount(self._values.get(place))) > 2 * self._layout.unit(place)

    def _is_far_off(
        self, outcome: Outcome, values: Mapping[Place, Value], unsolved: frozenset[Place], solved: Set[Place]
    ) -> bool:
        """Whether no rounding can make an equality hold, as its typed cells show before any total is worked out."""
        equation, net = outcome.equation, self._net(outcome.equation)
        if equation.is_inequality or not unsolved.isdisjoint(net):
            return False
        off = outcome.difference
        for cell, factor in net.items():
            off += factor * (_amount(values.get(cell)) - _amount(self._values.get(cell)))
        units = (abs(Decimal(a)) * self._layout.rounding.get(p, self._layout.unit(p)) for a, p in equation.terms)
        reach = sum(units, Decimal(0)) / 2
        return abs(off) > (reach if solved.isdisjoint(net) else max(reach, self._slack(net)))

    def _holds(
        self, equation: Equation, values: Mapping[Place, Value], unsolved: frozenset[Place], solved: Set[Place]
    ) -> bool:
        if unsolved and not unsolved.isdisjoint(self._net(equation)):
            return True
        outcome = evaluate(equation, self._layout, values, self._nets.live)
        if outcome is None or outcome.verdict is not Verdict.FAIL or self._says_nothing(equation):
            return True
        net = self._net(equation)
        return not solved.isdisjoint(net) and abs(outcome.difference) <= self._slack(net)

    def _says_nothing(self, equation: Equation) -> bool:
        """Whether a rule that does not fail has nothing on one side as it is: its table may not be filled in yet."""
        if equation.structural or id(equation) in self._failing:
            return False
        sides = (equation.left, equation.right)
        return not all(any(self._values.get(place) for _, place in side) for side in sides)

    def _slack(self, net: Net) -> Decimal:
        """By how much an equation may be off of which a cell was worked out from others, with the rounding of all."""
        return sum((abs(Decimal(factor)) * self._layout.unit(cell) for cell, factor in net.items()), Decimal(0))

    def _solved(
        self, unknown: frozenset[Place], equations: Iterable[Equation], values: Mapping[Place, Value]
    ) -> dict[Place, Value]:
        """What the equations say that unknown cells hold, one after the other, the most exact equations first."""
        nets = [(self._net(e), e) for e in equations if not e.is_inequality] if unknown else []
        own = [(net, e) for net, e in nets if not unknown.isdisjoint(net)]
        waiting = sorted(own, key=lambda item: (self._slack(item[0]), len(item[0])))
        known: dict[Place, Value] = {}
        while (ready := next((one for one in waiting if len(_open(one[0], unknown, known)) < 2), None)) is not None:
            waiting.remove(ready)
            net, equation = ready
            for cell in _open(net, unknown, known):
                rest = equation.constants[0] - equation.constants[1]
                for other, coefficient in net.items():
                    rest += coefficient * _amount(known.get(other) if other in unknown else values.get(other))
                known[cell] = self._rounded(-rest / net[cell], cell)
        return known

    def _rounded(self, value: Decimal, cell: Place) -> Decimal | None:
        unit = self._layout.unit(cell)
        return (value.quantize(unit, ROUND_HALF_UP) if unit else value) or None

    def _net(self, equation: Equation) -> Net:
        """The typed cells of left - right."""
        known = self._known_nets.get(id(equation))
        if known is None:
            known = self._known_nets[id(equation)] = self._nets.of(equation)
        return known

    def _touched(self, places: Iterable[Place]) -> list[Equation]:
        """The equations that name some places."""
        found = {id(e): e for place in places for e in self._naming.get(place, ())}
        return list(found.values())

    def _totals(self, cells: Iterable[Place]) -> dict[Place, Equation]:
        """The live totals that cells are part of, however deep."""
        found: dict[Place, Equation] = {}
        waiting = list(cells)
        while waiting:
            for total in self._users.get(waiting.pop(), ()):
                if total not in found:
                    found[total] = self._nets.live[total]
                    waiting.append(total)
        return found

    @cached_property
    def _naming(self) -> Mapping[Place, list[Equation]]:
        """The equations that can fail, by each place in them."""
        live, found = self._nets.live, dict[Place, list[Equation]]()
        for equation in all_equations(self._layout):
            if equation.target is None or live.get(equation.target) is not equation:
                for place in equation.places:
                    found.setdefault(place, []).append(equation)
        return found

    @cached_property
    def _users(self) -> Mapping[Place, list[Place]]:
        """The live totals that a place is part of."""
        found: dict[Place, list[Place]] = {}
        for target, equation in self._nets.live.items():
            for _, part in equation.right:
                found.setdefault(part, []).append(target)
        return found


def _amount(value: Value) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(0)


def _open(net: Net, unknown: frozenset[Place], known: Mapping[Place, Value]) -> list[Place]:
    """The cells of an equation that nobody knows yet."""
    return [cell for cell in net if cell in unknown and cell not in known]
