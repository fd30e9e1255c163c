"""Tries a guess: which equations that failed hold once it is undone, and whether any breaks."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Collection, Iterable, Mapping, MutableMapping, Set
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from xltool.checking.check import Checked
from xltool.diagnose.lines.guess import Guess
from xltool.diagnose.lines.ties import Tie, Tied, tied
from xltool.equations.evaluate import compute, sides
from xltool.equations.instances import all_equations
from xltool.equations.nets import Net, Nets
from xltool.equations.verdicts import Figures, Outcome, evaluate
from xltool.layout.block import Place
from xltool.layout.equation import Equation
from xltool.model import Severity, Value, Verdict

_TOLERATED = 10
"""One in so many of the failures that a guess concerns may be left: there may be another mistake."""

_EASED = 50
"""An equation that then is off by so many times less was off because of the guess, and is off by another mistake."""


class Undone(NamedTuple):
    """What undoing a guess gives: the failures that it clears, and what each of its cells then holds.

    Those that still fail, but for hardly anything, are `eased`. Equations of cells of which nothing tells what they
    should hold say nothing, and are among those cleared. `found` are the cells of which it was found out,
    and is something else than what stands there. `proof` is how many equalities more bear it out than were needed to
    find these out.
    """

    guess: Guess
    cleared: list[Outcome]
    eased: list[Outcome]
    values: Mapping[Place, Value]
    found: frozenset[Place]
    proof: int

    @property
    def equalities(self) -> list[Outcome]:
        """The equalities that it clears or eases: an inequality says little of what should stand somewhere."""
        return [outcome for outcome in (*self.cleared, *self.eased) if not outcome.equation.is_inequality]

    def explains(self, other: Undone) -> bool:
        """Whether it clears all that another one clears, and eases at least what that eases."""
        cleared = {id(outcome.equation) for outcome in self.cleared}
        better = cleared.union(id(outcome.equation) for outcome in self.eased)
        return all(id(o.equation) in cleared for o in other.cleared) and all(
            id(o.equation) in better for o in other.eased
        )


class Trials:
    """Tries guesses on one checked book."""

    def __init__(self, checked: Checked) -> None:
        book = checked.book
        self._layout = book.layout
        self._values = book.values
        self._nets = Nets(book.live) if checked.blank else checked.nets
        self._figures = Figures(book.layout, book.values, book.live)
        self._known_nets: dict[int, Net] = {}
        self._rules = checked.rules
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
        if any(map(self.is_binding, (outcome.equation for outcome in failing))):
            touched = list(filter(self.is_binding, touched))
        values: ChainMap[Place, Value] = ChainMap(dict(guess.changes), self._values)
        known = self._solved(guess.unknown, touched, values)
        if any(isinstance(v, Decimal) and v < 0 and not self._layout.may_be_negative(p) for p, v in known.items()):
            return None
        values.update(known)
        unsolved = guess.unknown - known.keys()
        ties = self._tied(unsolved, touched, values, known.keys())
        contradicted = {id(equation) for equation in ties.contradicted}
        binding = {id(equation) for equation in touched}
        refuting = [o for o in failing if id(o.equation) in binding and not self.is_of_last_digits(o)]
        most_left = len(refuting) // _TOLERATED
        far = [o for o in refuting if self._is_far_off(o, values, unsolved, known.keys())]
        if sum(1 for outcome in far if not self._is_eased(outcome, values)) > most_left:
            return None
        compute(values, totals)
        cleared = [
            outcome
            for outcome in failing
            if id(outcome.equation) not in contradicted
            and self._holds(outcome.equation, values, unsolved, known.keys())
        ]
        held = {id(outcome.equation) for outcome in cleared}
        left = [outcome for outcome in refuting if id(outcome.equation) not in held]
        eased = [outcome for outcome in left if self._is_eased(outcome, values)]
        if len(left) - len(eased) > most_left:
            return None
        sound = [e for e in touched if id(e) not in self._failing and id(e) not in self._undecided]
        if not all(self._holds(equation, values, unsolved, known.keys()) for equation in sound):
            return None
        if any(id(equation) in contradicted for equation in sound):
            return None
        found = frozenset(place for place, value in known.items() if _amount(value) != _amount(self._values.get(place)))
        proof = self._proof([outcome.equation for outcome in cleared], sound, found, unsolved)
        proof += sum(1 for equation in ties.confirmed if id(equation) in self._failing)
        return Undone(guess, cleared, eased, {**guess.changes, **known}, found, proof)

    def of(self, cells: Collection[Place]) -> list[Equation]:
        """The equations that say something of some typed cells."""
        touched = self._touched((*cells, *self._totals(cells)))
        return [e for e in touched if e.left and e.right and id(e) not in self._undecided]

    def off(self, equation: Equation) -> Decimal:
        """left - right, as it is."""
        left, right = sides(equation, self._values)
        return left - right

    def is_binding(self, equation: Equation) -> bool:
        """Whether an equation can refute a guess: not if it need not hold, or lacks the row of another table."""
        is_soft = self._rules[equation.rule].severity is Severity.WARNING
        return not is_soft and bool(equation.left and equation.right)

    def _proof(
        self, cleared: Iterable[Equation], sound: Iterable[Equation], found: Set[Place], unsolved: Set[Place]
    ) -> int:
        """How many equalities hold that need not, had the cells found out other figures."""
        nets = [self.net(equation) for equation in cleared if not equation.is_inequality]
        others = (e for e in sound if not e.is_inequality and not self._says_nothing(e))
        nets += [net for net in map(self.net, others) if not found.isdisjoint(net)]
        return sum(1 for net in nets if unsolved.isdisjoint(net)) - len(found)

    def _is_eased(self, outcome: Outcome, values: Mapping[Place, Value]) -> bool:
        """Whether hardly anything is left of what an equality is off by."""
        off = abs(self._difference(outcome, values))
        return not outcome.equation.is_inequality and _EASED * off < abs(outcome.difference)

    def _difference(self, outcome: Outcome, values: Mapping[Place, Value]) -> Decimal:
        """What an equation is off by then, as its typed cells show before any total is worked out."""
        off = outcome.difference
        for cell, factor in self.net(outcome.equation).items():
            off += factor * (_amount(values.get(cell)) - _amount(self._values.get(cell)))
        return off

    def _is_far_off(
        self, outcome: Outcome, values: Mapping[Place, Value], unsolved: frozenset[Place], solved: Set[Place]
    ) -> bool:
        """Whether no rounding can make an equality hold, as its typed cells show before any total is worked out."""
        equation, net = outcome.equation, self.net(outcome.equation)
        if equation.is_inequality or not unsolved.isdisjoint(net):
            return False
        return abs(self._difference(outcome, values)) > self._leeway(equation, solved)

    def _holds(
        self, equation: Equation, values: Mapping[Place, Value], unsolved: frozenset[Place], solved: Set[Place]
    ) -> bool:
        if unsolved and not unsolved.isdisjoint(self.net(equation)):
            return True
        outcome = evaluate(equation, self._layout, values, self._nets.live)
        if outcome is None or outcome.verdict is not Verdict.FAIL or self._says_nothing(equation):
            return True
        if not solved.isdisjoint(self.net(equation)) and abs(outcome.difference) <= self._leeway(equation, solved):
            return True
        is_rounding = bool(unsolved) and abs(outcome.difference) <= self.reach(equation)
        return is_rounding and not self._totals(unsolved).keys().isdisjoint(equation.places)  # it adds up unknown cells

    def _says_nothing(self, equation: Equation) -> bool:
        """Whether a rule that does not fail has nothing on one side as it is: its table may not be filled in yet."""
        if equation.structural or id(equation) in self._failing:
            return False
        sides = (equation.left, equation.right)
        return not all(any(self._values.get(place) for _, place in side) for side in sides)

    def is_of_last_digits(self, outcome: Outcome) -> bool:
        """Whether it is off by no more than rounding every figure that is typed in it may come to."""
        filled = {cell: f for cell, f in self.net(outcome.equation).items() if self._values.get(cell) is not None}
        return abs(outcome.difference) <= self._slack(filled) / 2

    def are_alike(self, one: Outcome, other: Outcome, cell: Place) -> bool:
        """Whether two equations are off by a cell of both: by the same, but for rounding."""
        apart = abs(one.difference / self.net(one.equation)[cell] - other.difference / self.net(other.equation)[cell])
        return apart <= self.reach(one.equation) + self.reach(other.equation)

    def agreeing(self, undone: Undone) -> set[Decimal]:
        """The figures that a guess puts back and that then agree with figures that were there, each once.

        Where cells were found out, that takes as many equations; those beyond show what was put back as well.
        """
        guess, shown, solved = undone.guess, set[Decimal](), list[Decimal]()
        for outcome in undone.equalities:
            net = self.net(outcome.equation)
            moved = [factor * self._more(cell, guess.changes) for cell, factor in net.items() if cell in guess.changes]
            if guess.unknown.isdisjoint(net):
                shown.add(abs(sum(moved, Decimal(0))))
            elif all(cell in undone.values for cell in net if cell in guess.unknown):
                solved.append(abs(sum(moved, Decimal(0))))
        return shown.union(solved if len(solved) > len(undone.found) else ())

    def _more(self, cell: Place, changes: Mapping[Place, Value]) -> Decimal:
        """By how much more stands in a cell after some changes."""
        return _amount(changes[cell]) - _amount(self._values.get(cell))

    def reach(self, equation: Equation) -> Decimal:
        """By how much an equation may be off by rounding."""
        units = [abs(Decimal(a)) * self._layout.rounding.get(p, self._layout.unit(p)) for a, p in equation.terms]
        return Decimal(0) if self._figures.is_copy(equation) and len(set(units)) == 1 else sum(units, Decimal(0)) / 2

    def _leeway(self, equation: Equation, solved: Set[Place]) -> Decimal:
        """By how much an equation may be off where some cells were worked out from others."""
        net, reach = self.net(equation), self.reach(equation)
        return reach if solved.isdisjoint(net) else max(reach, self._slack(net))

    def _slack(self, net: Net) -> Decimal:
        """By how much an equation may be off of which a cell was worked out from others, with the rounding of all."""
        return sum((abs(Decimal(factor)) * self._layout.unit(cell) for cell, factor in net.items()), Decimal(0))

    def _solved(
        self, unknown: frozenset[Place], equations: Iterable[Equation], values: MutableMapping[Place, Value]
    ) -> dict[Place, Value]:
        """What the equations say that unknown cells hold, one after the other, the most exact equations first.

        What a cell holds now stays where the rounding of that equation explains it, as far as that is likely.
        """
        nets = [(self.net(e), e) for e in equations if not e.is_inequality] if unknown else []
        own = [(net, e) for net, e in nets if not unknown.isdisjoint(net)]
        waiting = sorted(own, key=lambda item: (self._slack(item[0]), len(item[0])))
        known: dict[Place, Value] = {}
        within: dict[Place, Decimal] = {}
        blank: dict[Place, Value] = dict.fromkeys(unknown)
        while (ready := next((one for one in waiting if len(_open(one[0], unknown, known)) < 2), None)) is not None:
            waiting.remove(ready)
            net, equation = ready
            for cell in _open(net, unknown, known):
                rest = _off(equation, net, ChainMap(known, blank, values))
                within[cell] = self.reach(equation) / abs(Decimal(net[cell]))
                known[cell] = self._likely(cell, -rest / net[cell], within[cell])
        self._settle(
            [(net, e) for net, e in own if unknown.isdisjoint(net.keys() - known.keys())], known, within, values
        )
        return known

    def _settle(
        self,
        sums: Iterable[tuple[Net, Equation]],
        known: dict[Place, Value],
        within: Mapping[Place, Decimal],
        values: MutableMapping[Place, Value],
    ) -> None:
        """Let what was found out `within` some rounding agree with equations of which less is rounded."""
        for net, equation in sums:
            there = ChainMap(known, values)
            filled = [cell for cell in net if _amount(there.get(cell))]
            reach = Decimal(0) if len(filled) == 2 else self.reach(equation)
            off = _off(equation, net, there)
            loosest = max(filter(within.__contains__, net), key=within.__getitem__, default=None)
            if loosest is not None and reach < abs(off) <= within[loosest] * abs(Decimal(net[loosest])):
                known[loosest] = self._rounded(_amount(known[loosest]) - off / net[loosest], loosest)

    def _tied(
        self,
        unsolved: frozenset[Place],
        equations: Iterable[Equation],
        values: Mapping[Place, Value],
        solved: Set[Place],
    ) -> Tied[Equation]:
        """Which equations of cells that nobody knows follow from others, and which contradict them."""
        ties: list[Tie[Equation]] = []
        for equation in equations if unsolved else ():
            net = self.net(equation)
            if equation.is_inequality or unsolved.isdisjoint(net) or self._says_nothing(equation):
                continue
            rest = equation.constants[0] - equation.constants[1]
            for cell, factor in net.items():
                rest += factor * _amount(values.get(cell)) if cell not in unsolved else 0
            factors = {cell: Fraction(factor) for cell, factor in net.items() if cell in unsolved}
            ties.append(Tie(equation, factors, Fraction(-rest), Fraction(self._leeway(equation, solved))))
        return tied(sorted(ties, key=lambda tie: (tie.reach, len(tie.factors))))

    def _likely(self, cell: Place, right: Decimal, reach: Decimal) -> Value:
        """What a cell holds that should hold about `right`."""
        now = self._values.get(cell)
        near = min(reach, 2 * self._layout.unit(cell))
        if abs(right - _amount(now)) <= near:
            return now
        if abs(right) <= near:
            return None
        return None if -reach <= right < 0 and not self._layout.may_be_negative(cell) else self._rounded(right, cell)

    def _rounded(self, value: Decimal, cell: Place) -> Decimal | None:
        unit = self._layout.unit(cell)
        return (value.quantize(unit, ROUND_HALF_UP) if unit else value) or None

    def net(self, equation: Equation) -> Net:
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


def _off(equation: Equation, net: Net, values: Mapping[Place, Value]) -> Decimal:
    """What left - right comes to."""
    rest = equation.constants[0] - equation.constants[1]
    return rest + sum((factor * _amount(values.get(cell)) for cell, factor in net.items()), Decimal(0))


def _open(net: Net, unknown: frozenset[Place], known: Mapping[Place, Value]) -> list[Place]:
    """The cells of an equation that nobody knows yet."""
    return [cell for cell in net if cell in unknown and cell not in known]
