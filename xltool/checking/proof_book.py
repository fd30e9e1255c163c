"""Asks of one workbook whether what is left of its sums is rounding (L01): its equations as lines for the proof."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from xltool.checking.evaluate import total
from xltool.checking.proof import Conflict, Proved, prove
from xltool.checking.proof_exact import Line
from xltool.checking.verdicts import is_copy, unit_of
from xltool.layout.equation import Coefficient, Equation
from xltool.layout.layout import Layout, Place
from xltool.model import Value


class Answer(NamedTuple):
    """Whether rounding explains everything: proved, or disproved by a `conflict` of equations; None if nobody knows.

    `explained` is how many differences a proof explains.
    """

    proved: bool | None
    explained: int = 0
    conflict: tuple[Equation, ...] = ()


class Doubts(NamedTuple):
    """What a conflict says little of: rules that need not hold (`soft`), and cells that may be wrong, as was told.

    `follows` are the totals whose values come from other cells: one that adds up a doubtful cell is doubtful itself.
    """

    soft: Collection[str]
    wrong: Collection[Place]
    follows: Mapping[Place, Equation]

    def cells(self) -> set[Place]:
        """The cells that may be wrong, with all totals of them."""
        found, size = set(self.wrong), -1
        while size < len(found):
            size = len(found)
            found |= {total for total, sums in self.follows.items() if not found.isdisjoint(places_of(sums))}
        return found


def prove_rounding(
    equations: Sequence[Equation],
    off: Collection[Equation],
    doubts: Doubts,
    layout: Layout,
    values: Mapping[Place, Value],
) -> Answer:
    """Whether `equations`, each of which holds within its rounding, can hold at once; `off` are those that are off.

    Only what shares cells with these, or with what does, is looked at. A conflict is told if it is one without any
    doubtful cell, and preferably without soft rules; else the answer has to wait until what fails is put right.

    A total that a formula adds up counts as printed, as it does for the verdicts. What is exact (an amount in 元 with
    分, a blank or 0) is not rounded, except a 0 that is known to be the rounding of an amount.
    """
    units = _units(equations, layout, values)
    asked = _connected(equations, off, units)
    lines = [Line(_net(equation, units), _difference(equation, values)) for equation in asked]
    proof = prove(lines, units)
    if isinstance(proof, Proved):
        return Answer(True, len(off))
    if not isinstance(proof, Conflict):
        return Answer(None)
    doubtful = doubts.cells()
    sure = [i for i, equation in enumerate(asked) if doubtful.isdisjoint(places_of(equation))]
    hard = [i for i in sure if asked[i].rule not in doubts.soft]
    if set(proof.lines) <= set(hard):
        return Answer(False, conflict=tuple(asked[i] for i in proof.lines))
    for pool in (hard, sure) if len(hard) < len(sure) else (hard,):
        among = prove([lines[i] for i in pool], units)
        if isinstance(among, Conflict):
            return Answer(False, conflict=tuple(asked[pool[i]] for i in among.lines))
    return Answer(None)


def places_of(equation: Equation) -> list[Place]:
    """Every place that an equation names."""
    return [place for _, place in (*equation.left, *equation.right)]


def _units(equations: Sequence[Equation], layout: Layout, values: Mapping[Place, Value]) -> dict[Place, Decimal]:
    """What each cell is rounded to; exact ones are left out."""
    zeros = _rounded_zeros(equations, values)
    units: dict[Place, Decimal] = {}
    for place in dict.fromkeys(place for equation in equations for place in places_of(equation)):
        value = values.get(place)
        if place in zeros:
            units[place] = layout.unit(place)
        elif isinstance(value, Decimal) and value:
            units[place] = unit_of(value, layout.unit(place))
    return {place: unit for place, unit in units.items() if unit}


def _connected(
    equations: Sequence[Equation], unexplained: Iterable[Equation], units: Mapping[Place, Decimal]
) -> list[Equation]:
    """Those that share a rounded cell with an unexplained one, or with one that does, and so on; in their order."""
    users: dict[Place, list[int]] = {}
    for i, equation in enumerate(equations):
        for place in places_of(equation):
            if place in units:
                users.setdefault(place, []).append(i)
    reached = {place for equation in unexplained for place in places_of(equation) if place in users}
    waiting, found = list(reached), set[int]()
    while waiting:
        for i in users[waiting.pop()]:
            if i not in found:
                found.add(i)
                new = {place for place in places_of(equations[i]) if place in users} - reached
                reached |= new
                waiting += new
    return [equations[i] for i in sorted(found)]


def _net(equation: Equation, units: Mapping[Place, Decimal]) -> dict[Place, Coefficient]:
    """left - right over the rounded cells."""
    net: dict[Place, Coefficient] = {}
    for sign, side in ((1, equation.left), (-1, equation.right)):
        for coefficient, place in side:
            if place in units:
                net[place] = net.get(place, 0) + sign * coefficient
    return {place: coefficient for place, coefficient in net.items() if coefficient}


def _difference(equation: Equation, values: Mapping[Place, Value]) -> Decimal:
    left, right = equation.constants
    return total(equation.left, values) + left - total(equation.right, values) - right


def _rounded_zeros(equations: Iterable[Equation], values: Mapping[Place, Value]) -> set[Place]:
    """Cells printed 0 (or blank) that stand for an amount: another table prints it finer, as 0.40.

    So may the cells do that such a 0 is added up from, or added up to, where all of them are 0.
    """
    found: set[Place] = set()
    for equation in equations:
        if is_copy(equation):
            zeros = {place for place in places_of(equation) if not values.get(place)}
            if len(zeros) == 1:
                found |= zeros
    if found:
        nothing = [places for places in map(places_of, equations) if not any(map(values.get, places))]
        size = 0
        while size < len(found):
            size = len(found)
            found.update(*(places for places in nothing if not found.isdisjoint(places)))
    return found
