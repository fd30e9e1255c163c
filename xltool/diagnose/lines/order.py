"""Guesses that figures were sorted, or pasted in another order, while the names of their rows stayed in place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from xltool.diagnose.lines.guess import Cause, Guess
from xltool.diagnose.lines.scene import Scene
from xltool.layout.block import Place
from xltool.layout.equation import Coefficient, Equation
from xltool.model import Path, Value

FEWEST = 3
"""So many rows at least stand in another order: two are figures swapped."""

_FEWEST_BY_SIZE = 5
"""So many rows at least stand in order of size by no chance."""

_MOST_ROWS, _MOST_STEPS = 60, 4000
"""So many rows are put in order, in so many steps."""


def rows_out_of_order(scene: Scene) -> Iterator[Guess]:
    """Each of some rows of a kind should hold what stands in another of them, as the equations show."""
    kinds: dict[tuple[Path, int], list[int]] = {}
    for r, row in enumerate(scene.block.rows):
        if any(map(scene.amount, filter(scene.is_typed, scene.row(r)))):
            kinds.setdefault((row.path[:-1], len(row.path[-1])), []).append(r)
    for rows in kinds.values():
        if FEWEST <= len(rows) <= _MOST_ROWS and len(scene.amiss.rows.intersection(rows)) >= FEWEST:
            cells = frozenset(place for r in rows for place in scene.row(r) if scene.is_typed(place))
            equations = scene.trials.of(cells)
            binding = list(filter(scene.trials.is_binding, equations))
            order = _Order(scene, rows, equations).found() or _Order(scene, rows, binding).found()
            changed = [(to, of) for to, of in order.items() if to != of]
            if len(changed) >= FEWEST:
                yield Guess(Cause.ROWS_OUT_OF_ORDER, scene.block.index, _moved(scene, changed), rows=tuple(rows))
            elif any(_is_by_size(scene, rows, c) for c in scene.columns):
                yield Guess(Cause.ROWS_OUT_OF_ORDER, scene.block.index, {}, cells, rows=tuple(rows))


def _is_by_size(scene: Scene, rows: Sequence[int], column: int) -> bool:
    """Whether the figures of a column stand in order of size, which they hardly do by chance."""
    lines = sorted(rows, key=lambda r: scene.block.rows[r].sheet_row)
    figures = [scene.amount(scene.block.places[r][column]) for r in lines]
    return len(set(figures)) >= _FEWEST_BY_SIZE and figures in (sorted(figures), sorted(figures, reverse=True))


class _Sum(NamedTuple):
    """An equation over figures of some rows: `rest` is what all else adds to left - right, which lies within a range.

    None where nothing bounds it.
    """

    factors: Mapping[int, Mapping[int, Coefficient]]
    rest: Decimal
    low: Decimal | None
    high: Decimal | None


class _Order:
    """Which row holds what belongs in each of some rows, as some equations have it."""

    def __init__(self, scene: Scene, rows: Sequence[int], equations: Iterable[Equation]) -> None:
        self.rows = rows
        self._amounts = {(r, c): scene.amount(scene.block.places[r][c]) for r in rows for c in scene.columns}
        cells = {place for r in rows for place in scene.row(r) if scene.is_typed(place)}
        self._of_one: dict[int, list[_Sum]] = {r: [] for r in rows}
        self._of_many: list[_Sum] = []
        for equation in equations:
            factors: dict[int, dict[int, Coefficient]] = {}
            rest = scene.trials.off(equation)
            for place, factor in scene.trials.net(equation).items():
                if place in cells:
                    factors.setdefault(place.row, {})[place.column] = factor
                    rest -= factor * self._amounts[place.row, place.column]
            reach, relation = scene.trials.reach(equation), equation.relation
            one = _Sum(factors, rest, None if relation == "<=" else -reach, None if relation == ">=" else reach)
            if len(factors) == 1:
                self._of_one[next(iter(factors))].append(one)
            elif factors:
                self._of_many.append(one)
        self._steps = 0

    def found(self) -> dict[int, int]:
        """For each row the one that holds its figures; {} if there is no such order."""
        fitting = {r: [of for of in self._own_first(r) if self._fits(r, of)] for r in self.rows}
        waiting = sorted(self.rows, key=lambda r: len(fitting[r]))
        at = {r: i for i, r in enumerate(waiting)}
        closing: dict[int, list[_Sum]] = {}
        for one in self._of_many:
            closing.setdefault(max(one.factors, key=lambda r: at[r]), []).append(one)
        order: dict[int, int] = {}
        return order if self._placed(waiting, fitting, closing, order) else {}

    def _own_first(self, r: int) -> list[int]:
        return [r, *(of for of in self.rows if of != r)]

    def _fits(self, r: int, of: int) -> bool:
        return all(self._holds(one, {r: of}) for one in self._of_one[r])

    def _placed(
        self,
        waiting: Sequence[int],
        fitting: Mapping[int, Sequence[int]],
        closing: Mapping[int, Sequence[_Sum]],
        order: dict[int, int],
    ) -> bool:
        """Whether the rows that wait can be given what is left; they are then in `order`."""
        if len(order) == len(waiting):
            return True
        r = waiting[len(order)]
        taken = set(order.values())
        for of in fitting[r]:
            self._steps += 1
            if self._steps > _MOST_STEPS:
                return False
            if of not in taken:
                order[r] = of
                if all(self._holds(one, order) for one in closing.get(r, ())) and self._placed(
                    waiting, fitting, closing, order
                ):
                    return True
                del order[r]
        return False

    def _holds(self, one: _Sum, order: Mapping[int, int]) -> bool:
        off = one.rest
        for r, columns in one.factors.items():
            for c, factor in columns.items():
                off += factor * self._amounts[order[r], c]
        return (one.low is None or one.low <= off) and (one.high is None or off <= one.high)


def _moved(scene: Scene, changed: Sequence[tuple[int, int]]) -> Mapping[Place, Value]:
    """What the typed cells of rows should hold."""
    pairs = [pair for to, of in changed for pair in zip(scene.row(to), scene.row(of), strict=True)]
    return {to: scene.value(of) for to, of in pairs if scene.is_typed(to)}
