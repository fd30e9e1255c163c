"""The words every layer speaks: a fact and its key, an equation's verdict, a finding."""

from __future__ import annotations

from decimal import Decimal
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

Path = tuple[str, ...]
Value = Decimal | str | None


LAST_COLUMN, LAST_ROW = 16384, 1048576
"""Of a sheet."""


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

    @property
    def in_book(self) -> str:
        """The address with its sheet, such as "收支总表!D7"."""
        return f"{self.sheet}!{self.a1}"


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

    @property
    def verdict(self) -> Verdict:
        """What is found without an equation comes to this: a remark decides nothing."""
        return Verdict.UNDECIDED if self is Severity.REMARK else Verdict.FAIL


class Role(Enum):
    """Why a finding speaks of another cell; the value is the name used in reports."""

    COMPARED = "compared"
    """The sentence compares with it, or adds it up."""

    SUSPECT = "suspect"
    """A typed cell behind the totals of the sentence: it may be the wrong one."""

    CONSEQUENCE = "consequence"
    """What else does not hold, probably because of the same mistake."""

    ALIKE = "alike"
    """The same is wrong with it."""


class Related(NamedTuple):
    """Another cell that a finding speaks of, with the value found there."""

    cell: CellRef
    value: Value
    role: Role = Role.COMPARED


class Culprit(NamedTuple):
    """A cell to correct (错处): what stands there, and what it should be; None if that is not known.

    A cell in which nothing belongs should be 0, which a blank one is too.
    """

    cell: CellRef | None
    key: FactKey | None
    found: Value
    proposed: Value


class Explanation(NamedTuple):
    """One way in which a finding came about: all its culprits are wrong together, as two cells that were swapped are.

    `slip` is the id of what it looks like in the data of slips; "" if it looks like none of them.
    """

    culprits: tuple[Culprit, ...]
    slip: str = ""


class Acceptance(NamedTuple):
    """Why a warning is right as it is (说明), as a person gave it once.

    `code` is that of the finding (see `diagnose.accepting`), `date` as it was written; `rule`, `place` and `figures`
    say for the reader what it is about.
    """

    code: str
    reason: str
    who: str = ""
    date: str = ""
    rule: str = ""
    place: str = ""
    figures: str = ""


class Statement(NamedTuple):
    """What is wrong, in parts, each as the accountant reads it.

    `says` is the sentence with the names of the parts in braces; all that comes from a workbook stands in the parts.
    `what` it is about, what was `found`, what was `expected`, the `basis` of that (the other figure, or the sum), and
    by how much it is `off`. A part that the sentence does not need is "".
    """

    says: str
    what: str = ""
    found: str = ""
    expected: str = ""
    basis: str = ""
    off: str = ""

    def __str__(self) -> str:
        return self.says.format_map(self._asdict())


class Finding(NamedTuple):
    """A verdict worth telling, anchored at the cell that the user should look at first.

    `lead` is a sentence to be read before the statement, `notes` are more of them after it; `reason` says why it is
    no error, or cannot be decided yet, `hint` what to look at. `left` and `right` are the two sides of the equation in
    the workbook's amount unit (None where the finding is not about an equation); `key` is None when the finding is
    about a whole sheet or workbook, `places` are the other cells that it speaks of. `explanations` say which cells are
    wrong, the likeliest first: one alone is certain, of several it may be any. `accepted` is the reason that a person
    gave for a warning that is right as it is.
    """

    rule: str
    name: str
    verdict: Verdict
    severity: Severity
    statement: Statement
    key: FactKey | None = None
    cell: CellRef | None = None
    places: tuple[Related, ...] = ()
    left: Decimal | None = None
    right: Decimal | None = None
    difference: Decimal | None = None
    tolerance: Decimal | None = None
    lead: str = ""
    notes: tuple[str, ...] = ()
    reason: str = ""
    hint: str = ""
    explanations: tuple[Explanation, ...] = ()
    accepted: Acceptance | None = None

    @property
    def is_open(self) -> bool:
        """Whether it calls for something: an error, or a warning that nobody has explained."""
        return self.severity is not Severity.REMARK and self.accepted is None

    @property
    def message(self) -> str:
        """All that is told, line by line."""
        lines = [self.lead, str(self.statement), *self.notes, self._told_reason(), self.advice]
        return "\n".join(filter(None, lines))

    @property
    def advice(self) -> str:
        """The hint as a line: where to look for the cause, or what to do."""
        return f"提示：{self.hint}" if self.hint else ""

    def _told_reason(self) -> str:
        waits = "，暂不判断" if self.verdict is Verdict.UNDECIDED else ""
        return f"{self.reason}{waits}。" if self.reason else ""


def member_name(name: str) -> str:
    """A member's name as printed: rows of the same name are told apart by "#2", "#3" at the end of their paths."""
    text, mark, number = name.rpartition("#")
    return text if mark and number.isdecimal() and int(number[:9]) > 1 else name


@lru_cache(maxsize=1024)
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
    text = "/".join(path)
    if "\\" not in text and text.count("/") == len(path) - 1:
        return text
    return "/".join(name.replace("\\", "\\\\").replace("/", "\\/") for name in path)


def parse_path(text: str) -> Path:
    """The inverse of `format_path`."""
    if "\\" not in text:
        return tuple(text.split("/"))
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
