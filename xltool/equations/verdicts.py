"""Evaluates equations exactly and gives each its verdict."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from xltool.equations.evaluate import sides
from xltool.equations.rounding.judging import judge, judge_copy, judge_order
from xltool.layout.block import Place
from xltool.layout.equation import Coefficient, Equation, Term
from xltool.layout.layout import Layout
from xltool.model import Value, Verdict

_NOTHING = Decimal(0)


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


class Precision(NamedTuple):
    """How exactly the two sides of an equation are known.

    `left` and `right` hold |coefficient| x (the unit that the figure is rounded to) for each figure that is not 0.
    `counts` are how many these are, for each side; one that is multiplied, or added up from several workbooks, counts
    twice: it is no copy of another.
    `hidden` is what printed zeros can explain of a left side that is too great, and of one that is too small.
    """

    left: tuple[Decimal, ...]
    right: tuple[Decimal, ...]
    counts: tuple[int, int]
    hidden: tuple[Decimal, Decimal] = (_NOTHING, _NOTHING)

    @property
    def is_pair(self) -> bool:
        """Whether each side is one figure as it is printed: the same quantity twice."""
        return self.counts == (1, 1)

    def tolerance(self, equation: Equation) -> Decimal:
        """By how much the two sides may differ and still both be honestly rounded, printed zeros left aside."""
        alike = self.is_pair and not any(equation.constants) and self.left == self.right
        return _NOTHING if alike else sum((*self.left, *self.right), _NOTHING) / 2

    def reach(self, equation: Equation) -> tuple[Decimal, Decimal]:
        """By how much the left side may be too great, and too small, before no rounding explains it, nor printed zeros;
        beside these two figures are no copies of each other, see `judge_copy`."""
        most, likely = sum((*self.left, *self.right), _NOTHING) / 2, self.tolerance(equation)
        above, below = (most + hidden if hidden else likely for hidden in self.hidden)
        return above, below


class Figures(NamedTuple):
    """The figures of a workbook, and which of them follow from others."""

    layout: Layout
    values: Mapping[Place, Value]
    live: Mapping[Place, Equation]

    def precision(self, equation: Equation) -> Precision:
        """How exactly its sides are known; a blank or 0 is the copy of a figure that is rounded to it."""
        if self.is_copy(equation):
            one, other = (self._unit(side[0].place) for side in (equation.left, equation.right))
            return Precision((one,), (other,), (1, 1))
        left, right = list(self._rounded(equation.left)), list(self._rounded(equation.right))
        units = tuple(unit for _, _, unit in left), tuple(unit for _, _, unit in right)
        counts = (self._count(left), self._count(right))
        return Precision(*units, counts, (self._hidden(equation, 1), self._hidden(equation, -1)))

    def is_copy(self, equation: Equation) -> bool:
        """Whether it says that a figure is printed twice; one added up from several workbooks is not."""
        return equation.is_copy and not any(place in self.layout.rounding for place in equation.places)

    def _count(self, figures: Iterable[tuple[Place, Coefficient, Decimal]]) -> int:
        summed = self.layout.rounding
        return sum(1 if coefficient == 1 and place not in summed else 2 for place, coefficient, _ in figures)

    def zeros(self, equation: Equation, difference: Coefficient) -> list[Term]:
        """The printed zeros of an equation that may hide what its left side exceeds its right by, or falls short.

        An amount that cannot be negative hides only what would make its own side greater.
        """
        return [
            term
            for term in signed(equation)
            if self._is_printed_zero(term.place)
            and (term.coefficient * difference < 0 or self.layout.may_be_negative(term.place))
        ]

    def _hidden(self, equation: Equation, sign: int) -> Decimal:
        zeros = self.zeros(equation, sign)
        return sum((abs(Decimal(factor)) * self.layout.unit(place) for factor, place in zeros), _NOTHING) / 2

    def _is_printed_zero(self, place: Place) -> bool:
        """Whether a cell shows 0 for what may be up to half a unit: not if it is blank, or follows from exact cells."""
        value = self.values.get(place)
        return isinstance(value, Decimal) and not value and self._is_rounded(place)

    def _is_rounded(self, place: Place) -> bool:
        if self.values.get(place) is None or not self.layout.unit(place):
            return False
        return place not in self.live or any(self._is_rounded(part) for _, part in self.live[place].right)

    def _rounded(self, terms: Iterable[Term]) -> Iterator[tuple[Place, Coefficient, Decimal]]:
        """The figures that are not 0: place, coefficient, and |coefficient| x what the figure is rounded to."""
        for coefficient, place in terms:
            value = self.values.get(place)
            if isinstance(value, Decimal) and value:
                yield place, coefficient, abs(Decimal(coefficient)) * self.layout.unit_of(place, value)

    def _unit(self, place: Place) -> Decimal:
        value = self.values.get(place)
        return self.layout.unit_of(place, value) if isinstance(value, Decimal) else self.layout.unit(place)


def evaluate(
    equation: Equation, layout: Layout, values: Mapping[Place, Value], live: Mapping[Place, Equation]
) -> Outcome | None:
    """The outcome of an equation; None if nothing in it is filled in. A rule with one blank side is undecided.

    `live` are the cells whose values follow from others.
    """
    left, right = sides(equation, values)
    may_be_blank = left == right or equation.is_inequality or any(equation.constants)
    if may_be_blank and not any(_filled(side, values) for side in (equation.left, equation.right)):
        return None
    if left == right:
        return Outcome(equation, left, right, Verdict.PASS, _NOTHING)
    precision = Figures(layout, values, live).precision(equation)
    return Outcome(equation, left, right, *_judged(equation, left, right, precision))


def _judged(equation: Equation, left: Decimal, right: Decimal, precision: Precision) -> tuple[Verdict, Decimal]:
    units = (*precision.left, *precision.right)
    hidden = precision.hidden[left < right]
    if equation.is_inequality:
        # of two figures, rounded alike, the smaller is never printed as the greater one; zeros beside them may hide it
        believable = precision.tolerance(equation)
        doubtful = sum(units, _NOTHING) / 2 + hidden - believable if hidden else _NOTHING
        verdict = judge_order(left - right if equation.relation == "<=" else right - left, believable, doubtful)
        return verdict, believable if verdict is Verdict.ROUNDING else believable + doubtful
    if precision.is_pair and not any(equation.constants):
        return judge_copy(left, precision.left[0], right, precision.right[0], hidden)
    return judge(left - right, units, hidden)


def _filled(terms: tuple[Term, ...], values: Mapping[Place, Value]) -> bool:
    return any(values.get(place) is not None for _, place in terms)


def signed(equation: Equation) -> list[Term]:
    """left - right, as one sum."""
    return [*equation.left, *(Term(-coefficient, place) for coefficient, place in equation.right)]
