"""What reading noticed besides the figures, as plain records: checking says what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from xltool.layout.block import ExtraRow, Place
from xltool.model import CellRef


class OddCode(NamedTuple):
    """A 科目编码 that is not typed as the plain text of its digits: a number, or `typed` with other characters in it.

    Excel's SUMIFS with a pattern passes over it, so that no total counts its row.
    """

    block: int
    row: int
    cell: CellRef
    typed: str | None


class PrintedUnit(NamedTuple):
    """The amount unit printed above a table, by its key in the layout, that is not the one it should have."""

    table: str
    cell: CellRef
    unit: str


class HeadLine(NamedTuple):
    """A text above the rows of a table (its key in the layout): its title, the lines under it, its headings."""

    table: str
    cell: CellRef
    text: str


class Rival(NamedTuple):
    """A template of which a workbook has as many tables as of the one it was read with; `is_equal` if nothing else
    speaks against it either."""

    id: str
    title: str
    is_equal: bool


class Unreadable(NamedTuple):
    """What stands where a figure should: its text ("" if it is none), and why it is no figure, as a predicate."""

    text: str
    why: str


class LeftOut(NamedTuple):
    """A sheet that was not read, because the sheet `original` has the same table; `title` is where its title stands."""

    table: str
    original: str
    title: CellRef
    is_hidden: bool


class Aside(NamedTuple):
    """A hidden sheet that is no table: its first number, how many it has, and which figures take something from it."""

    first: CellRef
    numbers: int
    users: tuple[Place, ...]


class Extra(NamedTuple):
    """What stands in an extra row of a block, by columns, and whether formulas of the table count it."""

    block: int
    row: ExtraRow
    values: Mapping[int, Decimal]
    is_counted: bool


@dataclass
class Seen:
    """The records of one book."""

    odd_codes: list[OddCode] = field(default_factory=list)
    printed_units: list[PrintedUnit] = field(default_factory=list)
    unreadable: dict[Place, Unreadable] = field(default_factory=dict)
    without_result: list[Place] = field(default_factory=list)
    """Formulas that nobody has calculated, and that cannot be worked out."""

    left_out: list[LeftOut] = field(default_factory=list)
    stray: list[CellRef] = field(default_factory=list)
    """Cells so far from all others of their sheet that they were not read."""

    hidden: list[CellRef] = field(default_factory=list)
    """Cells with a figure that are not shown."""

    hidden_sheets: frozenset[str] = frozenset()
    """The sheets among theirs that are hidden as a whole."""

    extra: list[Extra] = field(default_factory=list)
    """What stands in rows that are none of a table."""

    very_hidden: frozenset[str] = frozenset()
    """The sheets that no menu of Excel shows again."""

    aside: list[Aside] = field(default_factory=list)
    """Hidden sheets that are no tables."""

    is_manual: bool = False
    """Excel calculates on demand only."""

    outdated: dict[Place, Decimal] = field(default_factory=dict)
    """Totals with the results that Excel shows, other than they have now."""

    other_workbooks: tuple[str, ...] = ()
    """The names of those that formulas call [1], [2], …."""

    shortened: dict[Place, str] = field(default_factory=dict)
    """Amounts that are not shown with all their digits, with how they are ("显示 60")."""

    displaced: frozenset[Place] = frozenset()
    """Cells with a formula that takes other rows than stood there when it was written; read as if it took the same."""

    unscaled: frozenset[Place] = frozenset()
    """Cells with a formula that takes figures in another unit as they are; read as if it converted them."""

    heads: list[HeadLine] = field(default_factory=list)
    department: str = ""
    """The name printed above the first table that has one."""

    rivals: tuple[Rival, ...] = ()
    """Other templates that fit."""

    coarser: tuple[int, ...] = ()
    """The blocks whose amounts are rounded to fewer decimals than the template has, as so many `sums_off` show."""

    sums_off: int = 0
