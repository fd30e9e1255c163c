"""The findings of a report in the groups, and in the order, in which they are told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import NamedTuple

from xltool.diagnose.report import Report, by_severity
from xltool.model import Finding, Severity, Verdict

WHOLE_WORKBOOK = "整个工作簿"


class Remarks(NamedTuple):
    """The remarks of a report: rounding, what waits for a reason, and what is left to the reader to look at."""

    rounding: list[Finding]
    waiting: list[Finding]
    open: list[Finding]


class Counts(NamedTuple):
    """How many findings a report has, each counted once."""

    errors: int
    warnings: int
    explained: int
    to_look_at: int
    rounding: int
    waiting: int


def counts_of(report: Report) -> Counts:
    """The counts of a report."""
    open = Counter(finding.severity for finding in report.findings if finding.is_open)
    remarks = remarks_of(report)
    return Counts(
        open[Severity.ERROR],
        open[Severity.WARNING],
        len(explained(report)),
        len(remarks.open),
        len(remarks.rounding),
        len(remarks.waiting),
    )


def by_sheet(report: Report) -> dict[str, list[Finding]]:
    """Errors and warnings that nobody explained, errors first, by sheet, in the order of the tables.

    What is about no sheet, or one that holds no table, comes first.
    """
    order = [table.sheet for table in report.book.layout.tables.values()]
    found = _grouped((one for one in report.findings if one.is_open), sheet_of)
    sheets = sorted(found, key=lambda sheet: order.index(sheet) if sheet in order else -1)
    return {sheet: [*by_severity(found[sheet])] for sheet in sheets}


def sheet_of(finding: Finding) -> str:
    """The sheet that a finding is told under."""
    return finding.cell.sheet if finding.cell else WHOLE_WORKBOOK


def explained(report: Report) -> list[Finding]:
    """The warnings that a person explained."""
    return [finding for finding in report.findings if finding.accepted]


def remarks_of(report: Report) -> Remarks:
    """The remarks of a report, sorted out."""
    sorted_out = Remarks([], [], [])
    for finding in report.findings:
        if finding.severity is Severity.REMARK:
            is_rounding = finding.verdict is Verdict.ROUNDING
            kind = sorted_out.rounding if is_rounding else sorted_out.waiting if finding.reason else sorted_out.open
            kind.append(finding)
    return sorted_out


def by_rule(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    """Findings by the id of their rule."""
    return _grouped(findings, lambda finding: finding.rule)


def by_reason(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    """Findings by why they cannot be decided yet."""
    return _grouped(findings, lambda finding: finding.reason)


def _grouped(findings: Iterable[Finding], key: Callable[[Finding], str]) -> dict[str, list[Finding]]:
    groups: dict[str, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(key(finding), []).append(finding)
    return groups
