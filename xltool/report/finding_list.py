"""The lines of the 问题清单: errors first, then warnings, then what was explained; each in the order of the sheets."""

from __future__ import annotations

from pathlib import Path

from xltool.diagnose.accepting import code_of, may_be_explained
from xltool.diagnose.report import Report
from xltool.excel.write.handouts import finding_list as columns
from xltool.excel.write.handouts.finding_list import ListedFinding
from xltool.model import Finding, Severity
from xltool.report.figures import expected_and_found
from xltool.report.groups import sheet_of
from xltool.report.text import WORDS

_LONGEST = 2000
"""Letters of a problem; a cell holds no more than 32,767, and nobody reads so many."""


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
    cell, accepted = finding.cell, finding.accepted
    expected, found = expected_and_found(finding, report.book)
    problem = finding._replace(hint="").message
    texts = {
        columns.TABLE: sheet_of(finding),
        columns.CELL: cell.a1 if cell else "",
        columns.SEVERITY: WORDS[finding.severity],
        columns.RULE: f"{finding.rule} {finding.name}",
        columns.PROBLEM: problem if len(problem) <= _LONGEST else f"{problem[:_LONGEST]}…",
        columns.EXPECTED: expected,
        columns.FOUND: found,
        columns.REASON: accepted.reason if accepted else "",
        columns.WHO: accepted.who if accepted else "",
        columns.DATE: accepted.date if accepted else "",
        columns.ACTION: _action(finding),
        columns.CODE: str(code_of(finding, report.book)),
    }
    return ListedFinding(file, cell, finding.severity, texts)


def _action(finding: Finding) -> str:
    if finding.accepted is not None:
        return columns.EXPLAINED
    return columns.EXPLAIN if may_be_explained(finding) else columns.CORRECT
