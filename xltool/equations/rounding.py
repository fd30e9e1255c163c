"""The three-way test that tells rounding from error (design, section 7)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from xltool.model import Verdict

_SQUARED_SIGMAS = Decimal("12.25") / 12
"""(3.5 s)² per Σ(a·u)²: a rounding error is uniform within ±u/2, so its variance is u²/12."""


def judge(difference: Decimal, units: Sequence[Decimal]) -> tuple[Verdict, Decimal]:
    """The verdict on an equation that is off by `difference`, and its tolerance t, in the equation's own unit.

    `units` holds |coefficient| x (the unit its cell is rounded to) for every cell that is not known exactly. Rounding
    can explain at most t = Σ units / 2; beyond 3.5 standard deviations it is possible but not believable.
    """
    tolerance = sum(units, Decimal(0)) / 2
    if not difference:
        return Verdict.PASS, tolerance
    if abs(difference) > tolerance:
        return Verdict.FAIL, tolerance
    if difference**2 <= _SQUARED_SIGMAS * sum((unit**2 for unit in units), Decimal(0)):
        return Verdict.ROUNDING, tolerance
    return Verdict.IMPLAUSIBLE, tolerance


def judge_order(excess: Decimal, tolerance: Decimal) -> Verdict:
    """The verdict on an inequality whose smaller side is printed as greater by `excess`.

    Unlike the difference of two sides that should be equal, that of the hidden values has no likeliest size: whatever
    rounding can explain is rounding.
    """
    if excess <= 0:
        return Verdict.PASS
    return Verdict.FAIL if excess > tolerance else Verdict.ROUNDING


def judge_copy(left: Decimal, left_unit: Decimal, right: Decimal, right_unit: Decimal) -> tuple[Verdict, Decimal]:
    """The verdict on the same quantity printed twice, each rounded to its unit (0 if exact), and the tolerance.

    At the same precision both must be equal; a coarser copy must be the half-up rounding of the finer one.
    """
    if left == right:
        return Verdict.PASS, Decimal(0)
    if left_unit == right_unit:
        return Verdict.FAIL, Decimal(0)
    (coarse, unit), fine = ((left, left_unit), right) if left_unit > right_unit else ((right, right_unit), left)
    rounded = (fine / unit).quantize(Decimal(1), ROUND_HALF_UP) * unit
    return (Verdict.PASS if rounded == coarse else Verdict.FAIL), unit / 2
