"""What formulas give while cells are left open: sums of cells, conditions on them, and the arithmetic of these."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple

from xltool.excel.read.formulas.syntax import Area, NotUnderstood
from xltool.model import CellRef

_LARGEST = Decimal(10**15)
_LARGEST_DIVISOR = 100
_NONE = Decimal(0)
_PLAIN_NUMBER = re.compile(r"\s*[+-]?(?:[0-9]{1,3}(?:,[0-9]{3}){1,4}|[0-9]{1,15})(?:\.[0-9]{1,15})?\s*")


class ErrorValue(NotUnderstood):
    """The formula gives an error value, such as #N/A of a look-up that finds nothing."""


class Sum(NamedTuple):
    """Cells times coefficients, and a number; `digits` are the fewest decimals that anything in it is rounded to.

    `over` is what all is still to be divided by, where that does not come out even: the 3 of SUM(D7:D26)/3.
    """

    terms: Mapping[CellRef, Decimal] = MappingProxyType({})
    constant: Decimal = _NONE
    digits: int | None = None
    over: int = 1


class Condition(NamedTuple):
    """A condition that is open: what is 0 if it is true, and if it is false, as far as that follows."""

    if_true: tuple[Sum, ...] = ()
    if_false: tuple[Sum, ...] = ()

    @property
    def opposite(self) -> Condition:
        """What is true when this is false."""
        return Condition(self.if_false, self.if_true)


class Counted(NamedTuple):
    """How many of some open cells are filled."""

    cells: tuple[CellRef, ...]


Item = Sum | Condition | Counted | CellRef | str | bool
Grid = list[list[Item]]
Meaning = Area | Grid | Item
"""An area, an array, or one thing; a single cell is a CellRef, or an area as long as it may be the end of another."""


class Adding:
    """A sum in the making."""

    def __init__(self) -> None:
        self.terms: dict[CellRef, Decimal] = {}
        self.constant = _NONE
        self.digits: int | None = None

    def add(self, other: Sum, factor: Decimal = Decimal(1)) -> None:
        """Add another sum, times a factor."""
        if other.over != 1:
            raise NotUnderstood
        for cell, coefficient in other.terms.items():
            self.terms[cell] = self.terms.get(cell, _NONE) + factor * coefficient
        self.constant += factor * other.constant
        self.digits = fewest(self.digits, other.digits)

    def done(self) -> Sum:
        """The sum; cells that cancel out are gone."""
        return Sum({cell: c for cell, c in self.terms.items() if c}, self.constant, self.digits)


def fewest(one: int | None, other: int | None) -> int | None:
    """The fewer of two numbers of decimals; None is not rounded."""
    known = [digits for digits in (one, other) if digits is not None]
    return min(known, default=None)


def plain_number(text: str) -> Decimal | None:
    """The number that arithmetic makes of a text; None if that is an error."""
    return Decimal(text.strip().replace(",", "")) if _PLAIN_NUMBER.fullmatch(text) else None


def times(one: Sum, other: Sum) -> Sum:
    """A product of which one factor is a number."""
    if one.terms and other.terms:
        raise NotUnderstood
    if one.terms:
        one, other = other, one
    factor = bounded(one.constant)
    terms = {cell: factor * coefficient for cell, coefficient in other.terms.items()} if factor else {}
    for coefficient in terms.values():
        bounded(coefficient)
    digits = fewest(one.digits, other.digits)
    return Sum(terms, bounded(factor * other.constant), digits, one.over * other.over)


def divided(one: Sum, other: Sum) -> Sum:
    """A quotient."""
    divisor = other.constant
    if other.terms:
        raise NotUnderstood
    if not divisor:
        raise ErrorValue
    terms = {cell: coefficient / divisor for cell, coefficient in one.terms.items()}
    digits = fewest(one.digits, other.digits)
    if all(terms[cell] * divisor == coefficient for cell, coefficient in one.terms.items()):
        return Sum(terms, bounded(one.constant / divisor), digits, one.over)
    if one.constant or divisor != int(divisor) or not 0 < divisor * one.over < _LARGEST_DIVISOR:
        raise NotUnderstood
    return one._replace(digits=digits, over=one.over * int(divisor))


def bounded(number: Decimal) -> Decimal:
    """A number that may be one of a budget. Raises NotUnderstood for others."""
    if abs(number) > _LARGEST:
        raise NotUnderstood
    return number


def vanishes(found: Sum, zeros: tuple[Sum, ...]) -> bool:
    """Whether a sum is 0 when others are: it is one of them times a number, or each of its cells is."""
    if found.constant:
        return False
    blank = {cell for zero in zeros if len(zero.terms) == 1 and not zero.constant for cell in zero.terms}
    return found.terms.keys() <= blank or any(_is_multiple(found, zero) for zero in zeros)


def _is_multiple(found: Sum, zero: Sum) -> bool:
    if zero.constant or zero.terms.keys() != found.terms.keys():
        return False
    first = next(iter(found.terms))
    return all(c * zero.terms[first] == found.terms[first] * zero.terms[cell] for cell, c in found.terms.items())


def opposite(found: bool | Condition) -> bool | Condition:
    """What is true when a condition is false."""
    return not found if isinstance(found, bool) else found.opposite


def compared_with_zero(difference: Sum, operator: str) -> bool | Condition:
    """`difference` = 0, < 0, …"""
    if difference.terms:
        whole = (difference,)
        return Condition(whole) if operator == "=" else Condition((), whole) if operator == "<>" else Condition()
    number = difference.constant
    return operator in (("<", "<=", "<>") if number < 0 else (">", ">=", "<>") if number else ("=", "<=", ">="))


def how_many(counted: Counted, number: Decimal, operator: str) -> Condition:
    """A number of filled cells compared with a number: whether none of them is filled."""
    each = tuple(Sum({cell: Decimal(1)}) for cell in counted.cells)
    asked = operator, int(number)
    is_none = asked in (("=", 0), ("<", 1), ("<=", 0))
    is_some = asked in (("<>", 0), (">=", 1), (">", 0))
    return Condition(each) if is_none else Condition((), each) if is_some else Condition()
