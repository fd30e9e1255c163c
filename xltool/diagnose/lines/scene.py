"""One block in which several equations fail, as guesses see it: its lines, and in which of them something is amiss."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from xltool.checking.check import Checked
from xltool.diagnose.lines.trial import Trials
from xltool.layout.block import BlockAt, Place
from xltool.model import Value


class Amiss(NamedTuple):
    """The rows and columns with a typed cell of a failing equation."""

    rows: frozenset[int]
    columns: frozenset[int]


class Scene:
    """A block of a checked book. `suspects` are the typed cells of its failing equations."""

    def __init__(self, checked: Checked, trials: Trials, block: BlockAt, suspects: Collection[Place]) -> None:
        self._checked = checked
        self.trials = trials
        self.block = block
        self.amiss = Amiss(frozenset(place.row for place in suspects), frozenset(place.column for place in suspects))

    def value(self, place: Place) -> Value:
        """What stands there."""
        return self._checked.book.values.get(place)

    def amount(self, place: Place) -> Decimal:
        """What stands there, 0 for a blank."""
        value = self.value(place)
        return value if isinstance(value, Decimal) else Decimal(0)

    def is_typed(self, place: Place) -> bool:
        """Whether no formula gives it."""
        return place not in self._checked.book.live

    @cached_property
    def columns(self) -> list[int]:
        """The columns of amounts, from left to right."""
        there = [c for c in self.block.block.amounts if self.block.columns[c].sheet_column]
        return sorted(there, key=lambda c: self.block.columns[c].sheet_column)

    def row(self, r: int) -> list[Place]:
        """The amounts of a row, from left to right."""
        return [self.block.places[r][c] for c in self.columns]

    def adds_up_rows(self, r: int) -> bool:
        """Whether a row is the sum of other rows of its block."""
        sums = (e for place in self.row(r) if (e := self._checked.definitions.get(place)) is not None)
        return any(part.block == self.block.index and part.row != r for e in sums for _, part in e.right)

    def is_only_part(self, one: int, other: int) -> bool:
        """Whether one of two rows rightly adds up the other, so that both may well be the same."""
        failing = {id(outcome.equation) for outcome in self._checked.judged.failing}
        for a, b in ((one, other), (other, one)):
            equations = [e for place in self.row(a) if (e := self._checked.definitions.get(place)) is not None]
            sums = [e for e in equations if any(part[:2] == (self.block.index, b) for _, part in e.right)]
            if sums and not any(id(equation) in failing for equation in sums):
                return True
        return False

    @cached_property
    def runs(self) -> list[list[int]]:
        """The rows on lines that follow one another, from top to bottom."""
        found: list[list[int]] = []
        order = sorted(range(len(self.block.rows)), key=lambda r: self.block.rows[r].sheet_row)
        for r in order:
            if found and self.block.rows[r].sheet_row == self.block.rows[found[-1][-1]].sheet_row + 1:
                found[-1].append(r)
            else:
                found.append([r])
        return found

    @cached_property
    def of_sheet(self) -> Iterable[Place]:
        """Every amount of the table, other blocks of its sheet included."""
        blocks = [block for block in self._checked.book.layout.blocks if block.sheet == self.block.sheet]
        return [place for block in blocks for place in block.figures(("amount",))]
