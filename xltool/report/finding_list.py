"""The lines of the 问题清单: errors first, then warnings, then what was explained; each in the order of the sheets."""

from __future__ import annotations

from pathlib import Path

from xltool.checking.tell.words import MUST
from xltool.diagnose.accepting import code_of
from xltool.diagnose.report import Report
from xltool.excel.write.handouts import finding_list as columns
from xltool.excel.write.handouts.finding_list import ListedFinding
from xltool.model import Finding, Severity
from xltool.report.text import WHOLE_WORKBOOK, WORDS
from xltool.source.cells import shortened

_BOUNDS = {MUST["<="]: "≤ ", MUST[">="]: "≥ "}


def listed_findings(report: Report, file: Path) -> tuple[ListedFinding, ...]:
    """The errors and warnings of a report; the links lead to `file`."""
    sheets = [table.sheet for table in report.book.layout.tables.values()]

    def order(finding: Finding) -> tuple[int, bool, int, tuple[int, int]]:
        sheet, row, column = finding.cell or ("", 0, 0)
        at = sheets.index(sheet) if sheet in sheets else -1
        return list(Severity).index(finding.severity), finding.accepted is not None, at, (row, column)

    told = [finding for finding in report.findings if finding.severity is not Severity.REMARK]
    return tuple(_listed(finding, report, file) for finding in sorted(told, key=order))


def _listed(finding: Finding, report: Report, file: Path) -> ListedFinding:
    cell, accepted, parts = finding.cell, finding.accepted, finding.statement
    texts = {
        columns.TABLE: cell.sheet if cell else WHOLE_WORKBOOK,
        columns.CELL: cell.a1 if cell else "",
        columns.SEVERITY: WORDS[finding.severity],
        columns.RULE: f"{finding.rule} {finding.name}",
        columns.PROBLEM: finding._replace(hint="").message,
        columns.EXPECTED: _bound(parts.says) + shortened(parts.expected) if parts.expected else "",
        columns.FOUND: shortened(parts.found),
        columns.REASON: accepted.reason if accepted else "",
        columns.WHO: accepted.who if accepted else "",
        columns.DATE: accepted.date if accepted else "",
        columns.ACTION: _action(finding),
        columns.CODE: str(code_of(finding, report.book)),
    }
    return ListedFinding(file, cell, finding.severity, texts)


def _bound(says: str) -> str:
    """The sign of what must be no more, or no less."""
    return next((sign for must, sign in _BOUNDS.items() if must in says), "")


def _action(finding: Finding) -> str:
    if finding.accepted is not None:
        return columns.EXPLAINED
    return columns.CORRECT if finding.severity is Severity.ERROR else columns.EXPLAIN
