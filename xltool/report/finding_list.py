"""The lines of the 问题清单: errors first, then warnings, then what was explained; each in the order of the sheets."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

from xltool.checking.tell.words import MUST, Words
from xltool.diagnose.accepting import code_of, may_be_explained, without_addresses
from xltool.diagnose.report import Report
from xltool.excel.write.handouts import finding_list as columns
from xltool.excel.write.handouts.finding_list import ListedFinding
from xltool.layout.book import Book
from xltool.model import Culprit, Finding, Severity, Value
from xltool.report.text import WHOLE_WORKBOOK, WORDS
from xltool.source.cells import shortened

_LONGEST = 2000
"""Letters of a problem; a cell holds no more than 32,767, and nobody reads so many."""

_SHORT = 40

_NAMED = 4
"""So many cells are named in 应为 and 现为; a whole line that is wrong is told in 问题."""

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
    cell, accepted = finding.cell, finding.accepted
    expected, found = _figures(finding, report.book)
    problem = finding._replace(hint="").message
    texts = {
        columns.TABLE: cell.sheet if cell else WHOLE_WORKBOOK,
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


def _figures(finding: Finding, book: Book) -> tuple[str, str]:
    """应为 and 现为: of the cell that is wrong, or of the few that may be; else as the sentence has them."""
    parts, words = finding.statement, Words(book.layout, book.values)
    ways = [one.culprits for one in finding.explanations]
    wrong = [culprit for way in ways for culprit in way]
    if not 0 < len(wrong) <= _NAMED or any(one.cell is None or one.proposed is None for one in wrong):
        expected, found = (_short(part) for part in (parts.expected, parts.found))
        return _bound(parts.says) + expected if expected else "", found
    is_certain = len(ways) == len(ways[0]) == 1

    def each(value: Callable[[Culprit], Value]) -> str:
        told = ["、".join(f"{_address(one, finding)} {_told(one, value(one), words)}" for one in way) for way in ways]
        return _told(ways[0][0], value(ways[0][0]), words) if is_certain else " 或 ".join(told)

    return each(lambda culprit: culprit.proposed), each(lambda culprit: culprit.found)


def _short(part: str) -> str:
    """A part of the sentence without addresses; one so long that it is a sentence itself is read in 问题."""
    text = without_addresses(part)
    return text if len(text) <= _SHORT else ""


def _told(culprit: Culprit, value: Value, words: Words) -> str:
    place = words.layout.place_at(culprit.cell) if culprit.cell else None
    return words.amount(value, place) if isinstance(value, Decimal) else shortened(value) if value else "空白"


def _address(culprit: Culprit, finding: Finding) -> str:
    cell = culprit.cell
    if cell is None:
        return ""
    return cell.a1 if finding.cell and finding.cell.sheet == cell.sheet else cell.in_book


def _bound(says: str) -> str:
    """The sign of what must be no more, or no less."""
    return next((sign for must, sign in _BOUNDS.items() if must in says), "")


def _action(finding: Finding) -> str:
    if finding.accepted is not None:
        return columns.EXPLAINED
    return columns.EXPLAIN if may_be_explained(finding) else columns.CORRECT
