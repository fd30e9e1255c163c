"""Guesses that leave open what cells should hold: a row left out, or filled in with the figures of another."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from decimal import Decimal

from xltool.diagnose.lines.guess import Cause, Guess
from xltool.diagnose.lines.scene import Scene
from xltool.diagnose.slips import rarity
from xltool.model import member_name

_YEAR = re.compile(r"[0-9]{4}|[上本]")

_RARE = 12.0
"""Bits of figures that are not the same in two rows by chance."""


def row_lost(scene: Scene) -> Iterator[Guess]:
    """Nothing is filled in in a row that adds up no others: a blank total is told as one."""
    for r in sorted(scene.amiss.rows):
        if scene.adds_up_rows(r):
            continue
        typed = frozenset(filter(scene.is_typed, scene.row(r)))
        if typed and not any(map(scene.amount, scene.row(r))):
            yield Guess(Cause.ROW_LOST, scene.block.index, {}, typed, rows=(r,))


def row_doubled(scene: Scene) -> Iterator[Guess]:
    """What is typed in a row are the figures of the one above or below it."""
    for run in scene.runs:
        for one, other in zip(run, run[1:], strict=False):
            if not scene.is_only_part(one, other) and not _are_years(scene, one, other):
                for wrong, right in ((other, one), (one, other)):
                    pairs = zip(scene.row(wrong), scene.row(right), strict=True)
                    typed = {place: beside for place, beside in pairs if scene.is_typed(place)}
                    filled = sum(1 for place in typed if scene.amount(place))
                    if filled > 1 and all(scene.amount(a) == scene.amount(b) for a, b in typed.items()):
                        yield Guess(Cause.ROW_DOUBLED, scene.block.index, {}, frozenset(typed), rows=(wrong, right))


def _are_years(scene: Scene, one: int, other: int) -> bool:
    """Whether two rows are of the same in two years, which is often planned as it was."""
    names = (scene.block.rows[r].path[-1] for r in (one, other))
    return len({_YEAR.sub("", name) for name in names}) == 1


def row_twice(scene: Scene) -> Iterator[Guess]:
    """A row stands there a second time: the same name, the same figures."""
    for r, row in enumerate(scene.block.rows):
        first = scene.block.row_index.get((*row.path[:-1], member_name(row.path[-1])), r)
        figures = [scene.amount(place) for place in scene.row(r)]
        if first != r and any(figures) and figures == [scene.amount(place) for place in scene.row(first)]:
            typed = dict.fromkeys(filter(scene.is_typed, scene.row(r)))
            yield Guess(Cause.ROW_DOUBLED, scene.block.index, typed, rows=(r, first))


def are_copied(row: Collection[Decimal]) -> bool:
    """Whether figures of a row are too many to be those of another row by chance, sums of others left aside."""
    figures = sorted({abs(figure) for figure in row if figure})
    own = figures[:-1] if len(figures) > 2 and sum(figures[:-1]) == figures[-1] else figures
    return len(own) > 1 and sum(map(rarity, own)) >= _RARE


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


def other_figures(scene: Scene) -> Iterator[Guess]:
    """The whole table is of another year, or of somebody else."""
    typed = frozenset(filter(scene.is_typed, scene.of_sheet))
    yield Guess(Cause.OTHER_FIGURES, scene.block.index, {}, typed)
