"""Evaluates equations exactly and gives each its verdict."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from xltool.equations.evaluate import total
from xltool.equations.rounding import judge, judge_copy, judge_order
from xltool.layout.equation import Coefficient, Equation, Term
from xltool.layout.layout import Layout, Place
from xltool.model import Value, Verdict


class Outcome(NamedTuple):
    """An equation with the values of its sides, its verdict and tolerance."""

    equation: Equation
    left: Decimal
    right: Decimal
    verdict: Verdict
    tolerance: Decimal

    @property
    def difference(self) -> Decimal:
        """left - right."""
        return self.left - self.right


def evaluate(
    equation: Equation, layout: Layout, values: Mapping[Place, Value], live: Mapping[Place, Equation]
) -> Outcome | None:
    """The outcome of an equation; None if nothing in it is filled in. A rule with one blank side is undecided.

    `live` are the cells whose values follow from others.
    """
    left, right = total(equation.left, values), total(equation.right, values)
    if left == right or equation.is_inequality or any(equation.constants):
        if not _filled(equation.left, values) and not _filled(equation.right, values):
            return None
        left, right = left + equation.constants[0], right + equation.constants[1]
    if left == right:
        return Outcome(equation, left, right, Verdict.PASS, Decimal(0))
    if equation.is_inequality:
        verdict, tolerance = _judge_order(equation, left, right, layout, values)
    else:
        verdict, tolerance = _judge(equation, left, right, Figures(layout, values, live))
    return Outcome(equation, left, right, verdict, tolerance)


class Figures(NamedTuple):
    """The figures of a workbook, and which of them follow from others."""

    layout: Layout
    values: Mapping[Place, Value]
    live: Mapping[Place, Equation]

    def zeros(self, equation: Equation, difference: Decimal) -> list[Term]:
        """The printed zeros of an equation that may hide what its left side exceeds its right by, or falls short.

        An amount that cannot be negative hides only what would make its own side greater.
        """
        signed = [*equation.left, *(Term(-coefficient, place) for coefficient, place in equation.right)]
        return [
            Term(coefficient, place)
            for coefficient, place in signed
            if self._is_printed_zero(place) and (coefficient * difference < 0 or self.layout.may_be_negative(place))
        ]

    def _is_printed_zero(self, place: Place) -> bool:
        """Whether a cell shows 0 for what may be up to half a unit: not if it is blank, or follows from exact cells."""
        value = self.values.get(place)
        return isinstance(value, Decimal) and not value and self._is_rounded(place)

    def _is_rounded(self, place: Place) -> bool:
        if self.values.get(place) is None or not self.layout.unit(place):
            return False
        return place not in self.live or any(self._is_rounded(part) for _, part in self.live[place].right)


def _filled(terms: tuple[Term, ...], values: Mapping[Place, Value]) -> bool:
    return any(values.get(place) is not None for _, place in terms)


def _judge(equation: Equation, left: Decimal, right: Decimal, figures: Figures) -> tuple[Verdict, Decimal]:
    layout, values, _ = figures
    if equation.is_copy:
        one, other = equation.left[0].place, equation.right[0].place
        return judge_copy(left, _unit_at(one, layout, values), right, _unit_at(other, layout, values))
    zeros = figures.zeros(equation, left - right)
    hidden = sum((abs(Decimal(coefficient)) * layout.unit(place) for coefficient, place in zeros), Decimal(0)) / 2
    rounded = _rounded((*equation.left, *equation.right), layout, values)
    is_plain = all(coefficient == 1 for coefficient, _, _ in rounded) and not any(equation.constants)
    if len(rounded) == 2 and is_plain and left and right:
        (_, first, first_unit), (_, second, second_unit) = rounded
        return judge_copy(first, first_unit, second, second_unit, hidden)
    return judge(left - right, [abs(Decimal(coefficient)) * unit for coefficient, _, unit in rounded], hidden)


def _judge_order(
    equation: Equation, left: Decimal, right: Decimal, layout: Layout, values: Mapping[Place, Value]
) -> tuple[Verdict, Decimal]:
    """Of two figures, rounded alike, the smaller is never printed as the greater one."""
    smaller, greater = (
        [coefficient * unit for coefficient, _, unit in _rounded(side, layout, values)]
        for side in (equation.left, equation.right)
    )
    alike = len(smaller) == 1 and smaller == greater and not any(equation.constants)
    tolerance = Decimal(0) if alike else sum(map(abs, (*smaller, *greater)), Decimal(0)) / 2
    return judge_order(left - right if equation.relation == "<=" else right - left, tolerance), tolerance


def _rounded(
    terms: tuple[Term, ...], layout: Layout, values: Mapping[Place, Value]
) -> list[tuple[Coefficient, Decimal, Decimal]]:
    """The figures that are not 0: coefficient, value, and what the value is rounded to."""
    return [
        (coefficient, value, unit_of(value, layout.unit(place)))
        for coefficient, place in terms
        if isinstance(value := values.get(place), Decimal) and value
    ]


def _unit_at(place: Place, layout: Layout, values: Mapping[Place, Value]) -> Decimal:
    value = values.get(place)
    printed = layout.unit(place)
    return unit_of(value, printed) if isinstance(value, Decimal) else printed


def unit_of(value: Decimal, printed: Decimal) -> Decimal:
    """What a value is rounded to: its table's printed unit, or finer if it shows more digits than are printed."""
    exponent = value.as_tuple().exponent
    return min(printed, Decimal(1).scaleb(exponent)) if isinstance(exponent, int) and exponent < 0 else printed
