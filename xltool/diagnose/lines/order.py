"""Guesses that figures were sorted, or pasted in another order, while the names of their rows stayed in place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from xltool.diagnose.lines.guess import Cause, Guess
from xltool.diagnose.lines.scene import Scene
from xltool.layout.block import Place
from xltool.model import Path, Value

FEWEST = 3
"""So many rows at least stand in another order: two are figures swapped."""


def rows_out_of_order(scene: Scene) -> Iterator[Guess]:
    """Each of some rows of a kind should hold what stands in another of them, as the equations of one column show."""
    kinds: dict[tuple[Path, int], list[int]] = {}
    for r, row in enumerate(scene.block.rows):
        kinds.setdefault((row.path[:-1], len(row.path[-1])), []).append(r)
    for rows in kinds.values():
        filled = [r for r in rows if any(map(scene.amount, scene.row(r)))]
        for column in scene.columns if len(filled) >= FEWEST else ():
            order = _order(scene, filled, column)
            changed = [(to, of) for to, of in zip(filled, order, strict=False) if to != of]
            if len(changed) >= FEWEST:
                yield Guess(Cause.ROWS_OUT_OF_ORDER, scene.block.index, _moved(scene, changed), rows=tuple(filled))
                break


def _order(scene: Scene, rows: Sequence[int], column: int) -> list[int]:
    """The row that holds what belongs in each of some rows, as a column shows; [] if it does not."""
    places = {r: scene.block.places[r][column] for r in rows}
    left = {r: scene.amount(place) for r, place in places.items()}
    found: dict[int, int] = {}
    for r, place in places.items():  # what agrees stays where it is
        if place not in scene.implied:
            found[r] = r
            del left[r]
    for r, place in places.items():
        if r not in found:
            wanted = scene.implied[place]
            nearest = min(left, key=lambda of: abs(left[of] - wanted))
            if abs(left[nearest] - wanted) > scene.unit(place):
                return []
            found[r] = nearest
            del left[nearest]
    return [found[r] for r in rows]


def _moved(scene: Scene, changed: Sequence[tuple[int, int]]) -> Mapping[Place, Value]:
    """What the typed cells of rows should hold."""
    pairs = [pair for to, of in changed for pair in zip(scene.row(to), scene.row(of), strict=True)]
    return {to: scene.value(of) for to, of in pairs if scene.is_typed(to)}
