"""Guesses that say of every cell what it should hold: another unit, columns swapped, rows shifted or out of order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import islice

from xltool.diagnose.lines.guess import Cause, Guess
from xltool.diagnose.lines.scene import Scene
from xltool.layout.block import Place
from xltool.model import Value

FACTOR = Decimal(10000)
"""How many 元 make one 万元."""


_FEWEST_PAIRS = 2
"""So many rows at least stand in the other column."""


def other_unit(scene: Scene) -> Iterator[Guess]:
    """The table, a row or a column is in 元 instead of 万元, or was divided once too often."""
    rows, columns = scene.amiss
    lines: list[tuple[tuple[int, ...], tuple[int, ...], Iterable[Place]]] = [((), (), scene.of_sheet)]
    lines += [((), (c,), [line[c] for line in scene.block.places]) for c in sorted(columns)]
    lines += [((r,), (), scene.row(r)) for r in sorted(rows)]
    for in_rows, in_columns, places in lines:
        typed = {place: scene.amount(place) for place in places if scene.is_typed(place) and scene.amount(place)}
        for factor in (FACTOR, 1 / FACTOR) if len(typed) > 1 else ():
            right: dict[Place, Value] = {place: value / factor for place, value in typed.items()}
            yield Guess(Cause.OTHER_UNIT, scene.block.index, right, frozenset(), in_rows, in_columns, factor)


def columns_swapped(scene: Scene) -> Iterator[Guess]:
    """Two columns side by side stand in each other's place."""
    amiss = scene.amiss.columns
    for one, other in zip(scene.columns, scene.columns[1:], strict=False):
        if one not in amiss and other not in amiss:
            continue
        pairs = [(line[one], line[other]) for line in scene.block.places]
        pairs = [pair for pair in pairs if all(map(scene.is_typed, pair)) and len({*map(scene.amount, pair)}) > 1]
        if len(pairs) >= _FEWEST_PAIRS:
            changes = {a: scene.value(b) for a, b in pairs} | {b: scene.value(a) for a, b in pairs}
            yield Guess(Cause.COLUMNS_SWAPPED, scene.block.index, changes, columns=(one, other))


def rows_shifted(scene: Scene) -> Iterator[Guess]:
    """From a blank row on, one row or all rows up to the last one were put one line too low (or too high)."""
    for run in scene.runs:
        for direction in (1, -1):
            line = run[::direction]
            for start, r in enumerate(line[:-1]):
                if r in scene.amiss.rows and not any(map(scene.amount, filter(scene.is_typed, scene.row(r)))):
                    for end in {start + 1, _last(scene, line, start)}:
                        yield from _moved_back(scene, line[start : end + 1])


def _last(scene: Scene, line: Sequence[int], start: int) -> int:
    """Where the last row with figures is."""
    return max((i for i in range(start, len(line)) if any(map(scene.amount, scene.row(line[i])))), default=start + 1)


def _moved_back(scene: Scene, rows: Sequence[int]) -> Iterator[Guess]:
    """Each of some rows should hold what stands in the next one; what belongs in the last one is not known."""
    changes: dict[Place, Value] = {}
    unknown = {place for place in scene.row(rows[-1]) if scene.is_typed(place)}
    for to, of in zip(rows, rows[1:], strict=False):
        for here, there in zip(scene.row(to), scene.row(of), strict=True):
            if scene.is_typed(here) and scene.is_typed(there):
                changes[here] = scene.value(there)
            elif scene.is_typed(here):
                unknown.add(here)
    moved = (place for r in rows[1:] for place in scene.row(r) if scene.is_typed(place) and scene.amount(place))
    if any(changes.values()) and len(list(islice(moved, 2))) > 1:
        yield Guess(Cause.ROWS_SHIFTED, scene.block.index, changes, frozenset(unknown), rows=tuple(rows))
