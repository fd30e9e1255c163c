"""The linear programmes of the proof of rounding, solved by HiGHS: the only place where there are floats.

scipy and numpy are imported here when they are needed: that takes longer than the whole check of a workbook in which
no rounding is left to explain.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from xltool.checking.proof_exact import System

if TYPE_CHECKING:
    import numpy

_SECONDS = 60
"""After so long the solver gives up, and the question stays open."""
_NOISE = 1e-9
_DEAR = 1000
"""What a misfit costs, where a deviation costs 1."""


def deviations(system: System) -> dict[int, float] | None:
    """Deviations within ±1 that meet every row, with the least sum of absolute values; those that are 0 are left out.

    Few and mostly whole: the difference of a sum is laid to a cell or two near it, and every other cell is left as it
    is printed. None if the solver finds none.
    """
    import numpy
    from scipy.sparse import hstack

    matrix, targets = _matrix(system)
    width = len(system.cells)
    result = _minimum(numpy.ones(2 * width), {"A_eq": hstack([matrix, -matrix]), "b_eq": targets}, 1)
    if result.x is None:
        return None
    found = result.x[:width] - result.x[width:]
    return {int(cell): float(found[cell]) for cell in numpy.flatnonzero(numpy.abs(found) > _NOISE)}


def misfits(system: System) -> list[int]:
    """The rows that are not met when the rows are met as well as deviations within ±1 can; the first one first.

    Each is part of some contradiction, or nearly. None if the solver gives up.
    """
    import numpy
    from scipy.sparse import eye_array, hstack

    matrix, targets = _matrix(system)
    width, off = len(system.cells), numpy.flatnonzero(targets)
    misfit = eye_array(len(system.rows), format="csc")[:, off]
    costs = numpy.concatenate([numpy.ones(2 * width), numpy.full(2 * len(off), _DEAR)])
    most = numpy.concatenate([numpy.ones(2 * width), numpy.full(2 * len(off), numpy.inf)])
    result = _minimum(costs, {"A_eq": hstack([matrix, -matrix, misfit, -misfit]), "b_eq": targets}, most)
    if result.x is None:
        return []
    above, below = numpy.split(result.x[2 * width :], 2)
    return [int(row) for row in off[above + below > _NOISE]]


def weights(system: System) -> dict[int, float]:
    """By how much each row counts for the largest misfit, when deviations within ±1 make that as small as it can be.

    They are the dual prices of the least largest misfit, zeros left out: where rows contradict each other, multiples of
    rows that prove it, of few rows that miss each other widely rather than of many. Empty if the solver gives up.
    """
    import numpy
    from scipy.sparse import csc_array, hstack, vstack

    matrix, targets = _matrix(system)
    units = [system.burden([number]) * max(map(abs, row.values()), default=1) for number, row in enumerate(system.rows)]
    misfit = csc_array([[unit] for unit in units])
    rows = hstack([matrix, -matrix, -misfit]), hstack([-matrix, matrix, -misfit])
    costs = numpy.append(numpy.zeros(2 * len(system.cells)), 1)
    most = numpy.append(numpy.ones(2 * len(system.cells)), numpy.inf)
    result = _minimum(costs, {"A_ub": vstack(rows), "b_ub": numpy.concatenate([targets, -targets])}, most)
    if result.x is None:
        return {}
    above, below = numpy.split(result.ineqlin.marginals, 2)
    prices = above - below
    counting = numpy.abs(prices) > _NOISE * numpy.abs(prices).max()
    return {int(row): float(prices[row]) for row in numpy.flatnonzero(counting)}


def _matrix(system: System) -> tuple[Any, numpy.ndarray[Any, Any]]:
    import numpy
    from scipy.sparse import csc_array

    rows = [number for number, row in enumerate(system.rows) for _ in row]
    cells = [cell for row in system.rows for cell in row]
    factors = numpy.array([factor for row in system.rows for factor in row.values()], dtype=float)
    shape = len(system.rows), len(system.cells)
    return csc_array((factors, (rows, cells)), shape=shape), numpy.array(system.targets, dtype=float)


def _minimum(costs: Any, constraints: Mapping[str, Any], most: Any) -> Any:
    """The solver's result for variables between 0 and `most` (each, or all alike)."""
    import numpy
    from scipy.optimize import linprog

    bounds = numpy.column_stack([numpy.zeros(len(costs)), numpy.broadcast_to(most, len(costs))])
    return linprog(costs, **constraints, bounds=bounds, method="highs", options={"time_limit": _SECONDS})
