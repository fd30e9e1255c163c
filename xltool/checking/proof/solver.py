"""The linear programmes of the proof of rounding: what they find is only likely until exact arithmetic confirms it."""

from __future__ import annotations

import math
from collections.abc import Iterator

from xltool.checking.proof.exact import System
from xltool.equations.linear_programme import NOT_NEGATIVE, Constraint, Range, minimum

_NOISE = 1e-9
_DEAR = 1000
"""What a misfit costs, where a deviation costs 1."""
_DEVIATION: Range = (0, 1)
"""Up or down, as two variables."""


def deviations(system: System) -> dict[int, float] | None:
    """Deviations within ±1 that meet every row, with the least sum of absolute values; those that are 0 are left out.

    Few and mostly whole: the difference of a sum is laid to a cell or two near it, and every other cell is left as it
    is printed. None if the solver finds none.
    """
    size = 2 * len(system.cells)
    found = minimum([1] * size, [_DEVIATION] * size, list(_constraints(system)))
    if found is None:
        return None
    up_and_down = zip(found.values[::2], found.values[1::2], strict=True)
    return {cell: up - down for cell, (up, down) in enumerate(up_and_down) if abs(up - down) > _NOISE}


def misfits(system: System) -> list[int]:
    """The rows that are not met when the rows are met as well as deviations within ±1 can; the first one first.

    Each is part of some contradiction, or nearly. None if the solver gives up.
    """
    size = 2 * len(system.cells)
    off = [row for row, target in enumerate(system.targets) if target]
    constraints = list(_constraints(system))
    for number, row in enumerate(off):
        above = size + 2 * number
        constraints[row] = Constraint({**constraints[row].factors, above: 1, above + 1: -1}, constraints[row].range)
    costs = [1] * size + [_DEAR] * 2 * len(off)
    found = minimum(costs, [_DEVIATION] * size + [NOT_NEGATIVE] * 2 * len(off), constraints)
    if found is None:
        return []
    above_and_below = zip(off, found.values[size::2], found.values[size + 1 :: 2], strict=True)
    return [row for row, above, below in above_and_below if above + below > _NOISE]


def weights(system: System) -> dict[int, float]:
    """By how much each row counts for the largest misfit, when deviations within ±1 make that as small as it can be.

    They are the dual prices of the least largest misfit, zeros left out: where rows contradict each other, multiples of
    rows that prove it, of few rows that miss each other widely rather than of many. Empty if the solver gives up.
    """
    misfit = 2 * len(system.cells)
    units = [system.burden([number]) * max(map(abs, row.values()), default=1) for number, row in enumerate(system.rows)]
    above, below = [], []
    for constraint, unit in zip(_constraints(system), units, strict=True):
        above.append(Constraint({**constraint.factors, misfit: -unit}, (-math.inf, constraint.range[1])))
        below.append(Constraint({**constraint.factors, misfit: unit}, (constraint.range[0], math.inf)))
    found = minimum([0] * misfit + [1], [_DEVIATION] * misfit + [NOT_NEGATIVE], above + below)
    if found is None:
        return {}
    prices = [sum(pair) for pair in zip(found.prices[: len(above)], found.prices[len(above) :], strict=True)]
    largest = max(map(abs, prices))
    return {row: price for row, price in enumerate(prices) if abs(price) > _NOISE * largest}


def _constraints(system: System) -> Iterator[Constraint]:
    """Every row; its variables 2i and 2i + 1 are by how much cell i deviates upwards and downwards."""
    for row, target in zip(system.rows, system.targets, strict=True):
        factors = {2 * cell + side: sign * factor for cell, factor in row.items() for side, sign in ((0, 1), (1, -1))}
        yield Constraint(factors, (target, target))
