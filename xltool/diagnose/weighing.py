"""How likely it is that a typed cell should hold another figure: by the slip it looks like, and by what the book says.

Weights are in bits: an explanation of one bit more is half as likely. Those of Fellegi and Holt (1976) are of fields;
here they are of a field and the value that it should have.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from xltool.diagnose.slips import Typed, likeliest, meanings, rarity
from xltool.diagnose.system import Range, System
from xltool.layout.block import Place
from xltool.model import Path, Verdict

WRONG = 14.0
"""That a given cell is wrong: about one in ten thousand."""

_TYPED_OVER = -7.0
"""A total without the formula that others of the workbook have was typed by hand."""

_NEGATIVE = 14.0
"""An amount below zero where none may be is wrong."""

_EVIDENCE = {Verdict.FAIL: 6.0, Verdict.IMPLAUSIBLE: 3.0, Verdict.ROUNDING: 0.5}
"""What it costs if an equation comes out so that does not refute the explanation."""

_PRINTED = 3.0
"""The rarity of a figure that is printed beside, or in a row of the same name elsewhere: it is no coincidence."""

_TOO_FINE = 6.0

_BELOW_ZERO = 6.0
"""That an amount was meant to be below zero, where it may be."""

_UNUSED = 2.0
"""That a figure was left out in a column in which there are no others."""

_MOST_VALUES = 12
_LITTLE = Decimal("1E-6")


class Meant(NamedTuple):
    """A figure that may have been meant, the slip it became what stands there by, and the bits of all that."""

    right: Decimal
    slip: str
    bits: float


class _Site(NamedTuple):
    """What is known of a cell whatever it was meant to hold: what stands in it and around it, the bits of its holding
    what it does, and those that it is likelier to be wrong than any other. What a total should hold is no figure of its
    own: none is rarer than another."""

    typed: Typed
    is_total: bool
    rarity: float
    prior: float


class Weigher:
    """Weighs what the typed cells of one book may have been meant to hold."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.layout = system.layout
        book = system.checked.book
        self._has_formulas = book.is_ours and bool(book.live)
        self._sites: dict[Place, _Site] = {}
        self._weighed: dict[tuple[Place, Decimal], Meant] = {}
        self._meant: dict[tuple[Place, Range], list[Meant]] = {}

    def meant(self, cell: Place, between: Range) -> Sequence[Meant]:
        """What a cell may have been meant to hold within a range, the likeliest first."""
        known = self._meant.get((cell, between))
        if known is None:
            found = self._within(cell, between.low, between.high)
            known = self._meant[cell, between] = sorted(found, key=lambda meant: meant.bits)
        return known

    def _within(self, cell: Place, low: Decimal | None, high: Decimal | None) -> Iterator[Meant]:
        if low is None or high is None:
            return
        middle = (low + high) / 2
        half = max(high - middle, _LITTLE)
        may_be_negative = self._may_be_negative(cell)
        for right in self._rights(cell, low, high):
            if may_be_negative or right >= 0:
                far = float(abs(right - middle) / half)
                yield self.weigh(cell, right, 2 * far * far)

    def weigh(self, cell: Place, right: Decimal, more: float = 0.0) -> Meant:
        """How likely it is that a cell was meant to hold a figure, and holds another instead of it by mistake; rather
        than that it was meant to hold what it does."""
        known = self._weighed.get((cell, right))
        if known is None:
            site = self._site(cell)
            slip, bits = likeliest(site.typed._replace(right=right))
            bits += (0.0 if site.is_total else self._rarity(cell, right)) - site.rarity
            bits += _BELOW_ZERO if right < 0 and self.layout.kind(cell) == "amount" else 0
            bits += _UNUSED if right and cell[::2] not in self._used else 0
            known = self._weighed[cell, right] = Meant(right, slip, WRONG + bits + site.prior)
        return Meant(right, known.slip, known.bits + more)

    def is_surely_wrong(self, cell: Place) -> bool:
        """Whether an amount below zero stands where none may."""
        return self.system.amount(cell) < 0 and not self._may_be_negative(cell)

    def _may_be_negative(self, cell: Place) -> bool:
        return self.layout.kind(cell) != "amount" or self.layout.may_be_negative(cell)

    def _rarity(self, cell: Place, figure: Decimal) -> float:
        """Of a figure at a cell: less, if another table prints it in a row of the same name."""
        bits = rarity(figure)
        return min(bits, _PRINTED) if figure and self._is_printed(cell, figure) else bits

    def _rarity_as_it_is(self, cell: Place, typed: Typed) -> float:
        """Of what stands in a cell. That cells beside each other are alike is common, and of more digits than are
        printed none are right."""
        found = typed.found
        if not found:
            return 0.0 if typed.parts else 1.0
        if found % self.unit(cell):
            return _TOO_FINE if typed.parts else rarity(found) + _TOO_FINE
        bits = self._rarity(cell, found)
        if not typed.parts:
            return min(bits, _PRINTED) if found in typed.around else bits
        return min(_PRINTED - bits, 0.0) if self._is_beside(cell, found) else 0.0

    def _is_beside(self, total: Place, figure: Decimal) -> bool:
        """Whether a figure stands beside a total in a cell that it does not add up: the part that is not left out
        is no coincidence."""
        equation = self.system.definition(total)
        own = {*self.system.effect(total), *(self.system.checked.nets.of(equation) if equation is not None else ())}
        return figure in self._figures(place for place in beside(total) if place not in own)

    def _is_printed(self, cell: Place, figure: Decimal) -> bool:
        places = self._printed.get((self._names[cell.block][cell.row], figure), ())
        return any(place.block != cell.block and place not in self.system.effect(cell) for place in places)

    def evidence(self, changes: dict[Place, Decimal]) -> float | None:
        """What the equations that a change touches say of it, in bits; None if one of them refutes it."""
        bits = 0.0
        for number, verdict in self.system.verdicts(changes):
            before = self.system.state.get(number, Verdict.PASS)
            is_hard = self.system.is_hard(number)
            if verdict is Verdict.FAIL and is_hard and before is not Verdict.FAIL:
                return None
            if is_hard and before is Verdict.FAIL:
                before = Verdict.PASS  # to mend it is what every explanation must do
            bits += (1.0 if is_hard else 0.5) * (_EVIDENCE.get(verdict, 0.0) - _EVIDENCE.get(before, 0.0))
        return bits

    def unit(self, cell: Place) -> Decimal:
        """The steps of the figures that a cell may hold."""
        return self.layout.unit(cell) or Decimal("0.01")

    def _site(self, cell: Place) -> _Site:
        known = self._sites.get(cell)
        if known is None:
            typed = self._around(cell)
            is_typed_over = self._has_formulas and self.system.definition(cell) is not None
            prior = _TYPED_OVER if is_typed_over else 0.0
            prior -= _NEGATIVE if self.is_surely_wrong(cell) else 0
            known = self._sites[cell] = _Site(typed, bool(typed.parts), self._rarity_as_it_is(cell, typed), prior)
        return known

    @cached_property
    def _names(self) -> Sequence[Sequence[str]]:
        """The name of each row of each block."""
        return [[row.path[-1] for row in block.rows] for block in self.layout.blocks]

    @cached_property
    def _last_year(self) -> Sequence[Sequence[int]]:
        """The columns of the year before, of each block."""
        blocks = self.layout.blocks
        return [[c for c, at in enumerate(block.columns) if _is_last_year(at.definition.path)] for block in blocks]

    @cached_property
    def _used(self) -> Collection[tuple[int, int]]:
        """The columns (block, column) with a figure in them."""
        return {place[::2] for place, value in self.system.values.items() if isinstance(value, Decimal) and value}

    @cached_property
    def _printed(self) -> Mapping[tuple[str, Decimal], list[Place]]:
        """Where each figure stands in rows of each name: where one is missing or wrong, its copies tell."""
        names = self._names
        found: dict[tuple[str, Decimal], list[Place]] = {}
        for place, value in self.system.values.items():
            if isinstance(value, Decimal) and value:
                found.setdefault((names[place.block][place.row], value), []).append(place)
        return found

    def _rights(self, cell: Place, low: Decimal, high: Decimal) -> Iterator[Decimal]:
        """The figures of a cell's precision within a range; of a wide one those that a slip would explain."""
        unit = self.unit(cell)
        first, last = math.ceil(low / unit), math.floor(high / unit)
        if first > last and low == high:
            yield low  # the one figure that will do is finer than those beside it
        if last - first < _MOST_VALUES:
            yield from (unit * step for step in range(first, last + 1))
            return
        steps = dict.fromkeys(round(guess / unit) for guess in meanings(self._site(cell).typed))
        steps |= dict.fromkeys((round((low + high) / 2 / unit), first, last))
        yield from (unit * step for step in steps if first <= step <= last)

    def _around(self, cell: Place) -> Typed:
        value = self.system.values.get(cell)
        found = value if isinstance(value, Decimal) else None
        equation = self.system.definition(cell)
        own = self.system.effect(cell)
        around = tuple(self._figures(place for place in beside(cell) if place not in own))
        parts = tuple(self._figures(place for _, place in equation.right)) if equation is not None else ()
        return Typed(found, Decimal(0), around, tuple(self._figures(self._of_last_year(cell))), parts)

    def _of_last_year(self, cell: Place) -> Iterator[Place]:
        """The cells of the year before: in a column of its own, or in the row of 上年 above that of 本年."""
        block, columns = self.layout.blocks[cell.block], self._last_year[cell.block]
        if cell.column not in columns:
            yield from (Place(cell.block, cell.row, c) for c in columns)
        path = block.rows[cell.row].path
        row = block.row_index.get(tuple("上年" if name == "本年" else name for name in path))
        if row is not None and row != cell.row:
            yield Place(cell.block, row, cell.column)

    def _figures(self, places: Iterator[Place]) -> Iterator[Decimal]:
        for place in places:
            value = self.system.values.get(place)
            if isinstance(value, Decimal) and value:
                yield value


def beside(cell: Place) -> tuple[Place, ...]:
    """The four places around a cell."""
    block, row, column = cell
    return (
        Place(block, row, column + 1),
        Place(block, row + 1, column),
        Place(block, row, column - 1),
        Place(block, row - 1, column),
    )


def _is_last_year(path: Path) -> bool:
    """Whether a heading is of figures of the year before; what was carried over from it (上年结转) is of this year."""
    return any("上年" in name and "结" not in name for name in path)
