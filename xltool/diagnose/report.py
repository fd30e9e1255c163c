"""What one check found: the verdicts of checking as findings with culprits, and its remarks, errors first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from types import MappingProxyType
from typing import NamedTuple

from xltool.checking import check as checking
from xltool.checking.check import Checked
from xltool.checking.problems import REPLACED
from xltool.checking.proof.remaining import prove_remaining
from xltool.diagnose.telling import Teller
from xltool.equations.evaluate import holds
from xltool.layout.block import Place
from xltool.layout.book import Book
from xltool.model import Finding, Severity, Value, Verdict

_NOT_NEGATIVE = "not_negative"


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
    checked, lines, doubted = _corrected(checking.check(book))
    teller = Teller(checked)
    mistakes = _mistakes(checked, teller)
    rounding = prove_remaining(checked, mistakes.suspects | doubted)
    told = mistakes.explained | {id(equation) for equation in rounding.answer.conflict}
    findings = [
        *checked.noticed,
        *lines,
        *teller.blank_totals(mistakes.values),
        *mistakes.findings,
        *rounding.findings,
        *(
            teller.other(outcome, reason)
            for outcome, reason in checked.judged.others
            if id(outcome.equation) not in told
        ),
        *_not_told(checked.remarks, checked, mistakes),
    ]
    verdicts, answer = checked.judged.verdicts, rounding.answer
    return Report(book, by_severity(findings), verdicts.total(), verdicts, answer.proved, answer.explained)


def by_severity(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Errors first, otherwise in their order."""
    order = list(Severity)
    return tuple(sorted(findings, key=lambda finding: order.index(finding.severity)))


def _corrected(checked: Checked) -> tuple[Checked, list[Finding], Set[Place]]:
    """The book without whole lines that are wrong, what was said of them, and cells of which nobody knows what belongs
    in them. What looks for lines is imported only if something fails."""
    if not (checked.judged.failing or checked.blank):
        return checked, [], frozenset()
    from xltool.diagnose.lines.find import corrected

    return corrected(checked)


class _Mistakes(NamedTuple):
    """The mistakes told, all cells that may be behind them, the equations (by `id`) that are told with them, and the
    values as they are once what is certain is corrected."""

    findings: list[Finding]
    suspects: set[Place]
    explained: set[int]
    values: Mapping[Place, Value]


def _mistakes(checked: Checked, teller: Teller) -> _Mistakes:
    """What is behind the equations that fail. The search is imported only if some do."""
    if not checked.judged.failing:
        return _Mistakes([], set(), set(), checked.values)
    from xltool.diagnose.diagnosis import diagnose
    from xltool.diagnose.failures import told

    faults, values = diagnose(checked)
    return _Mistakes(
        [told(fault, teller) for fault in faults],
        {cell for fault in faults for cell in fault.suspects},
        {id(outcome.equation) for fault in faults for outcome in (*fault.outcomes, *fault.together)},
        values,
    )


def _not_told(remarks: Sequence[Finding], checked: Checked, mistakes: _Mistakes) -> Iterator[Finding]:
    """Without the amounts below zero that a mistake was told of: what is wrong with them is the mistake; and without
    the totals typed in that are no sums any more once the mistakes are corrected."""
    negative = {rule.id for rule in checked.rules.values() if rule.predicate == _NOT_NEGATIVE}
    wrong = {finding.cell for finding in mistakes.findings if finding.explanations}
    for finding in remarks:
        is_told = finding.rule in negative and finding.cell in wrong
        if not is_told and not (finding.rule == REPLACED.id and _is_no_sum(finding, checked, mistakes.values)):
            yield finding


def _is_no_sum(finding: Finding, checked: Checked, values: Mapping[Place, Value]) -> bool:
    """Whether none of the cells that a finding is about holds the sum of its parts."""
    cells = (finding.cell, *(related.cell for related in finding.places))
    places = [place for cell in cells if cell is not None and (place := checked.book.layout.place_at(cell)) is not None]
    return not any(holds(checked.definitions[place], values) for place in places)
