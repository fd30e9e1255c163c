"""The three-way test that tells rounding from error (design, section 7)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from xltool.model import Verdict

SQUARED_SIGMAS = Fraction(49, 48)
"""(3.5 s)² per Σ(a·u)²: a rounding error is uniform within ±u/2, so its variance is u²/12."""

_NOTHING = Decimal(0)


def judge(difference: Decimal, units: Sequence[Decimal], hidden: Decimal = _NOTHING) -> tuple[Verdict, Decimal]:
    """The verdict on an equation that is off by `difference`, and its tolerance, in the equation's own unit.

    `units` holds |coefficient| x (the unit its cell is rounded to) for every figure that is not known exactly. Rounding
    can explain at most t = Σ units / 2; beyond 3.5 standard deviations it is possible but not believable. `hidden` is
    how much more printed zeros can explain of a difference of this sign: never believable by itself.
    """
    tolerance = sum(units, _NOTHING) / 2
    if not difference:
        return Verdict.PASS, tolerance
    if abs(difference) > tolerance + hidden:
        return Verdict.FAIL, tolerance + hidden
    if abs(difference) > tolerance:
        return Verdict.IMPLAUSIBLE, tolerance + hidden
    likely = Fraction(difference) ** 2 <= SQUARED_SIGMAS * sum((Fraction(unit) ** 2 for unit in units), Fraction(0))
    return Verdict.ROUNDING if likely else Verdict.IMPLAUSIBLE, tolerance


def judge_order(excess: Decimal, tolerance: Decimal, hidden: Decimal = _NOTHING) -> Verdict:
    """The verdict on an inequality whose smaller side is printed as greater by `excess`.

    Unlike the difference of two sides that should be equal, that of the hidden values has no likeliest size: whatever
    rounding of figures can explain is rounding. What only printed zeros explain (`hidden` more) is not believable.
    """
    if excess <= 0:
        return Verdict.PASS
    if excess <= tolerance:
        return Verdict.ROUNDING
    return Verdict.IMPLAUSIBLE if excess <= tolerance + hidden else Verdict.FAIL


def judge_copy(
    left: Decimal, left_unit: Decimal, right: Decimal, right_unit: Decimal, hidden: Decimal = _NOTHING
) -> tuple[Verdict, Decimal]:
    """The verdict on the same quantity printed twice, each rounded to its unit (0 if exact), and the tolerance.

    At the same precision both must be equal. At different precisions both are rounded: there must be an amount that
    is printed as either. With printed zeros beside them they may be two quantities, see `judge`.
    """
    difference = left - right
    if not difference:
        return Verdict.PASS, _NOTHING
    possible = (left_unit + right_unit) / 2
    tolerance = _NOTHING if left_unit == right_unit else possible
    if abs(difference) < tolerance or (
        abs(difference) == tolerance and _is_half_up(left, left_unit, right, right_unit)
    ):
        return Verdict.PASS, tolerance
    if hidden and abs(difference) <= possible + hidden:
        return Verdict.IMPLAUSIBLE, possible + hidden
    return Verdict.FAIL, tolerance


def _is_half_up(left: Decimal, left_unit: Decimal, right: Decimal, right_unit: Decimal) -> bool:
    """Of two figures half a unit apart, whether one is exact and the other its rounding: a half is rounded up."""
    (rounded, _), (exact, unit) = ((left, left_unit), (right, right_unit))[:: 1 if left_unit > right_unit else -1]
    return not unit and abs(rounded) > abs(exact)
