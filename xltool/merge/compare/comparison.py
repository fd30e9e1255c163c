"""The words of a comparison: what changed, what came or went, what cannot be compared, what may have been renamed."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path as FilePath
from typing import NamedTuple

from xltool.equations.growth import growth
from xltool.merge.compare.thresholds import Thresholds
from xltool.model import CellRef, Value

RATE_UNIT = Decimal("0.0001")
"""What 增减率 is rounded to: 0.01 %."""

_NOTHING = Decimal(0)


class Heading(NamedTuple):
    """What one of the two workbooks is: its file, unit, year, format and amount unit."""

    file: FilePath | None
    unit: str
    year: int
    template: str
    amount_unit: str


class Difference(NamedTuple):
    """A figure or text that changed. Amounts are in 元, shares as such (0.9813), blank or missing ones None.

    `old_cells` and `new_cells` are where it stands (several where lines are compared together),
    `decimals` what it is printed with, `prints_same` whether both are printed alike, `is_total` whether it follows from
    others in the new workbook; `note` says what is special about the pair.
    """

    table: str
    row: str
    column: str
    kind: str
    old: Value
    new: Value
    old_cells: tuple[CellRef, ...]
    new_cells: tuple[CellRef, ...]
    decimals: int
    prints_same: bool
    is_total: bool
    note: str

    @property
    def is_figure(self) -> bool:
        """Whether both are figures, so that there is a difference."""
        return self.kind != "text"

    @property
    def amount(self) -> Decimal:
        """增减额 of a figure."""
        old, new = (value if isinstance(value, Decimal) else _NOTHING for value in (self.old, self.new))
        return new - old

    @property
    def rate(self) -> Decimal | None:
        """增减率 of a figure as a share; None where the base is 0, and of what is a share itself."""
        old, new = (value if isinstance(value, Decimal) else _NOTHING for value in (self.old, self.new))
        return None if self.kind == "percent" else growth(new, old, RATE_UNIT)

    def is_over(self, limits: Thresholds) -> bool:
        """Whether the change is so large that its reason is asked for: by its rate or, of an amount, by its size."""
        is_large = self.kind == "amount" and abs(self.amount) > limits.amount
        return is_large or (self.rate is not None and abs(self.rate) > limits.rate)


class RowChange(NamedTuple):
    """A row that only one of the workbooks has; `is_new` if that is the new one."""

    table: str
    row: str
    is_new: bool


class Incomparable(NamedTuple):
    """Figures of one workbook (`is_new`: the new one) that nothing in the other stands beside, and why.

    `row` or `column` is "" where it is about all of them.
    """

    is_new: bool
    table: str
    row: str
    column: str
    figures: int
    reason: str


class Proposal(NamedTuple):
    """A unit or project (`dimension`) that may have been renamed: somebody has to say so. `likeness` is 0 to 1."""

    dimension: str
    old: str
    new: str
    likeness: float


class Comparison(NamedTuple):
    """All that a comparison found; `same` is how many figures are the same in both, `limits` when to ask for reasons,
    `moved` what became of 科目 between the years, `renamed` names that are compared with others (old -> new).

    `figures` and `texts` come table by table in the order of the new workbook, the largest differences first.
    """

    old: Heading
    new: Heading
    figures: tuple[Difference, ...]
    texts: tuple[Difference, ...]
    rows: tuple[RowChange, ...]
    incomparable: tuple[Incomparable, ...]
    proposals: tuple[Proposal, ...]
    moved: tuple[str, ...]
    renamed: Mapping[str, str]
    same: int
    limits: Thresholds

    @property
    def is_same(self) -> bool:
        """Whether the workbooks say the same, and everything in them could be compared."""
        return not (self.figures or self.texts or self.rows or self.incomparable)

    def largest(self, most: int) -> list[Difference]:
        """The amounts that changed most: what is typed, without totals and copies; what several tables tell, once."""
        found: dict[tuple[str, Decimal], Difference] = {}
        for one in self.figures:
            if one.kind == "amount" and not one.is_total:
                found.setdefault((one.row.rpartition("·")[2], one.amount), one)
        return sorted(found.values(), key=lambda one: -abs(one.amount))[:most]
