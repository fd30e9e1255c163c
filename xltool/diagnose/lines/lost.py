"""Guesses that leave open what cells should hold: a row left out, or filled in with the figures of another."""

from __future__ import annotations

from collections.abc import Iterator

from xltool.diagnose.lines.guess import Cause, Guess
from xltool.diagnose.lines.scene import Scene
from xltool.diagnose.lines.trial import Undone


def row_lost(scene: Scene) -> Iterator[Guess]:
    """Nothing is filled in in a row."""
    for r in sorted(scene.amiss.rows):
        typed = frozenset(filter(scene.is_typed, scene.row(r)))
        if typed and not any(map(scene.amount, scene.row(r))):
            yield Guess(Cause.ROW_LOST, scene.block.index, {}, typed, rows=(r,))


def row_doubled(scene: Scene) -> Iterator[Guess]:
    """A row has the figures of the one above or below it."""
    for run in scene.runs:
        for one, other in zip(run, run[1:], strict=False):
            figures = [[scene.amount(place) for place in scene.row(r)] for r in (one, other)]
            is_filled = sum(1 for figure in figures[0] if figure) > 1
            if is_filled and figures[0] == figures[1] and not scene.is_only_part(one, other):
                for wrong, right in ((other, one), (one, other)):
                    typed = frozenset(filter(scene.is_typed, scene.row(wrong)))
                    yield Guess(Cause.ROW_DOUBLED, scene.block.index, {}, typed, rows=(wrong, right))


def unit_left_out(scene: Scene) -> Iterator[Guess]:
    """Of one of several units there is nothing; what adds up the units is without it."""
    rows: dict[str, list[int]] = {}
    for r, row in enumerate(scene.block.rows):
        if "unit" in row.pattern:
            rows.setdefault(row.path[row.pattern.index("unit")], []).append(r)
    totals = [r for r, row in enumerate(scene.block.rows) if "unit" not in row.pattern]
    blank = [unit for unit, own in rows.items() if not any(scene.amount(p) for r in own for p in scene.row(r))]
    for unit in blank if len(blank) < len(rows) else ():
        wanted = (place for r in (*rows[unit], *totals) for place in scene.row(r))
        typed = frozenset(filter(scene.is_typed, wanted))
        yield Guess(Cause.UNIT_LEFT_OUT, scene.block.index, {}, typed, rows=tuple(rows[unit]))


_FEWEST_OTHERS = 6
_MOST_OTHERS = 60
"""Of a hundred figures of a table so many are others where the whole table is another one."""


def other_figures(scene: Scene) -> Iterator[Guess]:
    """The whole table is of another year, or of somebody else."""
    typed = frozenset(filter(scene.is_typed, scene.of_sheet))
    yield Guess(Cause.OTHER_FIGURES, scene.block.index, {}, typed)


def are_others(undone: Undone, failing: int) -> bool:
    """Whether most of the figures of a table should be others, and hardly anything fails elsewhere."""
    is_most = len(undone.found) >= _FEWEST_OTHERS and 100 * len(undone.found) >= _MOST_OTHERS * undone.filled
    return is_most and len(undone.cleared) >= _FEWEST_OTHERS and 5 * len(undone.cleared) >= 4 * failing
