"""The words every layer speaks: a fact and its key, an equation's verdict, a finding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import NamedTuple

Path = tuple[str, ...]
Value = Decimal | str | None


class FactKey(NamedTuple):
    """Names one value by meaning, never by address: ("收入总表", ("2014001",), ("本年收入", "小计"))."""

    table: str
    row: Path
    column: Path


class CellRef(NamedTuple):
    """A cell of a workbook; row and column count from 1."""

    sheet: str
    row: int
    column: int

    @property
    def a1(self) -> str:
        """The address inside its sheet, such as "D7"."""
        return f"{column_letters(self.column)}{self.row}"


class Fact(NamedTuple):
    """One value with its key and, if it was read from a workbook, its cell and formula (without "=")."""

    key: FactKey
    value: Value
    cell: CellRef | None = None
    formula: str | None = None


class Verdict(Enum):
    """How an equation came out (design, section 7); the value is the name used in reports."""

    PASS = "pass"
    ROUNDING = "rounding"
    IMPLAUSIBLE = "implausible"
    FAIL = "fail"
    UNDECIDED = "undecided"
    BROKEN = "broken"


class Severity(Enum):
    """How loudly a finding is told: errors red, warnings amber, remarks only in the report."""

    ERROR = "error"
    WARNING = "warning"
    REMARK = "remark"


@dataclass(frozen=True, slots=True)
class Related:
    """Another cell that a finding speaks of, with the value found there."""

    cell: CellRef
    value: Value


@dataclass(frozen=True, slots=True)
class Finding:
    """A verdict worth telling, anchored at the cell that the user should look at first.

    `left` and `right` are the two sides of the equation in the workbook's amount unit (None where the finding
    is not about an equation); `key` is None when the finding is about a whole sheet or workbook.
    """

    rule: str
    name: str
    verdict: Verdict
    severity: Severity
    message: str
    key: FactKey | None = None
    cell: CellRef | None = None
    related: Sequence[Related] = ()
    left: Decimal | None = None
    right: Decimal | None = None
    difference: Decimal | None = None
    tolerance: Decimal | None = None


def member_name(name: str) -> str:
    """A member's name as printed: rows of the same name are told apart by "#2", "#3" at the end of their paths."""
    text, mark, number = name.rpartition("#")
    return text if mark and number.isdecimal() and int(number) > 1 else name


def column_letters(column: int) -> str:
    """1 -> "A", 27 -> "AA"."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """ "A" -> 1, "AA" -> 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def format_path(path: Path) -> str:
    """("本年收入", "小计") -> "本年收入/小计"; a "/" or "\\" inside a name is escaped with "\\"."""
    return "/".join(name.replace("\\", "\\\\").replace("/", "\\/") for name in path)


def parse_path(text: str) -> Path:
    """The inverse of `format_path`."""
    names, name, escaped = [], "", False
    for letter in text:
        if escaped:
            name, escaped = name + letter, False
        elif letter == "\\":
            escaped = True
        elif letter == "/":
            names.append(name)
            name = ""
        else:
            name += letter
    return (*names, name)
