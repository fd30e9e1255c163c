"""Values of the cells with live formulas, computed exactly from the cells they add up."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from decimal import Decimal
from types import MappingProxyType

from xltool.layout.block import Place
from xltool.layout.equation import Equation, Term
from xltool.model import Value

Values = dict[Place, Value]


def total(terms: tuple[Term, ...], values: Mapping[Place, Value]) -> Decimal:
    """Σ coefficient x value."""
    result = Decimal(0)
    for coefficient, place in terms:
        value = values.get(place)
        if isinstance(value, Decimal):
            result += value if coefficient == 1 else coefficient * value
    return result


def sides(equation: Equation, values: Mapping[Place, Value]) -> tuple[Decimal, Decimal]:
    """What the left and the right of an equation amount to, plain numbers included."""
    left, right = equation.constants
    return total(equation.left, values) + left, total(equation.right, values) + right


def holds(equation: Equation, values: Mapping[Place, Value]) -> bool:
    """Whether an equation or inequality holds exactly."""
    left, right = sides(equation, values)
    return left <= right if equation.relation == "<=" else left >= right if equation.is_inequality else left == right


def compute(
    values: MutableMapping[Place, Value],
    computed: Mapping[Place, Equation],
    given: Mapping[Place, Value] = MappingProxyType({}),
) -> dict[Place, Equation]:
    """Fill in `values` at every place of `computed`: the right side's sum, or None where all its parts are blank.

    A value `given` for such a place stands if it differs from the sum (0 is no other sum of blank parts); the places
    whose values were computed (or agree) are returned with their equations. Cells that depend on themselves keep what
    they have.
    """
    live: dict[Place, Equation] = {}
    waiting = set(computed)
    left = [*computed.items()]
    while left:
        later: list[tuple[Place, Equation]] = []
        for item in reversed(left):  # parts come after their totals, more often than not
            place, equation = item
            for _, part in equation.right:
                if part in waiting:
                    later.append(item)
                    break
            else:
                waiting.remove(place)
                value = _right_side(equation, values)
                values[place] = found = given.get(place, value)
                if found is value or found == value or (value is None and found == 0):
                    live[place] = equation
        if len(later) == len(left):
            break
        left = later[::-1]
    return live


def _right_side(equation: Equation, values: Mapping[Place, Value]) -> Decimal | None:
    for _, part in equation.right:
        if values.get(part) is not None:
            return total(equation.right, values)
    return None
