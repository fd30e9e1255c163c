"""Guesses that leave open what cells should hold: a row left out, or filled in with the figures of another."""

from __future__ import annotations

from collections.abc import Iterator

from xltool.diagnose.lines.guess import Cause, Guess
from xltool.diagnose.lines.scene import Scene


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
            if is_filled and figures[0] == figures[1] and not scene.is_part_of(one, other):
                for wrong, right in ((other, one), (one, other)):
                    typed = frozenset(filter(scene.is_typed, scene.row(wrong)))
                    yield Guess(Cause.ROW_DOUBLED, scene.block.index, {}, typed, rows=(wrong, right))
