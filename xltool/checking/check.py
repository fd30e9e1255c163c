"""Checks one book: every equation of its template gets its verdict, and everything else its remarks.

Which cell is wrong where an equation fails, and how that is told, is for diagnose to say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from xltool.checking.blank_totals import complete
from xltool.checking.formula_findings import formula_findings
from xltool.checking.predicates import PREDICATES
from xltool.checking.problems import ALL_ZERO, ORPHAN, problem
from xltool.checking.reading_findings import reading_findings
from xltool.checking.shift.shifted import Straightened, straighten
from xltool.checking.tell.words import Words, quoted
from xltool.checking.waiting import Waiting
from xltool.equations.evaluate import Values, total
from xltool.equations.instances import all_equations, formulas, lacking_columns
from xltool.equations.nets import Nets
from xltool.equations.references import rules_for
from xltool.equations.sums import orphans
from xltool.equations.verdicts import Outcome, evaluate
from xltool.layout.block import BlockAt, Place
from xltool.layout.book import Book
from xltool.layout.equation import Equation
from xltool.model import FactKey, Finding, Severity, Statement, Verdict, format_path
from xltool.template.spec import Rule


class Judged(NamedTuple):
    """How the equations of a book came out, those of its live cells left out: they hold.

    `passing` are the equalities that hold, within rounding too. `others` are neither passing nor failing: rounding,
    implausible, or undecided for a reason (else "").
    """

    failing: list[Outcome]
    passing: list[Equation]
    others: list[tuple[Outcome, str]]
    verdicts: Counter[Verdict]


class Checked(NamedTuple):
    """What checking a book came to.

    `book` has its shifted rows straightened, `values` are its values with the `blank` totals filled in. `definitions`
    are the cells that could have a formula, with their equations; `nets` spell out those that follow from others.
    `waits` says why an equation that does not hold says nothing yet ("" if it does say something).
    `noticed` was seen when the book was read, `remarks` are what its predicates and formulas are told.
    """

    book: Book
    values: Values
    blank: Mapping[Place, Decimal]
    definitions: Mapping[Place, Equation]
    nets: Nets
    rules: Mapping[str, Rule]
    judged: Judged
    waits: Callable[[Outcome], str]
    noticed: list[Finding]
    remarks: list[Finding]

    @property
    def words(self) -> Words:
        """Names places and amounts of the book."""
        return Words(self.book.layout, self.values)


def check(book: Book) -> Checked:
    """Evaluate every equation of `book` and run every predicate of its template."""
    straight = straighten(book)
    checker = _Checker(straight)
    judged = checker.judged()
    remarks = [
        *checker.broken_rules(),
        *checker.orphans(),
        *checker.all_zero(),
        *formula_findings(checker.book, checker.definitions, checker.disagreeing, checker.words),
        *checker.predicates(),
    ]
    return Checked(
        checker.book,
        checker.values,
        checker.blank,
        checker.definitions,
        checker.nets,
        checker.rules,
        judged,
        checker.waiting.reason,
        [*reading_findings(book, straight.moved), *straight.findings],
        remarks,
    )


class _Checker:
    def __init__(self, straightened: Straightened) -> None:
        book, moved, self.nameless, _ = straightened
        self.book = book
        self.layout = book.layout
        equations = all_equations(book.layout)
        self.values, self.blank = complete(book, equations)
        self.definitions = formulas(book.layout)
        self.nets = Nets({**book.live, **self._sums_of(self.blank)})
        self.words = Words(book.layout, self.values)
        self.rules = rules_for(book)
        self.disagreeing: set[Place | None] = {*self.blank, *self._totals_of(self.blank), *self._touching(moved)}
        self.waiting = Waiting(book, self.values, self.nets, self.rules, self.nameless)

    def judged(self) -> Judged:
        """The verdict on every equation; a blank total, told by itself, is a failure of its own."""
        judged = Judged([], [], [], Counter())
        live = self.book.live
        for equation in all_equations(self.layout):
            target = equation.target
            if target is not None and live.get(target) is equation:
                judged.verdicts[Verdict.PASS] += self.values.get(target) is not None
                continue
            outcome = evaluate(equation, self.layout, self.values, self.nets.live)
            if outcome is None or target in self.blank:
                continue
            reason = self.waiting.reason(outcome) if outcome.verdict is Verdict.FAIL else ""
            if reason:
                outcome = outcome._replace(verdict=Verdict.UNDECIDED)
            judged.verdicts[outcome.verdict] += 1
            if outcome.verdict in (Verdict.PASS, Verdict.ROUNDING) and not equation.is_inequality:
                judged.passing.append(equation)
            if outcome.verdict is Verdict.PASS:
                continue
            self.disagreeing.add(target)
            if outcome.verdict is Verdict.FAIL:
                judged.failing.append(outcome)
            else:
                judged.others.append((outcome, reason))
        judged.verdicts[Verdict.FAIL] += len(self.blank)
        return judged

    def _sums_of(self, blank: Mapping[Place, Decimal]) -> dict[Place, Equation]:
        """The blank totals that are the sums of their parts: they follow from them."""
        sums = {place: self.definitions[place] for place in blank}
        return {place: sums[place] for place in blank if total(sums[place].right, self.values) == blank[place]}

    def _totals_of(self, blank: Mapping[Place, Decimal]) -> Iterator[Place]:
        """The totals of which a part is blank: their formula would not have given the figure that is typed in."""
        for place, equation in self.definitions.items() if blank else ():
            if any(term.place in blank for term in equation.right):
                yield place

    def broken_rules(self) -> Iterator[Finding]:
        """Rules that cannot be carried out because a table lacks a column."""
        for rule in self.rules.values():
            for table, path in lacking_columns(rule, self.layout)[:1]:
                column = f"{quoted(table)}的{quoted(format_path(path))}栏"
                statement = Statement("规则无法执行：它要用到{expected}，工作簿里没有这一栏。", expected=column)
                yield Finding(rule.id, rule.name, Verdict.BROKEN, Severity.WARNING, statement)

    def all_zero(self) -> Iterator[Finding]:
        """Tables in which nothing but 0 is typed, though others say that there is something."""
        for table, waiting in self.waiting.for_zeroed.items():
            first = self.waiting.zeroed[table]
            name = quoted(self.layout.template.tables[table].name)
            statement = Statement("{what}填的全是 0，与别的表有 {found} 处不符。", name, str(waiting))
            yield problem(ALL_ZERO, statement, self.layout.key(first), self.layout.cell(first))

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
                    what, expected = self.words.place(first, first), "、".join(missing)
                    statement = Statement("{what}缺少上级科目 {expected} 的行。", what, expected=expected)
                    yield problem(ORPHAN, statement, self.layout.key(first), self.layout.cell(first))

    def _has_told_code(self, block: BlockAt, r: int, missing: Collection[str]) -> bool:
        """Whether a row lacks others because its own code, or the one in their place, is of another year (A08)."""
        above = block.rows[r].path[:-1]
        replacements = self.waiting.replacements
        beside = [replacements.get(row.code, set()) for row in block.rows if row.path[:-1] == above]
        return block.rows[r].code in replacements or set(missing) <= set().union(*beside)

    def predicates(self) -> Iterator[Finding]:
        """The rules that are no equations."""
        for rule in self.rules.values():
            find = PREDICATES[rule.predicate].find if rule.predicate else None
            if find is None or lacking_columns(rule, self.layout):
                continue
            if rule.against is not None and not self.layout.blocks_of(rule.against.table):
                continue
            for finding in find(self.book, self.words, rule):
                if finding.key is None or not self._has_no_name(finding.key):
                    yield finding

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
