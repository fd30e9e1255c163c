"""Checks a workbook that no template describes by what follows from itself: says how sure that is, and accuses no cell
where it is not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from xltool.checking.problems import COLUMN_MISSING, SHIFTED, TABLE_MISSING, UNKNOWN_ROW
from xltool.checking.tell.words import quoted
from xltool.diagnose.report import Report, by_severity
from xltool.drafting.agreements import is_sure
from xltool.drafting.relations import draft_with_relations
from xltool.drafting.toml_text import template_of_draft
from xltool.equations.instances import all_equations
from xltool.equations.verdicts import evaluate
from xltool.excel.read.workbook import read_as
from xltool.layout.block import Place
from xltool.layout.book import Book
from xltool.layout.equation import Equation
from xltool.model import Finding, Severity, Statement, Value, Verdict
from xltool.source.sheet import Source
from xltool.template.spec import Rule

_ABOUT_THE_DRAFT = {kind.id for kind in (TABLE_MISSING, COLUMN_MISSING, SHIFTED)}
"""Findings that compare the workbook with its template; here that was made from the workbook itself."""

_ROWS_NAMED = 3

_BLANK_TOTAL = "A07"
_PROOF = "rounding_proved"
_EQUAL_TOTALS = "Z"


class Support(NamedTuple):
    """How many equations of one kind agree with what the workbook holds, and how many do not."""

    agreeing: int
    disagreeing: int

    @property
    def is_sure(self) -> bool:
        """Whether enough agree, and nearly all."""
        return is_sure(self.agreeing, self.disagreeing)

    def __str__(self) -> str:
        return f"依据：本工作簿里同类的 {self.agreeing + self.disagreeing} 条等式有 {self.agreeing} 条相符"


def read_by_itself(source: Source) -> Book:
    """A workbook read by its own draft, with rules for all that its tables say twice.

    Raises FileRefused, and TableNotFound if it has no table, or two that cannot be told apart.
    """
    return read_as(source, template_of_draft(draft_with_relations(source)))


def weighed(report: Report) -> Report:
    """A report by an inferred template, each finding with what it rests on; what is not sure is no error."""
    support = _supports(report.book)
    rules = report.book.template.rules
    known = [finding for finding in report.findings if finding.rule != UNKNOWN_ROW.id]
    weighed_ones = [_weighed(finding, support, rules.get(finding.rule)) for finding in known]
    unclear = {f.cell.sheet for f in report.findings if f.rule == UNKNOWN_ROW.id and f.cell is not None}
    found = [_beside_unknown_rows(one) if one.cell and one.cell.sheet in unclear else one for one in weighed_ones]
    findings = by_severity([*found, *_rows_not_understood(report)])
    kinds = [one for rule, one in support.items() if rule != _BLANK_TOTAL]
    agreeing, all_of_them = sum(one.agreeing for one in kinds), sum(one.agreeing + one.disagreeing for one in kinds)
    basis = (
        "没有模板认得这个工作簿，只按它自身推得的关系核对：合计、小计、科目的类款项、各栏相加、各表相等的数"
        f"（共 {all_of_them} 条等式，{agreeing} 条相符）。"
    )
    return report._replace(findings=findings, basis=basis)


def _rows_not_understood(report: Report) -> Iterator[Finding]:
    """One remark a sheet for the rows that its draft does not know."""
    by_sheet: dict[str, list[Finding]] = {}
    for finding in report.findings:
        if finding.rule == UNKNOWN_ROW.id and finding.cell is not None:
            by_sheet.setdefault(finding.cell.sheet, []).append(finding)
    for sheet, findings in by_sheet.items():
        numbers = [str(finding.cell.row) for finding in findings if finding.cell is not None]
        rows = f"第 {'、'.join(numbers[:_ROWS_NAMED])} 行{'等' if len(numbers) > _ROWS_NAMED else ''}"
        what = f"工作表{quoted(sheet)}有 {len(numbers)} 行（{rows}）"
        statement = Statement("{what}没有认出，它们的金额没有算进合计来核对。", what)
        hint = "请看这些行的编码、名称是否填全、是否重复。"
        yield _told_as(findings[0], Severity.REMARK, ())._replace(statement=statement, hint=hint)


def _supports(book: Book) -> Mapping[str, Support]:
    """What speaks for each kind of equation; for all sums together under A07, which finds totals left blank."""
    agreeing: Counter[str] = Counter()
    disagreeing: Counter[str] = Counter()
    for equation in all_equations(book.layout):
        if equation.is_inequality or not _is_telling(equation, book.values):
            continue
        outcome = evaluate(equation, book.layout, book.values, book.live)
        if outcome is not None:
            kind = disagreeing if outcome.verdict is Verdict.FAIL else agreeing
            rule = book.template.rules[equation.rule]
            kind.update([_kind(rule), *([_BLANK_TOTAL] if equation.structural else [])])
    return {kind: Support(agreeing[kind], disagreeing[kind]) for kind in agreeing.keys() | disagreeing.keys()}


def _kind(rule: Rule) -> str:
    """The equations that speak for each other: those of one rule; totals that are equal, one rule each, together."""
    return rule.id if rule.each or rule.comparison is None else _EQUAL_TOTALS


def _is_telling(equation: Equation, values: Mapping[Place, Value]) -> bool:
    """Whether there are figures on both sides: what is blank or 0 all over agrees with anything."""
    return all(any(values.get(place) for _, place in side) for side in (equation.left, equation.right))


def _weighed(finding: Finding, support: Mapping[str, Support], rule: Rule | None) -> Finding:
    if finding.rule in _ABOUT_THE_DRAFT:
        return _told_as(finding, Severity.REMARK, ())
    if rule is not None and rule.predicate == _PROOF and finding.severity is Severity.ERROR:
        return _told_as(finding, Severity.WARNING, ["依据：其中有的等式只是由数字推得的，不能肯定。"])
    known = support.get(_kind(rule)) if rule is not None else None
    if known is None or finding.severity is Severity.REMARK:
        return finding
    is_sure = known.is_sure and not (rule is not None and _is_of_several_tables(rule))
    severity = finding.severity if is_sure else Severity.WARNING
    return _told_as(finding, severity, [f"{known}{'' if is_sure else '，不能肯定'}。"])


def _beside_unknown_rows(finding: Finding) -> Finding:
    """What is told of a sheet with rows that its draft does not know: its totals may count these."""
    if finding.severity is not Severity.ERROR:
        return finding
    return _told_as(finding, Severity.WARNING, ["这张表有没有认出的行，不能肯定。"])


def _is_of_several_tables(rule: Rule) -> bool:
    """Whether a rule adds up tables about one kind of money each: a little of another kind hides in what is rounded."""
    return rule.comparison is not None and len({addend.reference.table for addend in rule.comparison.right}) > 1


def _told_as(finding: Finding, severity: Severity, notes: Iterable[str]) -> Finding:
    verdict = severity.verdict if severity is Severity.REMARK else finding.verdict
    return finding._replace(severity=severity, verdict=verdict, notes=(*finding.notes, *notes))
