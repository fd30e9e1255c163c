"""Ranges of hidden values: what a printed figure may have been before it was rounded, in exact fractions."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple


class Interval(NamedTuple):
    """The values from `low` up to `high`; all but the one value of an exact figure lie strictly below `high`."""

    low: Fraction
    high: Fraction


def around(printed: Decimal, unit: Decimal) -> Interval:
    """What is rounded half-up to `printed` at steps of `unit` (0: the figure is exact)."""
    return Interval(Fraction(printed - unit / 2), Fraction(printed + unit / 2))


def quotient(part: Interval, whole: Interval) -> Interval | None:
    """part / whole; None if `whole` may be 0 or less, so that nothing can be said."""
    if whole.low <= 0:
        return None
    ends = [p / w for p in part for w in whole]
    return Interval(min(ends), max(ends))


def is_possible(printed: Decimal, unit: Decimal, hidden: Interval) -> bool:
    """Whether a value in `hidden` is rounded half-up to `printed`."""
    rounded = around(printed, unit)
    if hidden.low == hidden.high:
        return half_up(hidden.low, unit) == printed
    return hidden.low < rounded.high and rounded.low < hidden.high


def half_up(value: Fraction, unit: Decimal) -> Decimal:
    """The multiple of `unit` nearest to `value`, a half away from zero; the value itself if `unit` is 0."""
    if not unit:
        return Decimal(value.numerator) / value.denominator
    steps = abs(value) / Fraction(unit) + Fraction(1, 2)
    whole = steps.numerator // steps.denominator
    return whole * unit if value >= 0 else -whole * unit
