"""Made-up budget figures: at random, or such that every rule of the template holds."""

from __future__ import annotations

import random
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from itertools import count

from xltool.checking.equations import formulas, rule_equations
from xltool.checking.evaluate import compute
from xltool.checking.filling import Filled
from xltool.layout.equation import Equation, Term
from xltool.layout.layout import Layout, Place
from xltool.layout.outline import default_outline
from xltool.layout.plan import plan
from xltool.model import Value
from xltool.template.loader import load_template

Combination = dict[Place, Fraction]


def default_layout(template: str) -> Layout:
    """The layout of a new workbook."""
    spec = load_template(template)
    return plan(spec, default_outline(spec))


def consistent(template: str, seed: int = 1) -> Filled:
    """A workbook in which every rule holds: some inputs are drawn, the others solved from the rules.

    Figures that an inequality does not fit are drawn again.
    """
    layout = default_layout(template)
    live = formulas(layout)
    solved: dict[Place, Combination] = {}
    equations = list(rule_equations(layout))
    orders = [_combination(equation, live) for equation in equations if equation.is_inequality]
    ordered = {place for row in orders for place in row}
    for equation in equations:
        if not equation.is_inequality:
            _solve_into(solved, _combination(equation, live), ordered)
    bound = set(solved) | {place for row in solved.values() for place in row}
    low = {place for row in orders for place in _only_lowered(row, bound)}
    for attempt in count(seed):
        drawn = {place: Decimal(0) if place in low else value for place, value in _draw(layout, attempt).items()}
        inputs: dict[Place, Fraction] = {}
        for place in _inputs(layout, live):
            known = solved.get(place)
            combination = {place: Fraction(1)} if known is None else known
            inputs[place] = sum((weight * Fraction(drawn[other]) for other, weight in combination.items()), Fraction(0))
        if _put_in_order(inputs, orders, bound):
            break
    numbers = {place: Decimal(number.numerator) / number.denominator for place, number in inputs.items()}
    return filled(layout, {place: number or None for place, number in numbers.items()})


def scattered(template: str, seed: int = 1) -> Filled:
    """A workbook with figures in about every other input."""
    layout = default_layout(template)
    drawn, chance = _draw(layout, seed), random.Random(seed)
    inputs = _inputs(layout, formulas(layout))
    return filled(layout, {place: drawn[place] for place in inputs if chance.random() < 0.5})


def filled(layout: Layout, values: Mapping[Place, Value]) -> Filled:
    """The workbook with these inputs; totals computed."""
    computed: dict[Place, Value] = dict(values)
    live = compute(computed, formulas(layout))
    return Filled(layout, {place: value for place, value in computed.items() if value is not None}, live)


def _inputs(layout: Layout, live: Mapping[Place, Equation]) -> list[Place]:
    return [place for place in _amounts(layout) if place not in live]


def _amounts(layout: Layout) -> list[Place]:
    return [place for block in layout.blocks for place in sorted(block.figures(("amount",)))]


def _draw(layout: Layout, seed: int) -> dict[Place, Decimal]:
    chance = random.Random(seed)
    decimals = min(layout.decimals(place) for block in layout.blocks for place in block.figures())
    return {place: Decimal(chance.randrange(1, 90000)).scaleb(-decimals) for place in _amounts(layout)}


def _combination(equation: Equation, live: Mapping[Place, Equation]) -> Combination:
    """The difference of an equation's sides in terms of inputs; that of an inequality is to be 0 or more."""
    row: Combination = {}
    _add(row, equation.left, live, -1 if equation.relation == "<=" else 1)
    _add(row, equation.right, live, 1 if equation.relation == "<=" else -1)
    return row


def _add(row: Combination, terms: tuple[Term, ...], live: Mapping[Place, Equation], factor: Fraction | int) -> None:
    """Add terms to a combination of inputs, totals replaced by what they add up."""
    for coefficient, place in terms:
        weight = Fraction(coefficient) * factor
        if place in live:
            _add(row, live[place].right, live, weight)
        else:
            row[place] = row.get(place, Fraction(0)) + weight


def _only_lowered(row: Combination, bound: set[Place]) -> list[Place]:
    """What makes a combination less, where an equation speaks of everything that could make it more."""
    if any(weight == 1 and place not in bound for place, weight in row.items()):
        return []
    return [place for place, weight in row.items() if weight < 0]


def _put_in_order(inputs: dict[Place, Fraction], orders: list[Combination], bound: set[Place]) -> bool:
    """Make every combination 0 or more by what no equation speaks of: nothing in it, or as much as is lacking.

    False if that cannot be done.
    """
    free = {place for row in orders for place in row} - bound
    inputs.update(dict.fromkeys(free, Fraction(0)))
    for row in orders:
        lacking = -sum((weight * inputs[place] for place, weight in row.items()), Fraction(0))
        if lacking > 0:
            raisable = [place for place, weight in row.items() if weight == 1 and place in free]
            if not raisable:
                return False
            inputs[raisable[0]] += lacking
    return True


def _solve_into(solved: dict[Place, Combination], row: Combination, ordered: set[Place]) -> None:
    """One step of Gauss's elimination: solve `row` = 0 for one input, and put it into all that is solved.

    The inputs that an inequality speaks of are drawn if possible: what is solved for may come out below zero.
    """
    for place in [place for place in row if place in solved]:
        weight = row.pop(place)
        for other, coefficient in solved[place].items():
            row[other] = row.get(other, Fraction(0)) + weight * coefficient
    row = {place: weight for place, weight in row.items() if weight}
    if not row:
        return
    pivot = max(row, key=lambda place: (abs(row[place]) == 1, place not in ordered, place))
    weight = row.pop(pivot)
    answer = {place: -coefficient / weight for place, coefficient in row.items()}
    for combination in solved.values():
        if pivot in combination:
            share = combination.pop(pivot)
            for place, coefficient in answer.items():
                combination[place] = combination.get(place, Fraction(0)) + share * coefficient
    solved[pivot] = answer
