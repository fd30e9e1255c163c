"""Linear programmes, solved by HiGHS: the only place where there are floats, so that its answers need an exact check.

highspy is imported here when it is needed: that takes as long as checking a workbook in which no rounding is left to
explain.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

_SECONDS = 60.0
"""After so long the solver gives up."""

Range = tuple[float, float]
"""Least and largest value; they may be infinite."""

FREE: Range = (-math.inf, math.inf)
NOT_NEGATIVE: Range = (0, math.inf)


class Minimum(NamedTuple):
    """The values of the variables at the minimum, and of each row its dual price."""

    values: list[float]
    prices: list[float]


class Line(NamedTuple):
    """A row: the range of Σ factor x variable, variables by number."""

    factors: Mapping[int, float]
    range: Range


def minimum(costs: Sequence[float], ranges: Sequence[Range], lines: Sequence[Line]) -> Minimum | None:
    """The least Σ cost x variable, of variables within their ranges that meet all lines; None if the solver has none.

    Julian Hall and others, HiGHS (https://highs.dev), through its own Python interface.
    """
    import highspy

    programme = highspy.HighsLp()
    programme.num_col_, programme.num_row_ = len(costs), len(lines)
    programme.col_cost_ = list(costs)
    programme.col_lower_, programme.col_upper_ = ([ends[i] for ends in ranges] for i in (0, 1))
    programme.row_lower_, programme.row_upper_ = ([line.range[i] for line in lines] for i in (0, 1))
    matrix = programme.a_matrix_
    matrix.format_ = highspy.MatrixFormat.kRowwise
    matrix.start_ = _starts(lines)
    matrix.index_ = [variable for line in lines for variable in line.factors]
    matrix.value_ = [float(factor) for line in lines for factor in line.factors.values()]
    solver = highspy.Highs()
    solver.silent()
    solver.setOptionValue("time_limit", _SECONDS)
    solver.passModel(programme)
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    solution = solver.getSolution()
    return Minimum(list(solution.col_value), list(solution.row_dual))


def _starts(lines: Sequence[Line]) -> list[int]:
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line.factors))
    return starts
