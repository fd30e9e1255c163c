"""Balanced rounding (舍位平衡) of one workbook: every total still equals its parts, every copy its original."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import localcontext
from typing import NamedTuple

from xltool.equations.evaluate import Values, compute, holds
from xltool.equations.filling import Filled
from xltool.equations.instances import all_equations, formulas
from xltool.errors import BalanceError
from xltool.layout.block import Place
from xltool.layout.equation import Equation
from xltool.layout.layout import Layout
from xltool.merge.balance.conflict import conflict
from xltool.merge.balance.explain import RoundingStep, changes, contradiction
from xltool.merge.balance.figures import Figure, exponents, figures
from xltool.merge.balance.lines import Steps, lines
from xltool.merge.balance.programme import Question, Rank, solve
from xltool.merge.balance.rates import renewed_rates
from xltool.merge.balance.rounded_formula import rounded_formula
from xltool.model import Value

SECONDS = 60.0
"""So long the fewest and smallest adjustments are searched for."""

_UNSURE: tuple[str, list[str]] = ("没有得到核对无误的舍位结果，没有写出文件。", [])

_DIGITS = 100
"""More than sums of amounts have, so that they are exact."""


class Rate(NamedTuple):
    """A rate that was computed again from rounded amounts."""

    place: Place
    before: Value
    after: Value


class Balanced(NamedTuple):
    """A workbook whose rounded amounts add up.

    `rounded` is how many amounts are not printed exactly, `changes` are those of them that are not printed with their
    plain rounding; `is_proved` says that no fewer or smaller ones would do. `coarser` are the sheets, each with the
    number of its amounts that were rounded as in others, which they must agree with, though it prints more decimals.
    `decimals` are those that each amount has been rounded to (-2: to hundreds).
    """

    filled: Filled
    rounded: int
    changes: tuple[RoundingStep, ...]
    is_proved: bool
    coarser: Mapping[str, int]
    rates: tuple[Rate, ...]
    decimals: Mapping[Place, int]

    def formulas(self, exact: Mapping[Place, str]) -> dict[Place, str]:
        """The formulas (without "=") that give figures as they are printed, from those that give them exactly.

        There are none for rates that were computed again.
        """
        steps = {change.place: change.printed - change.plain for change in self.changes}
        renewed = {rate.place for rate in self.rates}
        return {
            place: rounded_formula(formula, self.decimals[place], steps.get(place))
            if place in self.decimals
            else formula
            for place, formula in exact.items()
            if place not in renewed
        }


def balanced(exact: Filled, within: int = 1, seconds: float = SECONDS) -> Balanced:
    """Round every amount of a workbook to the decimals that its layout prints.

    What holds of the exact amounts holds of the rounded ones; none is more than `within` units of its last digit away.
    Raises BalanceError if there are no such amounts, naming equations that contradict each other, or if none are found
    within `seconds`.
    """
    with localcontext(prec=_DIGITS):
        layout, exponent = exact.layout, exponents(exact.layout)
        held = [equation for equation in all_equations(layout) if holds(equation, exact.values)]
        counted = figures(layout, exact.values, held)
        question = Question(counted, _ranks(held), lines(layout, held, exact.values, counted), within)
        steps, is_proved, impossible = solve(question, seconds)
        plain = _values(exact, counted, {})
        if steps is None:
            against = conflict(impossible) if impossible else ()
            raise BalanceError(*contradiction(layout, exact.values, against, within))
        values = _values(exact, counted, steps)
        if not _is_right(held, values, counted, steps, within):
            raise BalanceError(*_UNSURE)
        rates = _rates(exact, values)
        values |= {rate.place: rate.after for rate in rates}
        filled = Filled(layout, values, compute(dict(values), formulas(layout), values))
        if not exact.live.keys() <= filled.live.keys():
            raise BalanceError(*_UNSURE)
        rounded = sum(figure.exact != figure.near + steps.get(place, 0) for place, figure in counted.items())
        told = tuple(changes(layout, exact.values, plain, values, question.lines, steps))
        decimals = {place: exponent[place.block] - figure.grid for place, figure in counted.items()}
        return Balanced(filled, rounded, told, is_proved, _coarser(layout, counted), rates, decimals)


def _ranks(held: Sequence[Equation]) -> dict[Place, Rank]:
    """The totals; those that no other total counts are grand ones."""
    sums = [equation for equation in held if equation.structural and equation.right]
    parts = {place for equation in sums for _, place in equation.right}
    totals = [equation.target for equation in sums if equation.target is not None]
    return {total: Rank.TOTAL if total in parts else Rank.GRAND_TOTAL for total in totals}


def _values(exact: Filled, counted: Mapping[Place, Figure], steps: Steps) -> Values:
    """The values of the workbook with every amount rounded."""
    exponent = exponents(exact.layout)
    values: Values = dict(exact.values)
    for place, figure in counted.items():
        values[place] = figure.amount(figure.near + steps.get(place, 0), exponent[place.block])
    return values


def _is_right(
    held: Sequence[Equation], values: Values, counted: Mapping[Place, Figure], steps: Steps, within: int
) -> bool:
    """Whether everything that held does, exactly, and no figure has gone too far."""
    for place, count in steps.items():
        low, high = counted[place].reach(within)
        if not low <= count <= high:
            return False
    return all(holds(equation, values) for equation in held)


def _rates(exact: Filled, values: Values) -> tuple[Rate, ...]:
    renewed = renewed_rates(exact.book, exact._replace(values=values).book)
    return tuple(Rate(place, values.get(place), rate) for place, rate in renewed.items())


def _coarser(layout: Layout, counted: Mapping[Place, Figure]) -> dict[str, int]:
    exponent = exponents(layout)
    found: dict[str, int] = {}
    for place, figure in counted.items():
        if figure.grid > exponent[place.block] - layout.decimals(place) and figure.exact != figure.near:
            sheet = layout.blocks[place.block].sheet
            found[sheet] = found.get(sheet, 0) + 1
    return found
