"""The linear programmes of the proof of rounding, solved by HiGHS: the only place where there are floats.

scipy and numpy are imported here when they are needed: that takes longer than the whole check of a workbook in which
no rounding is left to explain.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from xltool.checking.proof_exact import Row, System, burden

if TYPE_CHECKING:
    import numpy

_SECONDS = 60
"""After so long the solver gives up, and the question stays open."""
_NOISE = 1e-9


def deviations(system: System) -> dict[int, float] | None:
    """Deviations within ±1 that meet every row, with the least sum of absolute values; those that are 0 are left out.

    Few and mostly whole: the difference of a sum is laid to a cell or two near it, and every other cell is left as it
    is printed. None if the solver finds none.
    """
    import numpy
    from scipy.sparse import hstack

    matrix, targets = _matrix(system)
    width = len(system.cells)
    result = _minimum(numpy.ones(2 * width), {"A_eq": hstack([matrix, -matrix]), "b_eq": targets}, (0, 1))
    if result.x is None:
        return None
    found = result.x[:width] - result.x[width:]
    return {int(cell): float(found[cell]) for cell in numpy.flatnonzero(numpy.abs(found) > _NOISE)}


def weights(system: System) -> dict[int, float]:
    """By how much each row counts for the largest misfit, when deviations within ±1 make that as small as it can be.

    They are the dual prices of the least largest misfit, zeros left out: where rows contradict each other, multiples of
    rows that prove it, of few rows that miss each other widely rather than of many. Empty if the solver gives up.
    """
    import numpy
    from scipy.sparse import csc_array, hstack, vstack

    matrix, targets = _matrix(system)
    width = len(system.cells)
    misfit = csc_array([[_misfit_unit(row)] for row in system.rows])
    both = vstack([hstack([matrix, -misfit]), hstack([-matrix, -misfit])])
    costs = numpy.append(numpy.zeros(width), 1)
    bounds = numpy.array([(-1, 1)] * width + [(0, numpy.inf)])
    result = _minimum(costs, {"A_ub": both, "b_ub": numpy.concatenate([targets, -targets])}, bounds)
    if result.x is None:
        return {}
    above, below = numpy.split(result.ineqlin.marginals, 2)
    prices = above - below
    counting = numpy.abs(prices) > _NOISE * numpy.abs(prices).max()
    return {int(row): float(prices[row]) for row in numpy.flatnonzero(counting)}


def _misfit_unit(row: Row) -> float:
    """What a row's misfit is measured in: half a unit of its coarsest cell, less if it makes a conflict less long."""
    return burden(row) * max(map(abs, row.values()), default=1)


def _matrix(system: System) -> tuple[Any, numpy.ndarray[Any, Any]]:
    import numpy
    from scipy.sparse import csc_array

    rows = [number for number, row in enumerate(system.rows) for _ in row]
    cells = [cell for row in system.rows for cell in row]
    factors = numpy.array([factor for row in system.rows for factor in row.values()], dtype=float)
    shape = len(system.rows), len(system.cells)
    return csc_array((factors, (rows, cells)), shape=shape), numpy.array(system.targets, dtype=float)


def _minimum(costs: Any, constraints: Mapping[str, Any], bounds: Any) -> Any:
    from scipy.optimize import linprog

    return linprog(costs, **constraints, bounds=bounds, method="highs", options={"time_limit": _SECONDS})
