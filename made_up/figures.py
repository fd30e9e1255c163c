"""Made-up budget figures: at random, or such that every rule of the template holds."""

from __future__ import annotations

import random
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

import numpy as np
from scipy.optimize import LinearConstraint, milp
from scipy.sparse import csc_matrix, hstack, identity, lil_matrix

from xltool.equations.evaluate import compute
from xltool.equations.filling import Filled
from xltool.equations.instances import formulas, rule_equations
from xltool.layout.block import Place
from xltool.layout.equation import Equation, Term
from xltool.layout.layout import Layout
from xltool.layout.outline import default_outline
from xltool.layout.plan import plan
from xltool.library import load_template
from xltool.model import Value

Combination = dict[Place, Fraction]


def default_layout(template: str) -> Layout:
    """The layout of a new workbook."""
    spec = load_template(template)
    return plan(spec, default_outline(spec))


def consistent(template: str, seed: int = 1) -> Filled:
    """A new workbook in which every rule holds, see `agreeing`."""
    return agreeing(default_layout(template), seed)


def agreeing(layout: Layout, seed: int = 1) -> Filled:
    """The workbook of a layout in which every rule holds, as near to figures drawn at random as the rules allow."""
    live = formulas(layout)
    rows = [(_combination(equation, live), equation.is_inequality) for equation in rule_equations(layout)]
    drawn = _draw(layout, seed)
    places = typed_amounts(layout, live)
    unit = Decimal(1).scaleb(-_decimals(layout))
    counts = _nearest([int(drawn[place] / unit) for place in places], _limits(rows, places))
    return filled(layout, {place: number * unit or None for place, number in zip(places, counts, strict=True)})


def _limits(rows: list[tuple[Combination, bool]], places: list[Place]) -> LinearConstraint:
    """Each combination of figures is 0; or 0 or more, that of an inequality."""
    at = {place: index for index, place in enumerate(places)}
    matrix = lil_matrix((len(rows), len(places)))
    for number, (row, _) in enumerate(rows):
        for place, weight in row.items():
            matrix[number, at[place]] = float(weight)
    return LinearConstraint(matrix.tocsc(), 0, [np.inf if is_inequality else 0 for _, is_inequality in rows])


def _nearest(drawn: list[int], limits: LinearConstraint) -> list[int]:
    """The whole numbers within limits, 0 or more, that differ least in sum from those drawn."""
    size = len(drawn)
    same, none = identity(size, format="csc"), csc_matrix((limits.A.shape[0], 2 * size))
    solution = milp(
        np.concatenate([np.zeros(size), np.ones(2 * size)]),
        integrality=np.concatenate([np.ones(size), np.zeros(2 * size)]),
        constraints=[
            LinearConstraint(hstack([limits.A, none]), limits.lb, limits.ub),
            LinearConstraint(hstack([same, -same, same]), drawn, drawn),
        ],
    )
    assert solution.success, solution.message
    return [round(number) for number in solution.x[:size]]


def scattered(template: str, seed: int = 1) -> Filled:
    """A new workbook with figures in about every other input."""
    layout = default_layout(template)
    drawn, chance = _draw(layout, seed), random.Random(seed)
    inputs = typed_amounts(layout, formulas(layout))
    return filled(layout, {place: drawn[place] for place in inputs if chance.random() < 0.5})


def disagreeing(template: str, seed: int = 1) -> Filled:
    """A new workbook of small figures, zeros and blanks, of which every third total is typed in and slightly off.

    Each block draws from a few figures only, so that every verdict is met.
    """
    layout, chance = default_layout(template), random.Random(seed)
    totals = formulas(layout)
    values: dict[Place, Value] = {}
    for block in layout.blocks:
        some = chance.sample(_SMALL, 4)
        for place in sorted(block.figures(("amount",))):
            figure = chance.choice(some)
            if place not in totals and figure:
                values[place] = Decimal(figure)
    right = filled(layout, values).values
    given: dict[Place, Value] = {}
    for place in totals:
        value = right.get(place)
        if isinstance(value, Decimal) and chance.random() < 0.3:
            given[place] = value + Decimal(chance.choice(_SLIPS))
    live = compute(values, totals, given)
    return Filled(layout, {place: value for place, value in values.items() if value is not None}, live)


_SMALL = ["", "", "0", "0", "0.01", "0.02", "1", "1", "1.005", "0.4", "5.03", "0.995"]
_SLIPS = ["0", "0.01", "0.02", "-0.01", "0.05", "0.005"]


def filled(layout: Layout, values: Mapping[Place, Value]) -> Filled:
    """The workbook with these inputs; totals computed."""
    computed: dict[Place, Value] = dict(values)
    live = compute(computed, formulas(layout))
    return Filled(layout, {place: value for place, value in computed.items() if value is not None}, live)


def typed_amounts(layout: Layout, live: Mapping[Place, Equation]) -> list[Place]:
    """The amounts that no formula gives."""
    return [place for place in _amounts(layout) if place not in live]


def _amounts(layout: Layout) -> list[Place]:
    return [place for block in layout.blocks for place in sorted(block.figures(("amount",)))]


def _draw(layout: Layout, seed: int) -> dict[Place, Decimal]:
    chance = random.Random(seed)
    decimals = _decimals(layout)
    return {place: Decimal(chance.randrange(1, 90000)).scaleb(-decimals) for place in _amounts(layout)}


def _decimals(layout: Layout) -> int:
    return min(layout.decimals(place) for block in layout.blocks for place in block.figures())


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
