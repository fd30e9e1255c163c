"""Which equations must notice a mistake, worked out without the check."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from xltool.equations.evaluate import compute
from xltool.equations.instances import all_equations
from xltool.layout.block import Place
from xltool.layout.book import Book
from xltool.layout.equation import Equation
from xltool.model import Value

Weights = dict[Place, Decimal]
"""Typed cells, each with its coefficient."""


def with_changes(book: Book, changes: Mapping[Place, Value]) -> Book:
    """The book with other figures typed in, over a formula if there was one; the other totals follow."""
    values: dict[Place, Value] = {**book.values, **changes}
    live = {place: equation for place, equation in book.live.items() if place not in changes}
    compute(values, live)
    values = {place: value for place, value in values.items() if value is not None}
    return Book(book.layout, values, book.formulas, live, [], book.seen, None, book.is_ours)


class Expected:
    """The equations of one budget, by the typed cells that they depend on."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self._spelt_out: dict[Place, Weights] = {}
        self._filled = {book.layout.blocks[p.block].table.id for p, v in book.values.items() if isinstance(v, Decimal)}
        equalities = (equation for equation in all_equations(book.layout) if not equation.is_inequality)
        self.equations = [equation for equation in equalities if not self._is_waiting(equation)]
        self.covering: dict[Place, list[Equation]] = {}
        for equation in self.equations:
            for cell in self.weights(equation):
                self.covering.setdefault(cell, []).append(equation)

    def broken_by(self, changes: Mapping[Place, Value]) -> list[Equation]:
        """The equations that are then off, otherwise than before, by more than rounding explains."""
        harmed = with_changes(self.book, changes)
        noticing = {id(e): e for place in changes for e in self.equations_of(place)}
        return [
            equation
            for equation in noticing.values()
            if is_off(equation, harmed)
            and difference(equation, harmed) != difference(equation, self.book)
            and not self.has_nothing(equation, harmed)
        ]

    def newly_broken_by(self, changes: Mapping[Place, Value]) -> list[Equation]:
        """Those of them that were not off before."""
        return [equation for equation in self.broken_by(changes) if not is_off(equation, self.book)]

    def equations_of(self, place: Place) -> list[Equation]:
        """The equations that must notice a change of a cell; a total typed over is compared with its parts."""
        own = [self.book.live[place]] if place in self.book.live else []
        return own + self.covering.get(place, [])

    def weights(self, equation: Equation) -> Weights:
        """By how much left - right grows with each typed cell."""
        found: Weights = {}
        for sign, side in ((1, equation.left), (-1, equation.right)):
            for coefficient, place in side:
                for cell, factor in self._typed(place).items():
                    found[cell] = found.get(cell, Decimal(0)) + sign * coefficient * factor
        return {cell: weight for cell, weight in found.items() if weight}

    def _typed(self, place: Place) -> Weights:
        """A cell as the typed cells that its formula adds up."""
        equation = self.book.live.get(place)
        if equation is None:
            return {place: Decimal(1)}
        if place not in self._spelt_out:
            found: Weights = {}
            for coefficient, part in equation.right:
                for cell, factor in self._typed(part).items():
                    found[cell] = found.get(cell, Decimal(0)) + coefficient * factor
            self._spelt_out[place] = found
        return self._spelt_out[place]

    def _is_waiting(self, equation: Equation) -> bool:
        """Whether a side of a rule speaks only of tables that have no figure: nothing can be said of it yet."""
        comparison = self.book.template.rules[equation.rule].comparison
        if comparison is None:
            return False
        sides = ({addend.reference.table for addend in side} for side in (comparison.left, comparison.right))
        return any(tables.isdisjoint(self._filled) for tables in sides)

    def has_nothing(self, equation: Equation, harmed: Book) -> bool:
        """Whether a side has no figure and comes, through links, from a table that has none."""
        for side in (equation.left, equation.right):
            cells = {cell for _, place in side for cell in self._typed(place)}
            tables = {harmed.layout.blocks[cell.block].table.id for cell in cells}
            if not any(harmed.values.get(cell) for cell in cells) and tables - self._filled:
                return True
        return False


def is_off(equation: Equation, book: Book) -> bool:
    """Whether an equation is off by more than half a unit of every figure in it, printed zeros too."""
    off = difference(equation, book)
    return abs(off) > slack(equation, book)


def slack(equation: Equation, book: Book) -> Decimal:
    """By how much rounding may put it off: two figures that are copies of each other by nothing."""
    if equation.is_copy and len({book.layout.unit(place) for place in equation.places}) == 1:
        return Decimal(0)
    terms = (*equation.left, *equation.right)
    return sum((abs(Decimal(coefficient)) * book.layout.unit(place) / 2 for coefficient, place in terms), Decimal(0))


def difference(equation: Equation, book: Book) -> Decimal:
    """Left minus right."""
    found = equation.constants[0] - equation.constants[1]
    for sign, side in ((1, equation.left), (-1, equation.right)):
        for coefficient, place in side:
            value = book.values.get(place)
            found += sign * coefficient * value if isinstance(value, Decimal) else 0
    return found
