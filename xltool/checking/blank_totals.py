"""Totals that are blank although their parts are filled in (A07), and what they should be."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from xltool.equations.evaluate import Values, compute, sides
from xltool.equations.verdicts import evaluate
from xltool.layout.block import Place
from xltool.layout.book import Book
from xltool.layout.equation import Equation
from xltool.model import Value, Verdict


class Completed(NamedTuple):
    """A book's values with its blank totals filled in, and what each of these should be.

    Everything else is judged by these values: a total left blank is one mistake, not one for each equation it is in;
    and so is an amount stored as text, which the live totals count here, though Excel's do not.
    """

    values: Values
    blank: dict[Place, Decimal]


def complete(book: Book, equations: Iterable[Equation]) -> Completed:
    """Fill in the blank totals of `book`. A blank total of parts that are blank or add up to nothing stays blank."""
    counted = book.values
    if book.as_text and book.live:
        counted = dict(book.values)
        compute(counted, book.live)
    wanted: dict[Place, Equation] = {}
    for equation in equations:
        target = equation.target
        if equation.structural and target is not None and target not in book.live and book.values.get(target) is None:
            wanted.setdefault(target, equation)
    if not any(book.values.get(part) is not None for equation in wanted.values() for _, part in equation.right):
        return Completed(counted, {})
    values = dict(counted)
    compute(values, {**book.live, **wanted})
    filled = {place: value for place in wanted if isinstance(value := values[place], Decimal) and value}
    for place in wanted.keys() - filled.keys():
        del values[place]
    uncalculated = set(book.seen.without_result)  # not blank: a formula that nobody has calculated, told by itself
    blank = {place: value for place, value in filled.items() if place not in uncalculated}
    if _agree(book, values, wanted, blank, equations):
        compute(values, book.live)
    return Completed(values, blank)


def _agree(
    book: Book,
    values: Values,
    wanted: dict[Place, Equation],
    blank: dict[Place, Decimal],
    equations: Iterable[Equation],
) -> bool:
    """Where parts were rounded each by itself their sum is a last digit off: take what the other equations of a blank
    total say, if rounding explains it. Whether anything was changed."""
    naming: dict[Place, list[Equation]] = {place: [] for place in blank}
    for equation in equations:
        if equation.target not in blank and not equation.is_inequality:
            for place in set(equation.places) & blank.keys():
                naming[place].append(equation)
    is_changed = False
    for place, summed in blank.items():
        figures: ChainMap[Place, Value] = ChainMap({}, values)

        def is_likely(right: Decimal, place: Place = place, figures: ChainMap[Place, Value] = figures) -> bool:
            figures[place] = right
            outcome = evaluate(wanted[place], book.layout, figures, book.live)
            return outcome is not None and outcome.verdict in (Verdict.PASS, Verdict.ROUNDING)

        def failing(right: Decimal, place: Place = place, figures: ChainMap[Place, Value] = figures) -> int:
            figures[place] = right
            outcomes = [evaluate(equation, book.layout, figures, book.live) for equation in naming[place]]
            return sum(outcome is not None and outcome.verdict is Verdict.FAIL for outcome in outcomes)

        others = {summed - _off(equation, place, values) for equation in naming[place]}
        best = min([summed, *filter(is_likely, sorted(others))], key=failing)
        if best != summed:
            blank[place] = values[place] = best
            is_changed = True
    return is_changed


def _off(equation: Equation, place: Place, values: Values) -> Decimal:
    """By how much a figure is too great for an equation."""
    left, right = sides(equation, values)
    net = sum(a for a, p in equation.left if p == place) - sum(a for a, p in equation.right if p == place)
    return (left - right) / net if net else Decimal(0)
