"""What is to be rounded has to add up first: otherwise an error would be rounded away."""

from __future__ import annotations

from collections.abc import Iterator

from xltool.checking.problems import NOT_CALCULATED, ORPHAN, SHIFTED, UNCOUNTED_CODE, UNREADABLE
from xltool.checking.tell.words import Words
from xltool.diagnose.report import check
from xltool.equations.evaluate import holds
from xltool.equations.instances import all_equations
from xltool.equations.references import rules_for
from xltool.equations.verdicts import evaluate
from xltool.errors import BalanceError
from xltool.layout.book import Book
from xltool.model import Finding, Severity, Statement, Verdict
from xltool.template.spec import Rule

_UNREAD = {(kind.id, kind.name) for kind in (UNREADABLE, NOT_CALCULATED, SHIFTED, ORPHAN, UNCOUNTED_CODE)}
"""Problems because of which an amount would be lost or counted elsewhere."""


def refuse_inexact(book: Book) -> None:
    """Raise BalanceError, naming the findings, if a total or copy of `book` differs from what it should be.

    A difference that rounding explains is one too: nobody knows the amounts before they were rounded. Rules that are
    no more than warnings need not hold, nor what has not been filled in yet.
    """
    problems = [*_findings(book), *_unequal(book)]
    if problems:
        name = f"“{book.source.name}”" if book.source is not None else "汇总"
        raise BalanceError(f"{name}不能舍位：有的数不相符，或读不出来。请先改正下面 {len(problems)} 处：", problems)


def _findings(book: Book) -> Iterator[str]:
    rules = rules_for(book)
    for finding in check(book).findings:
        where = f"{finding.cell.in_book}　" if finding.cell else ""
        if (finding.rule, finding.name) in _UNREAD or (
            finding.rule in rules and _is_difference(finding, rules[finding.rule])
        ):
            yield f"{where}{finding.rule}　{_first_sentence(finding.statement)}"


def _is_difference(finding: Finding, rule: Rule) -> bool:
    """Whether a finding is about figures that should be equal, are not, and cannot stay so."""
    is_inequality = rule.comparison is not None and rule.comparison.relation != "="
    is_decided = finding.verdict in (Verdict.FAIL, Verdict.IMPLAUSIBLE, Verdict.ROUNDING)
    return finding.difference is not None and is_decided and not is_inequality and rule.severity is Severity.ERROR


def _unequal(book: Book) -> Iterator[str]:
    """Copies that the check takes for equal, because one of them is printed with fewer decimals."""
    rules = rules_for(book)
    words = Words(book.layout, book.values)
    for equation in all_equations(book.layout):
        if equation.is_inequality or rules[equation.rule].severity is not Severity.ERROR:
            continue
        if holds(equation, book.values):
            continue
        outcome = evaluate(equation, book.layout, book.values, book.live)
        if outcome is not None and outcome.verdict is Verdict.PASS:
            statement = words.disagreement(equation, outcome.left, outcome.right, "")
            yield f"{equation.rule}　{_first_sentence(statement)}两处的小数位数不同。"


def _first_sentence(statement: Statement) -> str:
    """What is wrong, without the parts of the sum."""
    return str(statement).partition("\n")[0]
