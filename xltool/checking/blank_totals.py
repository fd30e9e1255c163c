"""Totals that are blank although their parts are filled in (A07), and what they should be."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from xltool.equations.evaluate import Values, compute
from xltool.layout.block import Place
from xltool.layout.book import Book
from xltool.layout.equation import Equation


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
    blank = {place: value for place in wanted if isinstance(value := values[place], Decimal) and value}
    for place in wanted.keys() - blank.keys():
        del values[place]
    return Completed(values, blank)
