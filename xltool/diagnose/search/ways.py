"""The ways to explain by one mistake what fails: a cell with another figure, or two cells in each other's place."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from xltool.diagnose.slips import slips
from xltool.diagnose.system import Changes, Range, System
from xltool.diagnose.weighing import WRONG, Weigher, beside
from xltool.layout.block import Place

_MOST_CELLS, _MOST_LOOKED_AT = 300, 2000
"""Of the cells that could each be wrong so many are tried, of so many that are looked at."""

DOUBTFUL = 100.0
"""Bits of figures that only a solver gives, and that nothing bears out."""

_UNEXPLAINED, _ABSENT = 2 * WRONG + 2, WRONG + 6
"""Bits of a rule that is left unexplained: tables may differ by more than a figure. Of one that compares with a row
that is not there: the row may be missing."""

_NEAR = Decimal("0.05")

_TRIED, _KEPT = 8, 3
"""Of the figures that a cell may have been meant to hold so many are tried, and so many kept."""


class Hypothesis(NamedTuple):
    """What may be wrong, all together: typed cells with the figures meant, and the slip that it looks like."""

    changes: Changes
    slip: str
    bits: float


class After:
    """A book once some cells hold other figures: by how much its equations are off then, each worked out once."""

    def __init__(self, system: System, changes: Changes) -> None:
        self.changes = changes
        self._system = system
        self._differences: dict[int, Decimal] = {}

    @cached_property
    def woken(self) -> frozenset[Place]:
        """The places whose rounding counts since."""
        return self._system.woken(self.changes)

    def difference(self, number: int) -> Decimal:
        """left - right of an equation."""
        known = self._differences.get(number)
        if known is None:
            known = self._system.difference(number)
            for cell, right in self.changes.items():
                if factor := self._system.touched(cell).get(number):
                    known += factor * (right - self._system.amount(cell))
            self._differences[number] = known
        return known


class Ways:
    """Explains failing equations of one book; equations in `idle` say nothing here. `known` are mistakes already found:
    the figures that their cells should have."""

    def __init__(self, weigher: Weigher, idle: frozenset[int]) -> None:
        self.system = weigher.system
        self.weigher = weigher
        self.idle = idle

    def of(self, known: Changes, failing: Sequence[int]) -> list[Hypothesis]:
        """Every cell, and every two that may have been swapped, whose change mends all that fails after `known`."""
        if not failing:
            return []
        common = set.intersection(*(set(self.system.net(number)) for number in failing)) - known.keys()
        after = self.after(known)
        found = [
            way
            for cell in self.likely(after, common, failing, _MOST_CELLS)
            for way in self._single(after, cell, failing)
        ]
        found += self._swaps(after, failing)
        return sorted(found, key=lambda way: way.bits)

    def after(self, known: Changes) -> After:
        """The book once mistakes already found are corrected."""
        return After(self.system, known)

    def without(self, numbers: Collection[int]) -> Ways:
        """As if some equations said nothing."""
        return Ways(self.weigher, self.idle.union(numbers)) if numbers else self

    def bits_unexplained(self, number: int) -> float | None:
        """What it costs to leave an equation that fails unexplained; None if it cannot be: it holds within a table."""
        if self.system.equations[number].structural:
            return None
        return _ABSENT if self.system.is_absent(number) else _UNEXPLAINED

    def surely_wrong(self, failing: Sequence[int]) -> dict[Place, Decimal]:
        """The cells of failing equations in which amounts stand that are below zero though none may be, and what they
        are without the sign."""
        cells = dict.fromkeys(cell for number in failing for cell in self.system.net(number))
        return {cell: -self.system.amount(cell) for cell in cells if self.weigher.is_surely_wrong(cell)}

    def slip_near(self, way: Hypothesis) -> Changes | None:
        """Of a cell that should hold a figure that looks like no slip one near it that does: together with another
        mistake it may be the right one. None if there is none."""
        if way.slip or len(way.changes) != 1:
            return None
        ((cell, right),) = way.changes.items()
        near = abs(right) * _NEAR
        found = self.weigher.meant(cell, Range(right - near, right + near))
        return next(({cell: meant.right} for meant in found if meant.slip and meant.right != right), None)

    def likely(self, after: After, cells: Iterable[Place], failing: Sequence[int], count: int) -> list[Place]:
        """So many of some cells, those that look most like a slip; of very many the blank ones are not looked at."""
        every = sorted(cells)
        if len(every) <= count:
            return every
        if len(every) > _MOST_LOOKED_AT:
            every = [cell for cell in every if self.system.amount(cell)][:_MOST_LOOKED_AT]
        return sorted(every, key=lambda cell: self.looks(after, cell, failing))[:count]

    def weighed(self, changes: Changes) -> Hypothesis:
        """Some changes as an explanation, of which nobody has looked whether they are right."""
        if len(changes) > 1:
            return Hypothesis(changes, "swap", self.bits_of_swap(changes) + DOUBTFUL)
        ((cell, right),) = changes.items()
        _, slip, bits = self.weigher.weigh(cell, right)
        return Hypothesis(changes, slip, bits + DOUBTFUL)

    def bits_of(self, mistakes: Sequence[Changes]) -> float:
        """The bits of several mistakes together: what equations say of them all counts once."""
        evidence = self.weigher.evidence({cell: right for changes in mistakes for cell, right in changes.items()})
        alone = sum(self.weighed(changes).bits - DOUBTFUL for changes in mistakes)
        return alone + (DOUBTFUL if evidence is None else evidence)

    def _single(self, after: After, cell: Place, failing: Sequence[int]) -> Iterator[Hypothesis]:
        between = self._between(after, cell, failing)
        if between is None:
            return
        found = 0
        for right, slip, bits in self.weigher.meant(cell, between)[:_TRIED]:
            if right == self.system.amount(cell):
                continue
            more = self.weigher.evidence({**after.changes, cell: right})
            if more is not None:
                found += 1
                yield Hypothesis({cell: right}, slip, bits + more)
            if found == _KEPT:
                return

    def _between(self, after: After, cell: Place, failing: Sequence[int]) -> Range | None:
        """Within what a cell's right figure lies, if every equation is to hold; None if there is none."""
        touched = self.system.touched(cell)
        low: Decimal | None = None
        high: Decimal | None = None
        for number in dict.fromkeys((*failing, *touched)):
            if number not in touched:
                return None
            if number in self.idle:
                continue
            least, most = self.needs(after, number, touched[number], cell)
            low = least if low is None or (least is not None and least > low) else low
            high = most if high is None or (most is not None and most < high) else high
            if low is not None and high is not None and low > high:
                return None
        if low is None or high is None:
            return None
        found = self.system.amount(cell)
        return Range(found + low, found + high)

    def needs(self, after: After, number: int, factor: Decimal | int, cell: Place) -> Range:
        """By how much a cell must grow for one equation to hold."""
        bounds = self.system.range(number, after.woken | self.system.woken((cell,)))
        off = after.difference(number)
        low, high = (None if end is None else end - off if factor == 1 else (end - off) / factor for end in bounds)
        return Range(low, high) if factor > 0 else Range(high, low)

    def looks(self, after: After, cell: Place, failing: Sequence[int]) -> float:
        """The bits of a cell if it alone explains one of some failing equations: the best of them."""
        best = WRONG * 3
        for number in failing:
            factor = self.system.touched(cell).get(number)
            if factor:
                low, high = self.needs(after, number, factor, cell)
                found = self.system.amount(cell)
                between = Range(None if low is None else found + low, None if high is None else found + high)
                best = min([best, *(meant.bits for meant in self.weigher.meant(cell, between)[:1])])
        return best

    # ── two cells swapped ─────────────────────────────────────────────────────────

    def _swaps(self, after: After, failing: Sequence[int]) -> Iterator[Hypothesis]:
        """Every two neighbours whose exchange mends all that fails, of which each has a part in it."""
        nets = sorted(map(self.system.net, failing), key=len)
        near = {place for cell in nets[0] for place in (cell, *beside(cell))}
        cells = dict.fromkeys(cell for number in failing for cell in self.system.net(number) if cell in near)
        wrong = [number for number in failing if number not in self.idle]
        for one, other in self.pairs(cells, after.changes):
            if not all(one in net or other in net for net in nets):
                continue
            if not all(self.mends(after, number, one, other) for number in wrong):
                continue
            changes = self.exchanged(one, other)
            both = {**after.changes, **changes}
            if not self.failing(both, failing):
                more = self.weigher.evidence(both)
                if more is not None:
                    yield Hypothesis(changes, "swap", self.bits_of_swap(changes) + more)

    def pairs(self, cells: Iterable[Place], known: Changes) -> Iterator[tuple[Place, Place]]:
        """Some cells, each with those beside it that it can be swapped with."""
        seen = set()
        for cell in cells:
            for other in beside(cell):
                pair = (cell, other) if cell < other else (other, cell)
                if pair in seen or not self._can_swap(cell, other) or not known.keys().isdisjoint(pair):
                    continue
                seen.add(pair)
                yield pair

    def _can_swap(self, one: Place, other: Place) -> bool:
        values = self.system.values
        if not isinstance(values.get(one), Decimal) or other in self.system.checked.nets.live:
            return False
        found = values.get(other)
        return (isinstance(found, Decimal) or found is None and other in self.system.named) and (
            self.system.amount(one) != self.system.amount(other)
        )

    def exchanged(self, one: Place, other: Place) -> dict[Place, Decimal]:
        return {one: self.system.amount(other), other: self.system.amount(one)}

    def bits_of_swap(self, changes: Changes) -> float:
        blank = not all(changes.values())
        return WRONG + slips()["swap"].bits + 2 + 4 * blank

    def touched(self, changes: Changes, failing: Iterable[int]) -> Iterable[int]:
        """The equations that say something of a change, and those that it should mend."""
        touched = dict.fromkeys((*failing, *(number for cell in changes for number in self.system.touched(cell))))
        return (number for number in touched if number not in self.idle)

    def mends(self, after: After, number: int, one: Place, other: Place) -> bool:
        """Whether an equation that fails holds once two cells are exchanged."""
        net, by = self.system.net(number), self.system.amount(other) - self.system.amount(one)
        off = after.difference(number) + by * (net.get(one, 0) - net.get(other, 0))
        return self._allows(number, off, after.woken | self.system.woken((one, other)))

    def failing(self, changes: Changes, failing: Iterable[int]) -> list[int]:
        """What fails after a change, of what it touches and of what it should mend."""
        moved: dict[int, Decimal] = {}
        for cell, right in changes.items():
            by = right - self.system.amount(cell)
            for number, factor in self.system.touched(cell).items():
                moved[number] = moved.get(number, 0) + factor * by
        after = {n: self.system.difference(n) + moved.get(n, 0) for n in (*failing, *moved) if n not in self.idle}
        woken = self.system.woken(changes)
        return [number for number, off in after.items() if not self._allows(number, off, woken)]

    def _allows(self, number: int, off: Decimal, woken: frozenset[Place]) -> bool:
        """Whether an equation may be so far off once the rounding of some other places counts."""
        if not off:
            return True
        low, high = self.system.range(number, woken)
        return (low is None or low <= off) and (high is None or off <= high)
