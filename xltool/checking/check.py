"""Checks one book: every equation and predicate of its template, as findings grouped by cause."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple

from xltool.checking.blank_totals import complete
from xltool.checking.formula_findings import formula_findings
from xltool.checking.grouping import Group, Grouper
from xltool.checking.predicates import PREDICATES
from xltool.checking.predicates.subjects.codes_valid import replacements
from xltool.checking.problems import ORPHAN, problem
from xltool.checking.proof.book import Answer, Question, prove_rounding
from xltool.checking.proof.findings import ROUNDING_PROVED, contradiction, unproved
from xltool.checking.reading_findings import reading_findings
from xltool.checking.shift.shifted import Straightened, straighten
from xltool.checking.tell.telling import Teller, lacking_parts
from xltool.checking.tell.words import quoted
from xltool.equations.instances import all_equations, lacking_columns
from xltool.equations.nets import Nets
from xltool.equations.sums import orphans
from xltool.equations.unfinished import unfinished_tables
from xltool.equations.verdicts import Figures, Outcome, evaluate
from xltool.layout.block import BlockAt, Place
from xltool.layout.book import Book
from xltool.layout.equation import Equation
from xltool.model import FactKey, Finding, Severity, Statement, Verdict, format_path


class Report(NamedTuple):
    """What one check found, errors first; `equations` is how many were evaluated, `verdicts` how they came out.

    `rounding_proved`: whether hidden amounts exist that explain all differences left to rounding (L01); None if there
    are none, or if it could be neither proved nor disproved. `explained` is how many differences they explain.
    """

    book: Book
    findings: tuple[Finding, ...]
    equations: int
    verdicts: Mapping[Verdict, int] = MappingProxyType({})
    rounding_proved: bool | None = None
    explained: int = 0

    def __repr__(self) -> str:
        severities = Counter(finding.severity for finding in self.findings)
        counts = ", ".join(f"{severities[severity]} {severity.value}s" for severity in Severity)
        return f"<Report on {self.book!r}: {counts} in {self.equations} equations>"

    @property
    def is_clean(self) -> bool:
        """Whether nothing but remarks was found."""
        return all(finding.severity is Severity.REMARK for finding in self.findings)


def check(book: Book) -> Report:
    """Evaluate every equation of `book` and run every predicate of its template."""
    straight = straighten(book)
    checker = _Checker(straight)
    findings = [
        *reading_findings(book, straight.moved),
        *straight.findings,
        *checker.equations(),
        *checker.broken_rules(),
        *checker.orphans(),
        *formula_findings(checker.book, checker.definitions, checker.disagreeing, checker.teller.words),
        *checker.predicates(),
    ]
    order = list(Severity)
    findings.sort(key=lambda finding: order.index(finding.severity))
    verdicts, rounding = checker.verdicts, checker.rounding
    return Report(book, tuple(findings), verdicts.total(), verdicts, rounding.proved, rounding.explained)


class _Checker:
    def __init__(self, straightened: Straightened) -> None:
        book, moved, self.nameless, _ = straightened
        self.book = book
        self.layout = book.layout
        self.all = all_equations(book.layout)
        self.values, self.blank = complete(book, self.all)
        self.definitions: dict[Place, Equation] = {}
        for equation in self.all:
            if equation.target is not None and equation.right:
                self.definitions.setdefault(equation.target, equation)
        self.nets = Nets({**book.live, **{place: self.definitions[place] for place in self.blank}})
        self.grouper = Grouper(self.nets, self.values, self.definitions)
        self.teller = Teller(book, self.values, self.definitions, self.nets)
        self.verdicts: Counter[Verdict] = Counter()
        self.disagreeing: set[Place | None] = {*self.blank, *self._totals_of(self.blank), *self._touching(moved)}
        self.rounding = Answer(None)
        self.unfinished = unfinished_tables(book.layout, book.values, book.live)
        self.replacements = replacements(book)

    def equations(self) -> Iterator[Finding]:
        """Evaluate all: blank totals, then failures grouped, then what rounding explains, or does not explain."""
        failing: list[Outcome] = []
        passing: list[Equation] = []
        others: list[tuple[Outcome, str]] = []
        live = self.book.live
        for equation in self.all:
            target = equation.target
            if target is not None and live.get(target) is equation:
                self.verdicts[Verdict.PASS] += self.values.get(target) is not None
                continue
            outcome = evaluate(equation, self.layout, self.values, self.nets.live)
            if outcome is None or target in self.blank:
                continue
            reason = self._undecided(outcome) if outcome.verdict is Verdict.FAIL else ""
            if reason:
                outcome = outcome._replace(verdict=Verdict.UNDECIDED)
            self.verdicts[outcome.verdict] += 1
            if outcome.verdict in (Verdict.PASS, Verdict.ROUNDING) and not equation.is_inequality:
                passing.append(equation)
            if outcome.verdict is Verdict.PASS:
                continue
            self.disagreeing.add(target)
            if outcome.verdict is Verdict.FAIL:
                failing.append(outcome)
            else:
                others.append((outcome, reason))
        self.verdicts[Verdict.FAIL] += len(self.blank)
        yield from self.teller.blank_totals(self.blank)
        groups = self.grouper.groups(failing, passing)
        for group in groups:
            yield self.teller.failure(group)
        yield from self._proof(groups, others)
        in_conflict = {id(equation) for equation in self.rounding.conflict}
        for outcome, reason in others:
            if id(outcome.equation) not in in_conflict:
                yield self.teller.other(outcome, reason)

    def _proof(self, groups: list[Group], others: list[tuple[Outcome, str]]) -> Iterator[Finding]:
        """L01: whether rounding explains at once all the differences that it explains one by one.

        What fails has been told and is left out; its cells, and those that may be its cause, may be wrong. So is a 0
        for which another table has no row: neither says that there is nothing, but that it is not worth printing.
        """
        off = [o.equation for o, reason in others if not reason and not o.equation.is_inequality]
        rules = self.teller.rules.values()
        rule = next((rule for rule in rules if rule.predicate == ROUNDING_PROVED), None)
        if rule is None or not off:
            return
        failing = [outcome.equation for group in groups for outcome in group.outcomes]
        left_out = {id(e) for e in failing} | {id(o.equation) for o, reason in others if reason}
        equations = [e for e in self.all if not e.is_inequality and e.target not in self.blank]
        held = [e for e in equations if id(e) not in left_out and (any(e.constants) or (e.left and e.right))]
        wrong = {place for equation in failing for place in equation.places}
        wrong |= {suspect.cell for group in groups for suspect in group.suspects}
        soft = {rule.id for rule in rules if rule.severity is Severity.WARNING}
        figures = Figures(self.layout, self.values, self.nets.live)
        doubtful = (outcome for outcome, _ in others if outcome.verdict is Verdict.IMPLAUSIBLE)
        zeros = {place for o in doubtful for _, place in figures.zeros(o.equation, o.difference)}
        question = Question(held, off, self.nets, zeros, soft, wrong)
        self.rounding = prove_rounding(question, self.layout, self.values)
        if self.rounding.conflict:
            yield contradiction(self.book, self.teller.words, self.teller.rules, rule, self.rounding.conflict)
        elif not self.rounding.proved:
            yield unproved(rule, len(off), bool(wrong))

    def _totals_of(self, blank: Mapping[Place, Decimal]) -> Iterator[Place]:
        """The totals of which a part is blank: their formula would not have given the figure that is typed in."""
        for place, equation in self.definitions.items() if blank else ():
            if any(term.place in blank for term in equation.right):
                yield place

    def broken_rules(self) -> Iterator[Finding]:
        """Rules that cannot be carried out because a table lacks a column."""
        for rule in self.teller.rules.values():
            for table, path in lacking_columns(rule, self.layout)[:1]:
                column = f"{quoted(table)}的{quoted(format_path(path))}栏"
                statement = Statement("规则无法执行：它要用到{expected}，工作簿里没有这一栏。", expected=column)
                yield Finding(rule.id, rule.name, Verdict.BROKEN, Severity.WARNING, statement)

    def orphans(self) -> Iterator[Finding]:
        """科目 that no total counts because the rows of their 类 or 款 are missing."""
        for block in self.layout.blocks:
            amounts = [c for c in block.block.amounts if block.columns[c].sheet_column]
            for r, missing in orphans(block):
                if self._has_told_code(block, r, missing):
                    continue
                filled = [c for c in amounts if self.values.get(block.places[r][c])]
                if filled:
                    first = block.places[r][filled[0]]
                    what, expected = self.teller.words.place(first, first), "、".join(missing)
                    statement = Statement("{what}缺少上级科目 {expected} 的行。", what, expected=expected)
                    yield problem(ORPHAN, statement, self.layout.key(first), self.layout.cell(first))

    def _has_told_code(self, block: BlockAt, r: int, missing: Collection[str]) -> bool:
        """Whether a row lacks others because its own code, or the one in their place, is of another year (A08)."""
        above = block.rows[r].path[:-1]
        beside = [self.replacements.get(row.code, set()) for row in block.rows if row.path[:-1] == above]
        return block.rows[r].code in self.replacements or set(missing) <= set().union(*beside)

    def predicates(self) -> Iterator[Finding]:
        """The rules that are no equations."""
        for rule in self.teller.rules.values():
            find = PREDICATES[rule.predicate].find if rule.predicate else None
            if find is None or lacking_columns(rule, self.layout):
                continue
            if rule.against is not None and not self.layout.blocks_of(rule.against.table):
                continue
            for finding in find(self.book, self.teller.words, rule):
                if finding.key is None or not self._has_no_name(finding.key):
                    yield finding

    def _undecided(self, outcome: Outcome) -> str:
        """Why a failing equation says nothing yet: what it lacks has been told, or nobody has filled it in. Else ""."""
        equation = outcome.equation
        cells = self.nets.typed_cells(equation.terms) & self.book.seen.unreadable.keys()
        if cells:
            at = self.teller.words.address(min(cells), (equation.left or equation.right)[0].place)
            return f"{at} 的金额无法读取"
        if equation.structural:
            lacking = lacking_parts(self.layout, equation)
            return f"工作簿缺少{lacking}" if lacking else ""
        for side in (equation.left, equation.right):
            typed = self.nets.typed_cells(side)
            tables = [self.layout.blocks[cell.block].table.id for cell in sorted(typed)]
            unfinished = [table for table in tables or self.teller.absent_tables(equation) if table in self.unfinished]
            if unfinished and not any(self.values.get(cell) for cell in typed):
                return f"{'、'.join(dict.fromkeys(unfinished))}尚未填写"
        if told := self._told_code(equation):
            return f"编码 {told} 不是本年度的，要先改正"
        return "有一行错位，名称不明" if equation.member and self._is_nameless(equation) else ""

    def _told_code(self, equation: Equation) -> str:
        """The code of another year because of which a table lacks the row of an equation's 科目; "" if it is none."""
        if not self.teller.absent_tables(equation):
            return ""
        told = (code for code, now in self.replacements.items() if {code, *now}.intersection(equation.member))
        return next(told, "")

    def _touching(self, moved: Collection[Place]) -> Iterator[Place]:
        """Cells that were moved, and the totals with one of them among their parts: both have been told."""
        yield from moved
        for target, equation in self.definitions.items() if moved else ():
            if any(place in moved for _, place in equation.right):
                yield target

    def _has_no_name(self, key: FactKey) -> bool:
        """Whether the row's own name stands under another heading: what is said of its present name is not meant."""
        place = self.layout.place(key)
        return place is not None and place[:2] in self.nameless

    def _is_nameless(self, equation: Equation) -> bool:
        """Whether what a rule says of one member may be about a row whose name is under another heading."""
        absent = self.teller.absent_tables(equation)
        rows = {place[:2] for place in equation.places}
        return bool(rows & self.nameless) or any(
            self.layout.blocks[block].table.id in absent for block, _ in self.nameless
        )
