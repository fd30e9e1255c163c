"""The columns of 汇总底稿: one a unit, or, where there are too many units to read side by side, one a 下级部门."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from xltool.merge.consolidation import ShareColumn, UnitLine
from xltool.merge.roster.roster import Roster, UnitType

MOST_UNITS = 60
"""So many units have a column each."""

_ALL = "各单位"


def share_columns(lines: Sequence[UnitLine], added: Collection[int], roster: Roster | None) -> tuple[ShareColumn, ...]:
    """The columns for the lines that are added up (`added` are their indexes); adjustments (调整表) come last."""
    adjusting = [i for i in sorted(added) if lines[i].unit.type is UnitType.ADJUSTMENT]
    summed = [i for i in sorted(added) if lines[i].unit.type is not UnitType.ADJUSTMENT]
    groups: dict[str, list[int]] = {}
    for i in summed:
        name = lines[i].unit.name if len(summed) <= MOST_UNITS else _department(lines[i], roster)
        groups.setdefault(name, []).append(i)
    return (
        *(ShareColumn(name, tuple(units)) for name, units in groups.items()),
        *(ShareColumn(lines[i].unit.name, (i,), True) for i in adjusting),
    )


def _department(line: UnitLine, roster: Roster | None) -> str:
    """The part of the roster right below its top that a unit belongs to."""
    above = roster.above(line.unit) if roster is not None else ()
    return above[-2].name if len(above) > 1 else _ALL
