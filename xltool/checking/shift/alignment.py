"""How the cells of one row would have to be moved, in their order, to stand under headings that they fit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

MAX_STEPS = 6
"""Cells are looked for at most so many columns away."""


class Alignment(NamedTuple):
    """One way to move the cells of a row: the smaller, the likelier.

    misfits: cells that do not fit where they come to stand; breaks: how often the distance changes along the row;
    hollow: columns that should be filled but are left blank; moved: cells that are moved; distance: all steps together;
    is_tight: whether they could go no further; steps: of each cell, to the right (to the left if negative).
    """

    misfits: int
    breaks: int
    hollow: int
    moved: int
    distance: int
    is_tight: bool
    steps: tuple[int, ...]


class RowCells(NamedTuple):
    """The filled cells of a row: their columns in ascending order (numbered from 0), and which columns they fit.

    `needed` says of each column whether it should be filled; cells before `first` cannot be moved.
    """

    columns: Sequence[int]
    needed: Sequence[bool]
    fits: Callable[[int, int], bool]
    first: int = 0

    @property
    def astray(self) -> list[int]:
        """The cells that do not fit where they stand."""
        return [i for i, column in enumerate(self.columns) if not self.fits(i, column)]

    @property
    def slips(self) -> tuple[int, ...] | None:
        """The steps of each cell if the cells astray each go to the blank column next to them, where they fit."""
        steps = {i: self._slip(i) for i in self.astray}
        return None if 0 in steps.values() else tuple(steps.get(i, 0) for i in range(len(self.columns)))

    def _slip(self, i: int) -> int:
        free = (step for step in (1, -1) if self.columns[i] + step not in self.columns)
        beside = (step for step in free if 0 <= self.columns[i] + step < len(self.needed))
        return next((step for step in beside if self.fits(i, self.columns[i] + step)), 0)

    def hollow(self, start: int, stop: int) -> int:
        """How many columns between two others should be filled."""
        return sum(self.needed[start + 1 : stop])


def alignments(row: RowCells) -> list[Alignment]:
    """The best ways to move the cells of `row` from some cell on, all of them in one direction, likeliest first.

    From where cells were lost the others stand too far left, and further at each such place; the same for cells too
    many and the right. There is none for a row whose cells all fit.
    """
    astray = row.astray
    starts = range(row.first, astray[0] + 1) if astray else ()
    return sorted(best for start in starts for sign in (1, -1) for best in _moved_from(row, start, sign))


def _moved_from(row: RowCells, start: int, sign: int) -> Iterator[Alignment]:
    """The best way to move the cells from `start` on, if there is one."""
    found = {0: _unmoved(row, start)}
    for i in range(start, len(row.columns)):
        longer: dict[int, Alignment] = {}
        for before, way in found.items():
            for steps in range(max(before, 1), MAX_STEPS + 1):
                next_way = _with_cell(row, way, i, sign * steps, steps != before)
                if next_way is not None and (steps not in longer or next_way < longer[steps]):
                    longer[steps] = next_way
        found = longer
    yield from sorted(_finished(row, way, start, sign) for way in found.values())[:1]


def _finished(row: RowCells, way: Alignment, start: int, sign: int) -> Alignment:
    """`way` with what can be said once every cell is moved."""
    last, edge = _last(row, way), len(row.needed)
    before = row.columns[start - 1] if start else -1
    is_tight = last == edge - 1 if sign > 0 else row.columns[start] + way.steps[start] == before + 1
    return way._replace(hollow=way.hollow + row.hollow(last, edge), is_tight=is_tight)


def _unmoved(row: RowCells, count: int) -> Alignment:
    """The first `count` cells where they are."""
    way = Alignment(0, 0, 0, 0, 0, False, ())
    for i in range(count):
        extended = _with_cell(row, way, i, 0, is_break=False)
        assert extended is not None
        way = extended
    return way


def _with_cell(row: RowCells, way: Alignment, i: int, steps: int, is_break: bool) -> Alignment | None:
    """`way` with the next cell moved by `steps`; None if another cell or the table's edge is there."""
    before, column = _last(row, way), row.columns[i] + steps
    if not before < column < len(row.needed):
        return None
    return Alignment(
        way.misfits + (not row.fits(i, column)),
        way.breaks + is_break,
        way.hollow + row.hollow(before, column),
        way.moved + (steps != 0),
        way.distance + abs(steps),
        False,
        (*way.steps, steps),
    )


def _last(row: RowCells, way: Alignment) -> int:
    """Where the last cell moved so far has come to stand."""
    return row.columns[len(way.steps) - 1] + way.steps[-1] if way.steps else -1
