"""What is drafted: tables, blocks, columns and rows as `xltool.template.spec` has them, with where they were found.

The classes can still be changed while the parts of a draft are worked out; `xltool.drafting.toml_text` writes them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

from xltool.drafting.seen.forms import FormField
from xltool.drafting.seen.page import Page
from xltool.drafting.seen.tables import Grid
from xltool.expression import Reference
from xltool.model import Path


class Evidence(Enum):
    """What a sum was recognised from; the value is the comment written behind it."""

    FORMULA = ""
    NUMBERS = "由数字推得，请核对"
    NUMBERS_WITH_EXCEPTIONS = "由数字推得，但有几处不等，请核对"
    NUMBERS_BUT_FOR_A_SLIP = "由数字推得，但有一个数像是填错了，请核对"
    NAMES = "由名称推得，请核对"


@dataclass(frozen=True)
class Sum:
    """The addends of a column or row as they are written in a template ("-id" is subtracted), or "rows", or a
    dimension."""

    parts: tuple[str, ...]
    rule: str
    evidence: Evidence


class Agreement(NamedTuple):
    """A column of one `heading` and others that add up to it for each member of a dimension, mostly one other: for
    `agreeing` members, but not for `disagreeing`.

    `levels` are the lengths of the codes that all print (0: names); `is_partial` if one of them prints others too.
    `is_lasting`: it is about the same money on both sides, and not true of this workbook alone.
    """

    each: str
    heading: str
    left: Reference
    right: tuple[Reference, ...]
    agreeing: int
    disagreeing: int
    levels: tuple[int, ...]
    is_partial: bool
    is_lasting: bool


class Ratio(NamedTuple):
    """A column of percentages, the part and the whole: so many rows agree that it is their quotient, or do not."""

    table: str
    columns: tuple[Path, Path, Path]
    agreeing: int
    disagreeing: int


@dataclass(eq=False)
class DraftColumn:
    """One leaf column; `headings` are the texts printed for the ids of its path, `at` its first sheet column.

    `at_code` are the sheet columns of a code that is split over `parts`: 类, 款 and 项.
    """

    path: Path
    headings: tuple[str, ...]
    at: int
    span: int = 1
    kind: str = "amount"
    text: str = ""
    note: str = ""
    width: float | None = None
    negative: bool = False
    decimals: int | None = None
    sum: Sum | None = None
    at_code: tuple[int, ...] = ()
    parts: tuple[str, ...] = ()
    words: bool = False


@dataclass
class Instance:
    """One line of the sheet that a row stands for, and the line of the row above it in the tree (0 at the top).

    A member without a line of its own has the line of the first row below it, negative.
    """

    line: int
    above: int = 0
    member: str = ""


@dataclass(eq=False)
class DraftRow:
    """One fixed row, or a run of rows repeated over `each`; `instances` are its lines in the sheet."""

    id: str = ""
    label: str = ""
    each: str = ""
    levels: tuple[int, ...] = ()
    ordinals: bool = False
    footer: bool = False
    negative: bool = False
    optional: bool = False
    indent: int = 0
    group: bool = False
    sum: Sum | None = None
    rows: list[DraftRow] = field(default_factory=list)
    instances: list[Instance] = field(default_factory=list)

    @property
    def name(self) -> str:
        """How sums name the row: its id, or the dimension it repeats over."""
        return self.id or self.each


@dataclass
class DraftBlock:
    """One block with the grid it was found in; a form has none, and `fields`, `per_line` of them on a line."""

    grid: Grid | None = None
    columns: list[DraftColumn] = field(default_factory=list)
    rows: list[DraftRow] = field(default_factory=list)
    fields: list[FormField] = field(default_factory=list)
    per_line: int = 0
    place: str = "below"
    side: str = ""
    dimension: str = ""

    @property
    def amounts(self) -> list[DraftColumn]:
        """The amount columns."""
        return [column for column in self.columns if column.kind == "amount"]

    @property
    def labels(self) -> list[DraftColumn]:
        """The columns of labels."""
        return [column for column in self.columns if column.kind == "label"]

    def column(self, *kinds: str) -> DraftColumn | None:
        """The first column of one of `kinds`."""
        return next((column for column in self.columns if column.kind in kinds), None)

    @property
    def lines(self) -> list[int]:
        """The sheet rows of its rows, from the top down."""
        return sorted({at.line for row, _ in self.all_rows() for at in row.instances if at.line > 0})

    def all_rows(self) -> Iterator[tuple[DraftRow, list[DraftRow]]]:
        """Every row with the rows beside it (itself included), from the top down."""
        return _walk(self.rows)


def _walk(rows: list[DraftRow]) -> Iterator[tuple[DraftRow, list[DraftRow]]]:
    for row in rows:
        yield row, rows
        yield from _walk(row.rows)


@dataclass
class DraftTable:
    """One table with the page it was found in; `sheet` is the name of its sheet."""

    page: Page
    id: str
    title: str
    number: str
    header: tuple[str, ...]
    decimals: int
    blocks: list[DraftBlock]
    notes: list[str]
    empty_note: str = ""
    numbered_columns: bool = False
    amount_unit: str = ""
    each: str = ""
    sheet: str = ""


@dataclass
class Draft:
    """A whole template; `members` are those of `[outline]`, `skipped` the sheets without a table,
    `agreements` and `ratios` what its figures show of each other."""

    source: str
    title: str
    year: int
    amount_unit: str
    decimals: int
    zero: str
    department: str
    tables: list[DraftTable]
    members: dict[str, tuple[str, ...]]
    skipped: list[str]
    doubts: list[str]
    agreements: list[Agreement] = field(default_factory=list)
    ratios: list[Ratio] = field(default_factory=list)
