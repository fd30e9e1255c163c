"""The rate of growth (增减率) of one figure over another."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from xltool.equations.rounding.intervals import half_up

NO_RATE = "—"
"""What is printed where there is none."""


def growth(now: Decimal, before: Decimal, unit: Decimal) -> Decimal | None:
    """(now - before) / before as a share, rounded half-up to a multiple of `unit`; None where `before` is 0 (Y03)."""
    return half_up(Fraction(now) / Fraction(before) - 1, unit) if before else None
