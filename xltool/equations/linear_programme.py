"""Linear programmes, solved by HiGHS: the only place where there are floats, so that its answers need an exact check.

highspy is imported here when it is needed: that takes as long as checking a workbook in which no rounding is left to
explain.
"""

from __future__ import annotations

import contextlib
import math
import os
from collections.abc import Iterator, Mapping, Sequence
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from highspy import Highs, HighsLp

_SECONDS = 60.0
"""After so long the solver gives up."""

_GAP, _WHOLE_GAP = 1e-7, 0.5
"""Whole numbers are proved best if no others can cost less by so much: fractions, or whole costs."""

Range = tuple[float, float]
"""Least and largest value; they may be infinite."""

FREE: Range = (-math.inf, math.inf)
NOT_NEGATIVE: Range = (0, math.inf)


class Minimum(NamedTuple):
    """The values of the variables at the minimum, and of each row its dual price."""

    values: list[float]
    prices: list[float]


class Constraint(NamedTuple):
    """A row: the range of Σ factor x variable, variables by number."""

    factors: Mapping[int, float]
    range: Range


class Whole(NamedTuple):
    """What was found of whole numbers: the best `values`, None if none were, and whether there are certainly no better.

    (No values, and proved: there are none.)
    """

    values: list[int] | None
    is_proved: bool


def minimum(costs: Sequence[float], ranges: Sequence[Range], constraints: Sequence[Constraint]) -> Minimum | None:
    """The least Σ cost x variable, of variables within their ranges that meet all constraints; None if it finds none.

    Julian Hall and others, HiGHS (https://highs.dev), through its own Python interface.
    """
    import highspy

    solver = _solver(_programme(costs, ranges, constraints), _SECONDS)
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    solution = solver.getSolution()
    return Minimum(list(solution.col_value), list(solution.row_dual))


def whole_minimum(
    costs: Sequence[float],
    ranges: Sequence[Range],
    constraints: Sequence[Constraint],
    seconds: float,
    start: Sequence[int] | None = None,
) -> Whole:
    """The least Σ cost x variable of whole numbers, searched for so many seconds, from `start` on if that is given."""
    import highspy

    programme = _programme(costs, ranges, constraints)
    programme.integrality_ = [highspy.HighsVarType.kInteger] * len(costs)
    solver = _solver(programme, seconds)
    solver.setOptionValue("mip_rel_gap", 0.0)
    solver.setOptionValue("mip_abs_gap", _WHOLE_GAP if all(map(float.is_integer, costs)) else _GAP)
    if start is not None:
        solution = highspy.HighsSolution()
        solution.col_value = [float(value) for value in start]
        solver.setSolution(solution)
    solver.run()
    status = solver.getModelStatus()
    if status == highspy.HighsModelStatus.kInfeasible:
        return Whole(None, True)
    if solver.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return Whole(None, False)
    values = [round(value) for value in solver.getSolution().col_value]
    return Whole(values, status == highspy.HighsModelStatus.kOptimal)


def _programme(costs: Sequence[float], ranges: Sequence[Range], constraints: Sequence[Constraint]) -> HighsLp:
    import highspy

    programme = highspy.HighsLp()
    programme.num_col_, programme.num_row_ = len(costs), len(constraints)
    programme.col_cost_ = list(costs)
    programme.col_lower_, programme.col_upper_ = ([ends[i] for ends in ranges] for i in (0, 1))
    programme.row_lower_, programme.row_upper_ = ([constraint.range[i] for constraint in constraints] for i in (0, 1))
    matrix = programme.a_matrix_
    matrix.format_ = highspy.MatrixFormat.kRowwise
    matrix.start_ = _starts(constraints)
    matrix.index_ = [variable for constraint in constraints for variable in constraint.factors]
    matrix.value_ = [float(factor) for constraint in constraints for factor in constraint.factors.values()]
    return programme


def _solver(programme: HighsLp, seconds: float) -> Highs:
    """A silent solver with this programme."""
    import highspy

    with _standard_output_kept():  # 1.16 prints a banner before it can be told not to
        solver = highspy.Highs()
        solver.silent()
    solver.setOptionValue("time_limit", seconds)
    solver.passModel(programme)
    return solver


_OUTPUT = 1
"""The file descriptor of standard output: native code writes there, past `sys.stdout`."""

_REDIRECTING = Lock()
"""Of two threads that redirect at once, the second would put back what the first had put in place."""


@contextlib.contextmanager
def _standard_output_kept() -> Iterator[None]:
    """Whatever native code writes to standard output meanwhile is lost; also where there is none (`>&-`)."""
    with _REDIRECTING:
        _flush_native()
        try:
            kept = os.dup(_OUTPUT)
        except OSError:
            kept = None
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, _OUTPUT)
        if nowhere != _OUTPUT:
            os.close(nowhere)
        try:
            yield
        finally:
            _flush_native()
            if kept is None:
                os.close(_OUTPUT)
            else:
                os.dup2(kept, _OUTPUT)
                os.close(kept)


def _flush_native() -> None:
    """Write out what the C library holds back for a pipe or a file."""
    import ctypes  # as slow to import as it is rarely needed; numpy, which highspy needs, has it loaded

    library = ctypes.CDLL("ucrtbase" if os.name == "nt" else None)
    library.fflush(None)


def _starts(constraints: Sequence[Constraint]) -> list[int]:
    starts = [0]
    for constraint in constraints:
        starts.append(starts[-1] + len(constraint.factors))
    return starts
