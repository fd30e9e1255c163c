"""What a page tells of one workbook, as plain data: made where it was checked, shown wherever it is wanted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import count, islice
from typing import NamedTuple

from xltool.diagnose.accepting import code_of, may_be_explained
from xltool.diagnose.report import Report
from xltool.layout.book import Book
from xltool.model import CellRef, Finding, Severity
from xltool.report import text
from xltool.report.figures import expected_and_found
from xltool.report.groups import Counts, by_reason, by_rule, by_sheet, counts_of, explained, remarks_of
from xltool.report.html.picture import Picture, picture_of

_QUIET = 30
"""Of one rule's remarks, so many are told one by one."""


class Told(NamedTuple):
    """One finding as it is told; `number` counts those of its workbook.

    `kind` is "error", "warning", "remark" or "explained", `severity` the word for it; `expected` and `found` are 应为
    and 现为, "" where they are not known; `message` and `advice` are all that is said, `reason` why it is right as it
    is, "" if nobody said so; `code` is its 核对码, "" if no reason can be given for it.
    """

    number: int
    kind: str
    severity: str
    cell: CellRef | None
    rule: str
    name: str
    expected: str
    found: str
    message: str
    advice: str
    reason: str
    code: str
    picture: Picture


class OnSheet(NamedTuple):
    """The errors and warnings of a sheet; how many there are, of which some may not be listed."""

    sheet: str
    errors: int
    warnings: int
    findings: tuple[Told, ...]

    @property
    def total(self) -> int:
        """How many there are."""
        return self.errors + self.warnings


class Group(NamedTuple):
    """Findings under one heading; `total` is how many there are, of which some may not be listed."""

    heading: str
    findings: tuple[Told, ...]
    total: int


class Contents(NamedTuple):
    """What is told of one workbook: how many findings in one line and in numbers, and the findings in groups.

    `sheets` has errors and warnings by sheet, `explained` the warnings that were explained, `to_look_at` what the
    reader should look at, `quiet` what needs no change, `waiting` what cannot be decided yet; `proof` says that
    rounding explains all that is left.
    """

    about: tuple[str, ...]
    summary: str
    counts: Counts
    sheets: tuple[OnSheet, ...]
    explained: tuple[Group, ...]
    to_look_at: tuple[Group, ...]
    quiet: tuple[Group, ...]
    waiting: tuple[Group, ...]
    proof: tuple[str, ...]

    @property
    def open(self) -> list[Told]:
        """The errors and warnings that are listed, errors first."""
        return sorted((told for on in self.sheets for told in on.findings), key=lambda told: told.kind != "error")

    @property
    def left_out(self) -> int:
        """How many errors and warnings are not listed."""
        return sum(on.total - len(on.findings) for on in self.sheets)


def contents_of(report: Report, most: int) -> Contents:
    """What is told of a workbook; at most so many errors and warnings are listed, errors first."""
    remarks, numbers = remarks_of(report), count(1)
    listed = {id(finding) for finding in islice((one for one in report.findings if one.is_open), most)}

    def told(findings: Iterable[Finding]) -> tuple[Told, ...]:
        return tuple(told_of(finding, report.book, next(numbers)) for finding in findings)

    def on_sheet(sheet: str, findings: Sequence[Finding]) -> OnSheet:
        errors = sum(finding.severity is Severity.ERROR for finding in findings)
        shown = told(finding for finding in findings if id(finding) in listed)
        return OnSheet(sheet, errors, len(findings) - errors, shown)

    def group(heading: str, findings: Sequence[Finding]) -> Group:
        return Group(heading, told(findings[:_QUIET]), len(findings))

    rounding = sorted(by_rule(remarks.rounding).values(), key=lambda same: same[0].rule)
    return Contents(
        tuple(text.about(report)),
        text.summary(report),
        counts_of(report),
        tuple(on_sheet(*one) for one in by_sheet(report).items()),
        tuple(group(_rule(one), one) for one in by_rule(explained(report)).values()),
        tuple(group(_rule(one), one) for one in by_rule(remarks.open).values()),
        tuple(group(text.rounding_line(one), one) for one in rounding),
        tuple(group(text.waiting_line(one), one) for one in by_reason(remarks.waiting).values()),
        tuple(text.proof(report)),
    )


def told_of(finding: Finding, book: Book, number: int) -> Told:
    """What is told of one finding about `book`."""
    expected, found = expected_and_found(finding, book)
    return Told(
        number,
        "explained" if finding.accepted else finding.severity.value,
        "已说明" if finding.accepted else text.WORDS[finding.severity],
        finding.cell,
        finding.rule,
        finding.name,
        expected,
        found,
        finding._replace(hint="").message,
        finding.advice,
        text.reason_text(finding.accepted) if finding.accepted else "",
        str(code_of(finding, book)) if may_be_explained(finding) else "",
        picture_of(finding, book),
    )


def _rule(findings: Sequence[Finding]) -> str:
    return f"{findings[0].rule} {findings[0].name}"
