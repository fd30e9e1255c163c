"""Puts failing equations that share a cause together, with the cell that stands alone against the others first."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from xltool.equations.nets import Net, Nets
from xltool.equations.verdicts import Outcome
from xltool.layout.block import Place
from xltool.layout.equation import Coefficient, Equation
from xltool.model import Value


class Suspect(NamedTuple):
    """A typed cell, and what must be added to it so that failing equations hold."""

    cell: Place
    change: Decimal


class Group(NamedTuple):
    """Outcomes that one change of one typed cell would mend.

    `suspects` are the cells that would do, the likeliest first; `culprit` is the one that stands out among those of
    several outcomes, if one does and is no blank that would have to be less than 0. `cell` is where to look: the
    culprit, or the total (or left side) of the outcome that the fewest typed cells are part of.
    """

    cell: Place
    outcomes: tuple[Outcome, ...]
    suspects: tuple[Suspect, ...]
    culprit: Suspect | None = None


class _Rank(NamedTuple):
    """Low for a likely culprit: its right value is an amount, neither negative nor 0, few equations that hold speak
    for it, it looks like a slip of the keyboard, it is a total that is typed in."""

    loses_its_amount: bool
    witnesses: int
    is_no_slip: bool
    is_no_total: bool


class _Failure(NamedTuple):
    """A failing equation as seen from one cell: the change that mends it, how exactly that is known, its number."""

    change: Decimal
    slack: Decimal
    number: int


class Grouper:
    """Groups the failures of one workbook.

    `nets` spell out the cells whose values follow from others (blank totals too), `totals` could have a formula.
    """

    def __init__(self, nets: Nets, values: Mapping[Place, Value], totals: Collection[Place]) -> None:
        self._nets = nets
        self._passing: list[Equation] = []
        self._values = values
        self._totals = totals
        self._known: dict[int, Net] = {}
        self._counted: dict[Place, int] = {}

    def groups(self, failing: list[Outcome], passing: list[Equation]) -> list[Group]:
        """The failures in as few groups as a greedy choice gives; each failure stands in one group, in its order.

        `passing` are the equations that hold, but not those of live cells. A failing inequality joins the group whose
        culprit would mend it, else it stands alone: it does not say which change would.
        """
        equalities = [outcome for outcome in failing if not outcome.equation.is_inequality]
        groups = self._equal_groups(equalities, passing)
        for outcome in failing:
            if outcome.equation.is_inequality:
                _add_inequality(groups, outcome, self._cells(outcome.equation))
        return groups

    def _equal_groups(self, failing: list[Outcome], passing: list[Equation]) -> list[Group]:
        self._passing = passing
        seen_from: dict[Place, list[_Failure]] = {}
        for i, outcome in enumerate(failing):
            for suspect, slack in self._suspects(outcome):
                seen_from.setdefault(suspect.cell, []).append(_Failure(suspect.change, slack, i))
        suspects: dict[tuple[int, ...], list[Suspect]] = {}
        for cell, failures in seen_from.items():
            for change, found in _with_one_change(failures):
                suspects.setdefault(found, []).append(Suspect(cell, change))
        alone = dict.fromkeys(range(len(failing)))
        groups: list[tuple[int, Group]] = []
        waiting = [(-len(found), found) for found in suspects]
        heapq.heapify(waiting)
        while waiting:
            count, found = heapq.heappop(waiting)
            left = [i for i in found if i in alone]
            if len(left) == -count:
                groups.append((left[0], self._group([failing[i] for i in left], suspects[found])))
                for i in left:
                    del alone[i]
            elif len(left) > 1:
                heapq.heappush(waiting, (-len(left), found))
        groups += [
            (i, self._group([failing[i]], [suspect for suspect, _ in self._suspects(failing[i])])) for i in alone
        ]
        return [group for _, group in sorted(groups, key=lambda item: item[0])]

    def _group(self, outcomes: list[Outcome], suspects: list[Suspect]) -> Group:
        ranks = {suspect: self._rank(suspect) for suspect in suspects}
        likely = tuple(sorted(suspects, key=lambda s: (ranks[s], not self._values.get(s.cell), s)))
        first, second = ranks[likely[0]], ranks[likely[1]] if len(likely) > 1 else None
        is_blank_below_zero = not self._values.get(likely[0].cell) and likely[0].change < 0
        if len(outcomes) > 1 and (second is None or first < second) and not is_blank_below_zero:
            return Group(likely[0].cell, tuple(outcomes), likely, likely[0])
        narrowest = min((outcome.equation for outcome in outcomes), key=self._width)
        return Group((narrowest.left or narrowest.right)[0].place, tuple(outcomes), likely)

    def _width(self, equation: Equation) -> tuple[int, bool]:
        """How many typed cells an equation comes from, and whether it names none of them itself."""
        cells = self._cells(equation)
        return len(cells), not any(place in cells for place in equation.places)

    def _suspects(self, outcome: Outcome) -> Iterator[tuple[Suspect, Decimal]]:
        """The typed cells of a failing equation, with the change of each that mends it and how exact that is."""
        for cell, coefficient in self._cells(outcome.equation).items():
            change = outcome.difference if coefficient == -1 else -outcome.difference / coefficient
            yield Suspect(cell, change), outcome.tolerance

    def _rank(self, suspect: Suspect) -> _Rank:
        cell, change = suspect
        value = self._values.get(cell)
        typed = value if isinstance(value, Decimal) else Decimal(0)
        right = typed + change
        loses = right < 0 or (typed != 0 and right == 0)
        return _Rank(loses, self._witnesses(cell), not is_slip(typed, right), cell not in self._totals)

    def _witnesses(self, cell: Place) -> int:
        """How many equations that hold a change of a typed cell would break; not one with the cell on both sides."""
        if cell not in self._counted:
            effect: Net = {}
            pending: list[tuple[Place, Coefficient]] = [(cell, 1)]
            while pending:
                place, factor = pending.pop()
                effect[place] = effect.get(place, 0) + factor
                pending += [(total, factor * coefficient) for total, coefficient in self._users.get(place, ())]
            touched = {number for place in effect for number in self._holding.get(place, ())}
            self._counted[cell] = sum(_moves(self._passing[number], effect) for number in touched)
        return self._counted[cell]

    @cached_property
    def _holding(self) -> Mapping[Place, list[int]]:
        """The equations that hold, by each cell in them."""
        found: dict[Place, list[int]] = {}
        for number, equation in enumerate(self._passing):
            for place in equation.places:
                found.setdefault(place, []).append(number)
        return found

    @cached_property
    def _users(self) -> Mapping[Place, list[tuple[Place, Coefficient]]]:
        """The live totals that a cell is a part of, with its coefficient there."""
        users: dict[Place, list[tuple[Place, Coefficient]]] = {}
        for target, equation in self._nets.live.items():
            for coefficient, part in equation.right:
                users.setdefault(part, []).append((target, coefficient))
        return users

    def _cells(self, equation: Equation) -> Net:
        """The typed cells of left - right, with their net coefficients."""
        known = self._known.get(id(equation))
        if known is None:
            known = self._known[id(equation)] = self._nets.of(equation)
        return known


def _add_inequality(groups: list[Group], outcome: Outcome, cells: Net) -> None:
    """Add a failing inequality, with its typed cells, to the group whose culprit mends it, or as a new one."""
    equation = outcome.equation
    for i, group in enumerate(groups):
        if group.culprit is not None and group.culprit.cell in cells:
            difference = outcome.difference + cells[group.culprit.cell] * group.culprit.change
            if (difference if equation.relation == "<=" else -difference) <= outcome.tolerance:
                groups[i] = group._replace(outcomes=(*group.outcomes, outcome))
                return
    groups.append(Group((equation.left or equation.right)[0].place, (outcome,), ()))


def _moves(equation: Equation, effect: Net) -> bool:
    """Whether an equation no longer holds when cells change by `effect`."""
    left, right = (
        sum(factor * effect.get(place, 0) for factor, place in side) for side in (equation.left, equation.right)
    )
    return left != right


def _with_one_change(failures: list[_Failure]) -> Iterator[tuple[Decimal, tuple[int, ...]]]:
    """The failures of one cell, two or more, that the same change mends, each within its tolerance."""
    while len(failures) > 1:
        best: list[_Failure] = []
        change = failures[0].change
        for candidate in sorted(dict.fromkeys((f.slack, f.change) for f in failures)):
            fitting = [f for f in failures if abs(f.change - candidate[1]) <= f.slack]
            if len(fitting) > len(best):
                best, change = fitting, candidate[1]
            if len(best) == len(failures):
                break
        if len(best) < 2:
            return
        yield change, tuple(f.number for f in best)
        failures = [f for f in failures if f not in best]


def is_slip(typed: Decimal, right: Decimal) -> bool:
    """Whether `typed` looks like `right` mistyped: with the other sign, another decimal point, two digits swapped."""
    if not typed or not right:
        return False
    if typed == -right or _digits(typed) == _digits(right):
        return True
    exponent = min(int(typed.as_tuple().exponent), int(right.as_tuple().exponent))
    one, other = (str(int(abs(number).scaleb(-exponent))) for number in (typed, right))
    differing = [i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b]
    is_pair = len(one) == len(other) and len(differing) == 2 and differing[1] == differing[0] + 1
    return is_pair and sorted(one) == sorted(other)


def _digits(number: Decimal) -> str:
    """The digits without zeros at either end, wherever the decimal point is."""
    return "".join(map(str, number.as_tuple().digits)).strip("0")
