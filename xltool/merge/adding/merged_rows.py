"""The rows of a 汇总 while they are being added up."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from xltool.merge.adding.texts import Said
from xltool.merge.consolidation import Share
from xltool.model import CellRef, Path, Value

_NOTHING = Decimal(0)


class Off(NamedTuple):
    """A total of one unit's workbook that is not the sum of its parts: in 元 where it is an amount."""

    unit: int
    value: Decimal
    cell: CellRef
    is_rounding: bool


@dataclass
class Sum:
    """A figure while it is being added up.

    `shares` has one for each column of the 底稿; `loose` is whether a unit gave it without parts to add it up from;
    `rounding` sums up what its `count` addends are rounded to.
    """

    rounding: Decimal = _NOTHING
    count: int = 0
    shares: dict[int, Share] = field(default_factory=dict)
    off: list[Off] = field(default_factory=list)
    loose: bool = False

    @property
    def value(self) -> Decimal:
        """All that was added."""
        return sum((share.value for share in self.shares.values()), _NOTHING)


class Differing(NamedTuple):
    """What should be the same in all units and is not: of two of them, what stands there, and in which cell."""

    units: tuple[int, int]
    values: tuple[Value, Value]
    cells: tuple[CellRef, CellRef]


@dataclass
class Kept:
    """What is not added up: the value (in 元) that the first of `count` units has, and the first other one.

    `is_rate` if it is computed again where several units have it.
    """

    unit: int | None
    value: Value
    cell: CellRef
    is_rate: bool
    count: int = 1
    differing: Differing | None = None

    def add(self, unit: int | None, value: Value, cell: CellRef) -> None:
        """Note what another unit has."""
        self.count += 1
        if self.differing is None and value != self.value and self.unit is not None and unit is not None:
            self.differing = Differing((self.unit, unit), (self.value, value), (self.cell, cell))


@dataclass
class MergedRow:
    """A row of the 汇总 while it is being added up."""

    counted_in: dict[Path, None] = field(default_factory=dict)
    kept: dict[Path, Kept] = field(default_factory=dict)
    sums: defaultdict[Path, Sum] = field(default_factory=lambda: defaultdict(Sum))
    texts: dict[Path, list[Said]] = field(default_factory=dict)
