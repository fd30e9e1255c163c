"""The words of 汇总: what became of each unit's workbook, and the 汇总 with where each of its figures comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from pathlib import Path as FilePath
from typing import NamedTuple

from xltool.equations.filling import Filled
from xltool.layout.block import Place
from xltool.merge.balance.balance import Balanced
from xltool.merge.compare.changes import Change
from xltool.merge.roster.roster import RosterUnit
from xltool.merge.transfers.eliminated import Eliminated
from xltool.model import Acceptance, CellRef, FactKey, Finding, Severity


class State(Enum):
    """What became of a unit, or of a file of no unit; the value is what 报送情况 says."""

    MERGED = "已汇总"
    MISSING = "未报送"
    DEPENDENT = "非独立核算，不单独报送"
    EXCLUDED = "已剔除"
    UNREADABLE = "无法读取"
    NOT_LISTED = "名册外，未汇总"
    EARLIER = "以前的汇总，未汇总"
    NO_BUDGET = "不是预算工作簿，未汇总"


_NO_MATTER = (State.MERGED, State.DEPENDENT, State.EARLIER, State.NO_BUDGET)
"""What needs nothing to be done before the 汇总 is complete."""

_WRONG = (State.MISSING, State.UNREADABLE, State.MERGED)
"""What is wrong if anything has to be done; of the others it may be meant so."""


class Sent(NamedTuple):
    """A file that was sent, as far as it could be read.

    `path` as the user named it; `modified` is its time, ISO 8601 with the zone, `sha256` of its content in hex;
    `income` and `expenditure` are 收入总计 and 支出总计 in 元, None where the format has none or they are blank. Of its
    warnings `accepted` were explained in it, `warnings` were not.
    """

    path: str
    modified: str = ""
    sha256: str = ""
    income: Decimal | None = None
    expenditure: Decimal | None = None
    errors: int = 0
    warnings: int = 0
    accepted: int = 0

    @property
    def name(self) -> str:
        """The file's own name, as messages give it; its path may be one of another system."""
        return self.path.replace("\\", "/").rpartition("/")[2]


class UnitLine(NamedTuple):
    """One line of 报送情况: a unit of the roster, or a file that belongs to none (`unit` has its name only).

    `note` says in a sentence why it was not added up, or what is to be known about it.
    """

    unit: RosterUnit
    state: State
    sent: Sent | None = None
    note: str = ""

    @property
    def severity(self) -> Severity | None:
        """How bad it is; None if nobody has to do anything before the 汇总 is complete."""
        if self.state in _NO_MATTER and not (self.sent is not None and self.sent.errors):
            return None
        return Severity.ERROR if self.state in _WRONG else Severity.WARNING


class Share(NamedTuple):
    """What one column of 汇总底稿 puts into a figure: in 元 for amounts, else as it is.

    `column` is an index into `Consolidation.columns`; `unit` the index of the one unit it comes from in
    `Consolidation.lines` and `cell` its cell there, None where it is the sum of several `figures`. What the 抵销 sheet
    takes out is no unit's, and its cell is there.
    """

    column: int
    value: Decimal
    unit: int | None = None
    cell: CellRef | None = None
    figures: int = 1

    def plus(self, value: Decimal) -> Share:
        """The sum with another figure."""
        return Share(self.column, self.value + value, figures=self.figures + 1)


class ShareColumn(NamedTuple):
    """A column of 汇总底稿: one unit, or the units of a 下级部门; `is_adjustment` for 抵销, shown after 合计."""

    name: str
    units: tuple[int, ...]
    is_adjustment: bool = False


class FileChange(Enum):
    """What became of the file of a unit since the 汇总 of before; the value is what is told."""

    CHANGED = "改过"
    NEW = "新汇总"
    GONE = "不再汇总"


class Changed(NamedTuple):
    """The files of units that changed, by the names of the units, and the figures, the largest change first;
    amounts in 元."""

    files: Mapping[str, FileChange]
    figures: tuple[Change[FactKey], ...]


@dataclass(frozen=True, eq=False)
class Consolidation:
    """Many units added up: one workbook in `filled`, and where each figure that is typed in comes from.

    Amounts of `filled` are in its outline's amount unit (a table's own where it has one), those of `shares` in 元;
    Σ shares of a place is its value. `lines` are in the order of the roster, files of no unit last. `eliminated` is
    what became of 内部往来, `balanced` what is printed instead of the exact amounts, if they are to be rounded,
    `changed` what is different from the 汇总 that it replaces, if it replaces one, `unit_table` the file beside it that
    has what each unit gives, where units share a column. `reasons` are those of warnings in the workbooks of units,
    each with the name of the unit.
    """

    filled: Filled
    lines: tuple[UnitLine, ...]
    columns: tuple[ShareColumn, ...]
    shares: Mapping[Place, tuple[Share, ...]]
    findings: tuple[Finding, ...]
    eliminated: Eliminated = Eliminated((), ())
    balanced: Balanced | None = None
    changed: Changed | None = None
    unit_table: FilePath | None = None
    reasons: tuple[tuple[str, Acceptance], ...] = ()

    @property
    def is_complete(self) -> bool:
        """Whether every unit was added up without errors, and nothing worse was found than a warning."""
        wrong = any(finding.severity is Severity.ERROR for finding in self.findings)
        return not wrong and not any(line.severity for line in self.lines)

    @property
    def urgent_first(self) -> tuple[UnitLine, ...]:
        """The lines as they are shown: first those for which somebody has to do something."""
        return tuple(sorted(self.lines, key=lambda line: line.severity is None))
