"""The work of one process on one file that is to be added up: read, checked, its figures taken out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from xltool.api import books
from xltool.api.batches import Job
from xltool.api.failures import Failure, attempt
from xltool.checking.problems import HIDDEN, LEFT_OUT, NOT_CALCULATED, STRAY, UNREADABLE
from xltool.errors import TableNotFound
from xltool.layout.book import Book
from xltool.merge.adding.collect import collected
from xltool.merge.adding.figures import packed
from xltool.merge.consolidation import Sent
from xltool.merge.grand_totals import figure_in_yuan
from xltool.merge.roster.identity import identity
from xltool.merge.transfers.internal import internal_lines
from xltool.merge.unit_file import UnitFile
from xltool.model import Finding, Severity
from xltool.template.spec import Template

_SEEN = {kind.id for kind in (LEFT_OUT, STRAY, HIDDEN)}

_NOT_NEGATIVE = "not_negative"
"""The predicate of the rule that amounts are not below zero (A15)."""

_TOLD = 3
"""So many errors of a unit are told; `xltool check` tells all of them."""


def unit_file(job: Job, template: str | None, templates: Path | None) -> UnitFile:
    """A file as far as it can be read; never raises for what is wrong with the file."""
    done = attempt(lambda: _read(job.source, template, templates), job.name)
    return unreadable(job, done.sentence) if isinstance(done, Failure) else done


def unreadable(job: Job, sentence: str) -> UnitFile:
    """A file that cannot be read, or whose process was lost."""
    return UnitFile(Sent(str(job.source)), trouble=sentence)


def _read(source: Path, template: str | None, templates: Path | None) -> UnitFile:
    package = books.opened(source)
    changed = datetime.fromtimestamp(source.stat().st_mtime).astimezone()
    sent = Sent(str(source), changed.isoformat(timespec="seconds"), package.sha256)
    try:
        book = books.read(package, template, templates)
    except TableNotFound as error:
        return UnitFile(sent, is_budget=False, trouble=str(error))
    report = books.check(book)
    errors = [finding for finding in report.findings if _is_error(finding, book)]
    apart = [finding for finding in errors if not _is_of_sign(finding, book.template)]
    warnings = sum(one.is_open for one in report.findings if not _is_error(one, book))
    accepted = tuple(finding.accepted for finding in report.findings if finding.accepted)
    outline, merging = book.outline, book.template.merging
    return UnitFile(
        sent._replace(
            income=figure_in_yuan(book, merging.income),
            expenditure=figure_in_yuan(book, merging.expenditure),
            errors=len(errors),
            warnings=warnings,
            accepted=len(accepted),
        ),
        identity(book),
        book.template.id,
        book.version,
        outline.year,
        outline.amount_unit,
        outline.department,
        problems=_told(errors),
        corrects=(len(apart), _told(apart)),
        accepted=accepted,
        seen=(*_outdated(book), *(str(one.statement) for one in report.findings if one.rule in _SEEN)),
        internal=internal_lines(book),
        figures=packed(collected(book)),
    )


def _is_error(finding: Finding, book: Book) -> bool:
    """What `xltool check` calls one, and a figure that nobody has calculated: it would be added as nothing.

    But not an amount that is stored as text: it is added as what it says.
    """
    if finding.rule == UNREADABLE.id and any(book.layout.cell(place) == finding.cell for place in book.as_text):
        return False
    return finding.severity is Severity.ERROR or finding.rule == NOT_CALCULATED.id


def _told(errors: Sequence[Finding]) -> tuple[str, ...]:
    """The first errors, each without the sums behind it, which stand on lines of their own."""
    return tuple(str(finding.statement).partition("\n")[0].rstrip("。") for finding in errors[:_TOLD])


def _is_of_sign(finding: Finding, template: Template) -> bool:
    """Whether a finding says that an amount is below zero, or more or less than another."""
    rule = template.rules.get(finding.rule)
    if rule is None:
        return False
    return rule.predicate == _NOT_NEGATIVE or (rule.comparison is not None and rule.comparison.relation != "=")


def _outdated(book: Book) -> Iterator[str]:
    if book.version != book.template.version:
        yield f"用的是模板第 {book.version} 版，现在是第 {book.template.version} 版。"
