"""Asks of one workbook whether what is left of its sums is rounding (L01), its equations being the conditions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from xltool.checking.proof.exact import Condition
from xltool.checking.proof.proof import Conflict, Proved, prove
from xltool.equations.evaluate import sides
from xltool.equations.nets import Net, Nets
from xltool.layout.block import Place
from xltool.layout.equation import Equation
from xltool.layout.layout import Layout
from xltool.model import Value


class Answer(NamedTuple):
    """Whether rounding explains everything: proved, or disproved by a `conflict` of equations; None if nobody knows.

    `explained` is how many differences a proof explains.
    """

    proved: bool | None
    explained: int = 0
    conflict: tuple[Equation, ...] = ()


class Question(NamedTuple):
    """What is asked of one workbook: whether `equations`, each of which holds within its rounding, can hold at once.

    `off` are those among them with a difference to explain, `nets` spell out the totals that come from other cells.
    `zeros` are printed zeros that may stand for an amount, as without them some of those could not hold.
    A conflict says little of `soft` rules, which need not hold, and of cells that may be `wrong`, as was told already.
    """

    equations: Sequence[Equation]
    off: Collection[Equation]
    nets: Nets
    zeros: Collection[Place]
    soft: Collection[str]
    wrong: Collection[Place]

    def doubtful(self) -> set[Place]:
        """The cells that may be wrong, with all totals of them."""
        found, size = set(self.wrong), -1
        while size < len(found):
            size = len(found)
            found |= {total for total, sums in self.nets.live.items() if not found.isdisjoint(sums.places)}
        return found


def prove_rounding(question: Question, layout: Layout, values: Mapping[Place, Value]) -> Answer:
    """Whether the equations can hold at once; only those that have to do with a difference are looked at.

    A conflict is told if it is one without any doubtful cell, and preferably without soft rules; else the answer has
    to wait until what fails is put right.

    Rounded are the cells that are typed in; a total that a formula adds up stands for the cells that it comes from.
    What is exact (an amount in 元 with 分, a blank or 0) is not rounded, except a 0 that is known to be the rounding of
    an amount.
    """
    units = _units(question, layout, values)
    nets = [(equation, question.nets.of(equation)) for equation in question.equations]
    rounded = [(equation, {cell: net[cell] for cell in net if cell in units}) for equation, net in nets]
    asked = _connected(rounded, question.off)
    conditions = [Condition(net, _difference(equation, values)) for equation, net in asked]
    proof = prove(conditions, units)
    if isinstance(proof, Proved):
        return Answer(True, len(question.off))
    if not isinstance(proof, Conflict):
        return Answer(None)
    doubtful = question.doubtful()
    sure = [i for i, (equation, _) in enumerate(asked) if doubtful.isdisjoint(equation.places)]
    hard = [i for i in sure if asked[i][0].rule not in question.soft]
    if set(proof.conditions) <= set(hard):
        return Answer(False, conflict=tuple(asked[i][0] for i in proof.conditions))
    for pool in (hard, sure) if len(hard) < len(sure) else (hard,):
        among = prove([conditions[i] for i in pool], units)
        if isinstance(among, Conflict):
            return Answer(False, conflict=tuple(asked[pool[i]][0] for i in among.conditions))
    return Answer(None)


def _units(question: Question, layout: Layout, values: Mapping[Place, Value]) -> dict[Place, Decimal]:
    """What each cell is rounded to; exact ones are left out."""
    zeros = _rounded_zeros(question, values)
    units: dict[Place, Decimal] = {}
    for place in dict.fromkeys(place for equation in question.equations for place in equation.places):
        value = values.get(place)
        if place in zeros:
            units[place] = layout.unit(place)
        elif isinstance(value, Decimal) and value:
            units[place] = layout.unit_of(place, value)
    return {place: unit for place, unit in units.items() if unit}


def _connected(equations: Sequence[tuple[Equation, Net]], off: Iterable[Equation]) -> list[tuple[Equation, Net]]:
    """Those that share a rounded cell with one that is off, or with one that does, and so on; in their order."""
    users: dict[Place, list[int]] = {}
    for i, (_, net) in enumerate(equations):
        for place in net:
            users.setdefault(place, []).append(i)
    wanted = {id(equation) for equation in off}
    found = {i for i, (equation, _) in enumerate(equations) if id(equation) in wanted}
    waiting, reached = list(found), set[Place]()
    while waiting:
        for place in equations[waiting.pop()][1].keys() - reached:
            reached.add(place)
            new = set(users[place]) - found
            found |= new
            waiting += new
    return [equations[i] for i in sorted(found)]


def _difference(equation: Equation, values: Mapping[Place, Value]) -> Decimal:
    left, right = sides(equation, values)
    return left - right


def _rounded_zeros(question: Question, values: Mapping[Place, Value]) -> set[Place]:
    """Cells printed 0 (or blank) that stand for an amount: another table prints it finer, as 0.40, or a sum needs it.

    So may the cells do that such a 0 is added up from, or added up to, where all of them are 0.
    """
    found = set(question.zeros)
    for equation in question.equations:
        if equation.is_copy:
            zeros = {place for place in equation.places if not values.get(place)}
            if len(zeros) == 1:
                found |= zeros
    if found:
        every = [equation.places for equation in question.equations]
        nothing = [places for places in every if not any(map(values.get, places))]
        size = 0
        while size < len(found):
            size = len(found)
            found.update(*(places for places in nothing if not found.isdisjoint(places)))
    return found
