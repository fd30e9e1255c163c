"""Which findings a person has explained (已说明): a reason holds for one problem with one set of figures.

A finding's code has two halves: one of the rule and the facts that it is about, one of their values. Both are of what
the facts mean, not of where they stand, so that a row may move; the unit and the year are in it, so that a reason that
is copied to another workbook explains nothing there.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from enum import Enum
from typing import NamedTuple

from xltool.diagnose.report import Report
from xltool.layout.book import Book
from xltool.model import Acceptance, Finding, Role, Severity, Value, Verdict, format_path

_HALF = 12
_LONGEST = 500
"""Letters of what a reason is about."""

_LETTERS = str.maketrans("0123456789abcdef", "ABCDEFGHIJKLMNOP")
_ADDRESS = re.compile(
    r"（[^（“”]*?[A-Z]{1,3}[0-9]{1,7}）|(?<![A-Za-z0-9])[A-Z]{1,3}[1-9][0-9]{0,6}(?![A-Za-z0-9])|第 [0-9]{1,7} 行"
)
_TOLD_VALUE = re.compile(r"“[^“”]*”|[0-9][0-9,.]*")
"""What a part of a sentence takes from the workbook: what it quotes, and numbers."""

_OWN = (Role.COMPARED, Role.ALIKE)
"""The cells that a finding is about; others only say what may be its cause, or what follows from it."""


class Code(NamedTuple):
    """Of a finding: the problem, and its figures."""

    problem: str
    figures: str

    def __str__(self) -> str:
        return "-".join(self)


class Standing(Enum):
    """Whether a reason that is kept still holds; the value is what the sheet says."""

    HOLDS = "有效"
    CHANGED = "数已变，不再适用"
    GONE = "现在没有这个问题"


class Kept(NamedTuple):
    """A reason with what became of it."""

    acceptance: Acceptance
    standing: Standing


def accepting(report: Report, given: Iterable[Acceptance] = ()) -> Report:
    """The report with the reasons that the workbook keeps and those `given`: warnings that they explain are 已说明.

    An error that a reason was written for, and a warning whose figures have changed since, say so in their notes.
    """
    reasons: dict[str, Acceptance] = {}
    for one in (*report.book.accepted, *given):
        if one.code not in reasons or reasons[one.code].reason != one.reason:
            reasons[one.code] = one
    if not reasons:
        return report
    codes = [code_of(finding, report.book) for finding in report.findings]
    left = reasons.keys() - set(map(str, codes))
    outdated = {code.partition("-")[0]: one for code, one in reasons.items() if code in left}
    findings = (
        _with_reason(finding, reasons.get(str(code)) or outdated.get(code.problem), str(code))
        for finding, code in zip(report.findings, codes, strict=True)
    )
    return report._replace(findings=tuple(findings))


def kept(report: Report) -> Iterator[Kept]:
    """The reasons to be kept in the workbook: those that hold, and those kept already that hold no more."""
    held = {finding.accepted.code: finding.accepted for finding in report.findings if finding.accepted}
    problems = {code_of(finding, report.book).problem for finding in report.findings}
    yield from (Kept(one, Standing.HOLDS) for one in held.values())
    for one in report.book.accepted:
        if one.code not in held:
            is_there = one.code.partition("-")[0] in problems
            yield Kept(one, Standing.CHANGED if is_there else Standing.GONE)


def code_of(finding: Finding, book: Book) -> Code:
    """The code of a finding about `book`."""
    outline = book.outline
    key = finding.key
    about = (
        (key.table, format_path(key.row), format_path(key.column))
        if key
        else (without_addresses(finding.statement.what),)
    )
    problem = _hash([outline.department, str(outline.year), finding.rule, *about])
    return Code(problem, _hash([problem, *_figures(finding, book)]))


def may_be_explained(finding: Finding) -> bool:
    """Whether a reason may say that it is right as it is: a warning, of which the figures are known."""
    return finding.severity is Severity.WARNING and finding.verdict is not Verdict.UNDECIDED


def _with_reason(finding: Finding, reason: Acceptance | None, code: str) -> Finding:
    if reason is None or finding.severity is Severity.REMARK:
        return finding
    if not may_be_explained(finding):
        is_error = finding.severity is Severity.ERROR
        why = "错误要改正，不能用说明代替" if is_error else "还没有算出数来，无从说明"
        note = f"给它写的说明“{reason.reason}”不算：{why}。"
    elif reason.code != code:
        note = f"以前说明过“{reason.reason}”，数已经变了，不再适用：请重新核对，仍然没有错的重新说明。"
    else:
        rule, place, figures = f"{finding.rule} {finding.name}", _cut(_place_of(finding)), _cut(_figures_of(finding))
        return finding._replace(accepted=reason._replace(rule=rule, place=place, figures=figures))
    return finding._replace(notes=(*finding.notes, note))


def _place_of(finding: Finding) -> str:
    """What a finding is about, as it is read, without addresses: rows may move."""
    sheet = finding.cell.sheet if finding.cell else finding.key.table if finding.key else ""
    what = without_addresses(finding.statement.what)
    if not what and finding.key is not None:
        what = "·".join(format_path(path) for path in finding.key[1:] if path)
    return "：".join(filter(None, (sheet, what)))


def _figures_of(finding: Finding) -> str:
    """What a finding says of the figures there, as it is read."""
    return without_addresses(str(finding.statement._replace(what="")).partition("\n")[0]).rstrip("。")


def _figures(finding: Finding, book: Book) -> Iterator[str]:
    """The values that a finding depends on: of its cells with their keys, of its sides, those its sentence quotes."""
    layout, parts = book.layout, finding.statement
    own = layout.place_at(finding.cell) if finding.cell else None
    yield _text(book.values.get(own) if own else None)
    about: list[str] = []
    for other in finding.places:
        if other.role in _OWN:
            place = layout.place_at(other.cell)
            key = repr(layout.key(place)) if place else other.cell.sheet
            about.append(f"{key}\0{_text(other.value)}")
    yield from sorted(about)
    yield from map(_text, (finding.left, finding.right))
    for part in (parts.what, parts.found, parts.expected, parts.basis, parts.off):
        yield "\0".join(_TOLD_VALUE.findall(without_addresses(part)))


def _text(value: Value) -> str:
    return f"{value.normalize():f}" if isinstance(value, Decimal) else value or ""


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def without_addresses(text: str) -> str:
    """A part of a sentence without the addresses of cells and the numbers of rows."""
    return _ADDRESS.sub("", text).strip()


def _hash(parts: Iterable[str]) -> str:
    whole = "\1".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.sha256(whole).hexdigest()[:_HALF].translate(_LETTERS)
