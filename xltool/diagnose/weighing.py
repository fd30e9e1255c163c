"""How likely it is that a typed cell should hold another figure: by the slip it looks like, and by what the book says.

Weights are in bits: an explanation of one bit more is half as likely. Those of Fellegi and Holt (1976) are of fields;
here they are of a field and the value that it should have.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from xltool.diagnose.slips import Typed, likeliest, rarity
from xltool.diagnose.system import Range, System
from xltool.layout.block import Place
from xltool.model import Path, Verdict

WRONG = 14.0
"""That a given cell is wrong: about one in ten thousand."""

_TYPED_OVER = -6.0
"""A total without the formula that others of the workbook have was typed by hand."""

_NEGATIVE = 14.0
"""An amount below zero where none may be is wrong."""

_EVIDENCE = {Verdict.FAIL: 6.0, Verdict.IMPLAUSIBLE: 3.0, Verdict.ROUNDING: 0.5}
"""What it costs if an equation comes out so that does not refute the explanation."""

_PRINTED = 3.0
"""The rarity of a figure that is printed beside, or in a row of the same name elsewhere: it is no coincidence."""

_TOO_FINE = 6.0

_MOST_VALUES = 12
_LITTLE = Decimal("1E-6")
_POWERS = (-4, -2, -1, 1, 2, 4)


class Meant(NamedTuple):
    """A figure that may have been meant, the slip it became what stands there by, and the bits of all that."""

    right: Decimal
    slip: str
    bits: float


class Weigher:
    """Weighs what the typed cells of one book may have been meant to hold."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.layout = system.layout
        book = system.checked.book
        self._has_formulas = book.is_ours and bool(book.live)
        self._surroundings: dict[Place, Typed] = {}
        self._weighed: dict[tuple[Place, Decimal], Meant] = {}

    def meant(self, cell: Place, between: Range) -> list[Meant]:
        """What a cell may have been meant to hold within a range, the likeliest first."""
        if between.low is None or between.high is None:
            return []
        middle = (between.low + between.high) / 2
        half = max(between.high - middle, _LITTLE)
        found = []
        for right in filter(self._allowed(cell), self._rights(cell, between.low, between.high)):
            far = float(abs(right - middle) / half)
            found.append(self.weigh(cell, right, 2 * far * far))
        return sorted(found, key=lambda meant: meant.bits)

    def _allowed(self, cell: Place) -> Callable[[Decimal], bool]:
        """Whether a figure may stand in a cell at all: amounts below zero only where the template allows them."""
        is_free = self.layout.kind(cell) != "amount" or self.layout.may_be_negative(cell)
        return lambda right: is_free or right >= 0

    def weigh(self, cell: Place, right: Decimal, more: float = 0.0) -> Meant:
        """How likely it is that a cell was meant to hold a figure, and holds another instead of it by mistake; rather
        than that it was meant to hold what it does."""
        known = self._weighed.get((cell, right))
        if known is None:
            slip, bits = likeliest(self._around(cell)._replace(right=right))
            bits += self._rarity(cell, right) - self._rarity_as_it_is(cell)
            known = self._weighed[cell, right] = Meant(right, slip, WRONG + bits + self._prior(cell))
        return known._replace(right=right, bits=known.bits + more)

    def _rarity(self, cell: Place, figure: Decimal) -> float:
        """Of a figure at a cell: less, if another table prints it in a row of the same name."""
        bits = rarity(figure)
        return min(bits, _PRINTED) if figure and self._is_printed(cell, figure) else bits

    def _rarity_as_it_is(self, cell: Place) -> float:
        """Of what stands in a cell. That cells beside each other are alike is common, and of more digits than are
        printed none are right."""
        around = self._around(cell)
        if not around.found:
            return 1.0
        exponent = around.found.normalize().as_tuple().exponent
        if isinstance(exponent, int) and Decimal(1).scaleb(exponent) < self.unit(cell):
            return rarity(around.found) + _TOO_FINE
        bits = self._rarity(cell, around.found)
        return min(bits, _PRINTED) if around.found in around.around else bits

    def _is_printed(self, cell: Place, figure: Decimal) -> bool:
        places = self._printed.get((self._name(cell), figure), ())
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

    def _prior(self, cell: Place) -> float:
        is_typed_over = self._has_formulas and self.system.definition(cell) is not None
        bits = _TYPED_OVER if is_typed_over else 0.0
        return bits if self._allowed(cell)(self.system.amount(cell)) else bits - _NEGATIVE

    def _name(self, cell: Place) -> str:
        return self.layout.blocks[cell.block].rows[cell.row].path[-1]

    @cached_property
    def _printed(self) -> Mapping[tuple[str, Decimal], list[Place]]:
        """Where each figure stands in rows of each name: where one is missing or wrong, its copies tell."""
        found: dict[tuple[str, Decimal], list[Place]] = {}
        for place, value in self.system.values.items():
            if isinstance(value, Decimal) and value:
                found.setdefault((self._name(place), value), []).append(place)
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
        found = self.system.amount(cell)
        guesses = [Decimal(0), -found, *self._around(cell).around, *(found.scaleb(power) for power in _POWERS)]
        steps = dict.fromkeys(round(guess / unit) for guess in guesses)
        steps[round((low + high) / 2 / unit)] = None
        yield from (unit * step for step in steps if first <= step <= last)

    def _around(self, cell: Place) -> Typed:
        known = self._surroundings.get(cell)
        if known is None:
            value = self.system.values.get(cell)
            found = value if isinstance(value, Decimal) else None
            own = self.system.effect(cell)
            beside = tuple(self._figures(place for place in _beside(cell) if place not in own))
            equation = self.system.definition(cell)
            parts = tuple(self._figures(place for _, place in equation.right)) if equation is not None else ()
            known = self._surroundings[cell] = Typed(
                found, Decimal(0), beside, tuple(self._figures(self._of_last_year(cell))), parts
            )
        return known

    def _of_last_year(self, cell: Place) -> Iterator[Place]:
        """The cells of the year before: in a column of its own, or in the row of 上年 above that of 本年."""
        block = self.layout.blocks[cell.block]
        if not _is_last_year(block.columns[cell.column].definition.path):
            columns = (c for c, at in enumerate(block.columns) if _is_last_year(at.definition.path))
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


def _beside(cell: Place) -> Iterator[Place]:
    for row, column in ((0, 1), (0, -1), (1, 0), (-1, 0)):
        yield Place(cell.block, cell.row + row, cell.column + column)


def _is_last_year(path: Path) -> bool:
    """Whether a heading is of figures of the year before; what was carried over from it (上年结转) is of this year."""
    return any("上年" in name and "结" not in name for name in path)
