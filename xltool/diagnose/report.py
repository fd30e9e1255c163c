"""What one check found: the verdicts of checking as findings with culprits, and its remarks, errors first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from xltool.checking import check as checking
from xltool.checking.check import Checked
from xltool.checking.proof.remaining import prove_remaining
from xltool.diagnose.grouping import Group, Grouper
from xltool.diagnose.lines.find import corrected
from xltool.diagnose.telling import Teller
from xltool.layout.book import Book
from xltool.model import Finding, Severity, Verdict


class Report(NamedTuple):
    """What one check found, errors first; `equations` is how many were evaluated, `verdicts` how they came out.

    `rounding_proved`: whether hidden amounts exist that explain all differences left to rounding (L01); None if there
    are none, or if it could be neither proved nor disproved. `explained` is how many differences they explain.
    `basis` is a sentence on what the findings rest on; "" for a template.
    """

    book: Book
    findings: tuple[Finding, ...]
    equations: int
    verdicts: Mapping[Verdict, int] = MappingProxyType({})
    rounding_proved: bool | None = None
    explained: int = 0
    basis: str = ""

    def __repr__(self) -> str:
        severities = Counter(finding.severity for finding in self.findings)
        counts = ", ".join(f"{severities[severity]} {severity.value}s" for severity in Severity)
        return f"<Report on {self.book!r}: {counts} in {self.equations} equations>"

    @property
    def is_clean(self) -> bool:
        """Whether nothing but remarks was found, and warnings that were explained."""
        return not any(finding.is_open for finding in self.findings)


def check(book: Book) -> Report:
    """Every finding about a book."""
    checked, lines = corrected(checking.check(book))
    teller = Teller(checked)
    groups = _groups(checked)
    wrong = {suspect.cell for group in groups for suspect in group.suspects}
    rounding = prove_remaining(checked, wrong)
    findings = [
        *checked.noticed,
        *lines,
        *teller.blank_totals(),
        *map(teller.failure, groups),
        *rounding.findings,
        *_others(checked, teller, {id(equation) for equation in rounding.answer.conflict}),
        *checked.remarks,
    ]
    verdicts, answer = checked.judged.verdicts, rounding.answer
    return Report(book, by_severity(findings), verdicts.total(), verdicts, answer.proved, answer.explained)


def by_severity(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Errors first, otherwise in their order."""
    order = list(Severity)
    return tuple(sorted(findings, key=lambda finding: order.index(finding.severity)))


def _groups(checked: Checked) -> list[Group]:
    if not checked.judged.failing:
        return []
    grouper = Grouper(checked.nets, checked.values, checked.definitions)
    return grouper.groups(checked.judged.failing, checked.judged.passing)


def _others(checked: Checked, teller: Teller, in_conflict: set[int]) -> Iterator[Finding]:
    for outcome, reason in checked.judged.others:
        if id(outcome.equation) not in in_conflict:
            yield teller.other(outcome, reason)
