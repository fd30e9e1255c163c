"""Values of the cells with live formulas, computed exactly from the cells they add up."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from xltool.layout.equation import Equation, Term
from xltool.layout.layout import Place
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


def compute(
    values: Values, computed: Mapping[Place, Equation], given: Mapping[Place, Value] = MappingProxyType({})
) -> dict[Place, Equation]:
    """Fill in `values` at every place of `computed`: the right side's sum, or None where all its parts are blank.

    A value `given` for such a place stands if it differs from the sum; the places whose values were computed (or
    agree) are returned with their equations. Cells that depend on themselves keep what they have.
    """
    live: dict[Place, Equation] = {}
    done: set[Place] = set()
    for start in computed:
        pending = [start]
        while pending:
            place = pending[-1]
            if place in done:
                pending.pop()
                continue
            parts = computed[place].right
            waiting = [t.place for t in parts if t.place in computed and t.place not in done]
            if waiting and not set(waiting) & set(pending):
                pending += waiting
                continue
            pending.pop()
            done.add(place)
            value = total(parts, values) if any(values.get(term.place) is not None for term in parts) else None
            if place in given and given[place] != value:
                values[place] = given[place]
            else:
                values[place] = value
                live[place] = computed[place]
    return live
