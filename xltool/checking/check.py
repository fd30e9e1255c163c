"""Checks one book: every equation and predicate of its template, as findings grouped by cause."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from xltool.checking.equations import all_equations, lacking_columns
from xltool.checking.evaluate import total
from xltool.checking.grouping import Group, Grouper
from xltool.checking.predicates import PREDICATES
from xltool.checking.problems import CHANGED, REPLACED, UNREADABLE, problem
from xltool.checking.verdicts import Outcome, evaluate
from xltool.checking.words import Words
from xltool.layout.book import Book
from xltool.layout.equation import Equation, Term
from xltool.layout.layout import Place
from xltool.model import Finding, Related, Severity, Value, Verdict, format_path

BLANK_TOTAL = "blank_total"
MAX_RELATED = 12
_SEVERITY = {
    Verdict.IMPLAUSIBLE: Severity.WARNING,
    Verdict.ROUNDING: Severity.REMARK,
    Verdict.UNDECIDED: Severity.REMARK,
}


@dataclass(frozen=True)
class Report:
    """What one check found, errors first; `equations` is how many were evaluated, `verdicts` how they came out."""

    book: Book
    findings: tuple[Finding, ...]
    equations: int
    verdicts: Mapping[Verdict, int] = field(default_factory=dict)

    @property
    def is_clean(self) -> bool:
        """Whether nothing but remarks was found."""
        return all(finding.severity is Severity.REMARK for finding in self.findings)


def check(book: Book) -> Report:
    """Evaluate every equation of `book` and run every predicate of its template."""
    checker = _Checker(book)
    findings = [*book.remarks, *checker.equations(), *checker.broken(), *checker.formulas(), *checker.predicates()]
    order = list(Severity)
    findings.sort(key=lambda finding: order.index(finding.severity))
    return Report(book, tuple(findings), checker.verdicts.total(), checker.verdicts)


class _Checker:
    def __init__(self, book: Book) -> None:
        self.book = book
        self.layout = book.layout
        self.values: Mapping[Place, Value] = book.values
        self.words = Words(book.layout, book.values)
        self.rules = book.template.rules
        self.verdicts: Counter[Verdict] = Counter()
        self.disagreeing: set[Place | None] = set()
        self.definitions: dict[Place, Equation] = {}
        self.unfinished = self._unfinished_tables()
        self.grouper = Grouper(book.live, book.values, self._unreadable(), self.definitions)

    def equations(self) -> Iterator[Finding]:
        """Evaluate all; failures grouped, then blank totals, then what is no error."""
        failing: list[Outcome] = []
        passing: list[Equation] = []
        others: list[tuple[Outcome, str]] = []
        live = self.book.live
        for equation in all_equations(self.layout):
            if equation.target is not None and equation.right:
                self.definitions.setdefault(equation.target, equation)
                if live.get(equation.target) is equation:
                    self.verdicts[Verdict.PASS] += self.values.get(equation.target) is not None
                    continue
            outcome = evaluate(equation, self.layout, self.values)
            if outcome is None:
                continue
            reason = self._undecided(outcome) if outcome.verdict is Verdict.FAIL else ""
            if reason:
                outcome = outcome._replace(verdict=Verdict.UNDECIDED)
            self.verdicts[outcome.verdict] += 1
            if outcome.verdict in (Verdict.PASS, Verdict.ROUNDING):
                passing.append(equation)
            if outcome.verdict is Verdict.PASS:
                continue
            self.disagreeing.add(equation.target)
            if outcome.verdict is Verdict.FAIL:
                failing.append(outcome)
            else:
                others.append((outcome, reason))
        for group in self.grouper.groups(failing, passing):
            yield self._failure(group)
        for outcome, reason in others:
            yield self._other(outcome, reason)

    def broken(self) -> Iterator[Finding]:
        """Rules that cannot be carried out because a table lacks a column."""
        for rule in self.rules.values():
            for reference in lacking_columns(rule, self.layout)[:1]:
                column = f"“{reference.table}”的“{format_path(reference.column)}”栏"
                text = f"规则无法执行：它要用到{column}，工作簿里没有这一栏。"
                yield Finding(rule.id, rule.name, Verdict.BROKEN, Severity.WARNING, text)

    def _undecided(self, outcome: Outcome) -> str:
        """Why a failing equation says nothing yet: what it lacks has been told, or nobody has filled it in. Else ""."""
        equation = outcome.equation
        if equation.structural:
            lacking = self._lacking_parts(equation)
            return f"工作簿缺少{lacking}，暂不判断。" if lacking else ""
        if not self.unfinished:
            return ""
        for side in (equation.left, equation.right):
            cells = self.grouper.typed_cells(side)
            tables = [self.layout.blocks[cell.block].table.id for cell in sorted(cells)] or self._absent_tables(
                equation
            )
            unfinished = [table for table in dict.fromkeys(tables) if table in self.unfinished]
            if unfinished and not any(self.values.get(cell) for cell in cells):
                return f"{'、'.join(unfinished)}尚未填写，暂不判断。"
        return ""

    def _lacking_parts(self, equation: Equation) -> str:
        """The columns that a sum across should add up but the workbook does not have."""
        target = equation.left[0].place
        block = self.layout.blocks[target.block]
        if equation.right and equation.right[0].place.column == target.column:
            return ""
        parts = [block.columns[block.column_index[part.path]] for part in block.columns[target.column].definition.sum]
        return "、".join(f"“{format_path(at.definition.path)}”栏" for at in parts if not at.sheet_column)

    def _unfinished_tables(self) -> set[str]:
        """Tables in which nothing is typed in; one whose format has a note for "empty" is empty on purpose."""
        live = self.book.live
        filled = {
            self.layout.blocks[place.block].table.id
            for place, value in self.values.items()
            if isinstance(value, Decimal) and value and place not in live
        }
        return {table.table.id for table in self.layout.tables.values() if not table.table.empty_note} - filled

    def _unreadable(self) -> set[Place]:
        keys = [remark.key for remark in self.book.remarks if remark.rule == UNREADABLE.id and remark.key is not None]
        return {place for key in keys if (place := self.layout.place(key)) is not None}

    def _absent_tables(self, equation: Equation) -> list[str]:
        """The tables that a side of a rule speaks of, if none of them has its row."""
        comparison = self.rules[equation.rule].comparison
        if comparison is None or (equation.left and equation.right):
            return []
        side = comparison.right if equation.left else comparison.left
        return list(dict.fromkeys(addend.reference.table for addend in side))

    def _absent(self, equation: Equation) -> str:
        return "、".join(self._absent_tables(equation))

    def _failure(self, group: Group) -> Finding:
        main = self._main(group)
        equation = main.equation
        first = (equation.left or equation.right)[0].place
        rule = self.rules[equation.rule]
        right = main.right
        if self._is_blank_total(equation):
            rule = next((rule for rule in self.rules.values() if rule.predicate == BLANK_TOTAL), rule)
            right = self._should_be(equation)
            lines = [f"{self.words.place(first, group.cell)}空白，而分项已填，应为 {self.words.amount(right, first)}。"]
        else:
            lines = [self.words.disagreement(equation, main.left, main.right, self._absent(equation), group.cell)]
            lines += self._formula_note(equation.target, group.cell)
        lines += [*self._same_cause(group, main), f"请查看：{rule.hint}"]
        severity = rule.severity if all(self._is_soft(outcome) for outcome in group.outcomes) else Severity.ERROR
        return Finding(
            rule.id,
            rule.name,
            Verdict.FAIL,
            severity,
            "\n".join(lines),
            self.layout.key(group.cell),
            self.layout.cell(group.cell),
            tuple(self._related(group, main)),
            main.left,
            right,
            main.left - right,
            main.tolerance,
        )

    def _is_soft(self, outcome: Outcome) -> bool:
        return self.rules[outcome.equation.rule].severity is Severity.WARNING

    def _main(self, group: Group) -> Outcome:
        """The outcome to tell in full: a hard one that names the group's cell itself, or few others."""

        def rank(outcome: Outcome) -> tuple[bool, bool, int, int]:
            terms = (*outcome.equation.left, *outcome.equation.right)
            names_cell = any(term.place == group.cell for term in terms)
            return self._is_soft(outcome), not names_cell, len(self.grouper.typed_cells(terms)), len(terms)

        return min(group.outcomes, key=rank)

    def _is_blank_total(self, equation: Equation) -> bool:
        return equation.structural and self.values.get(equation.left[0].place) is None

    def _should_be(self, equation: Equation) -> Decimal:
        """The total of the parts, with parts that are themselves blank totals counted as what they should be."""
        result = Decimal(0)
        for coefficient, place in equation.right:
            definition = self.definitions.get(place)
            if self.values.get(place) is None and definition is not None and definition.structural:
                result += coefficient * self._should_be(definition)
            else:
                result += total((Term(coefficient, place),), self.values)
        return result

    def _formula_note(self, target: Place | None, seen_from: Place) -> Iterator[str]:
        if target is None or target in self.book.live or not self.book.is_ours:
            return
        if target in self.book.formulas:
            yield f"{self.words.address(target, seen_from)} 的公式已被改动。"
        else:
            yield f"{self.words.address(target, seen_from)} 应是公式，现在是直接填的数。"

    def _same_cause(self, group: Group, main: Outcome) -> Iterator[str]:
        """What one change would mend, besides the outcome that is told in full."""
        others = [outcome.equation.rule for outcome in group.outcomes if outcome is not main]
        if not others:
            return
        rules = "、".join(dict.fromkeys(others))
        if self._is_blank_total(main.equation) and group.cell == main.equation.target:
            yield f"补上后，另外 {len(others)} 处（{rules}）也都相符。"
            return
        if group.culprit is None:
            yield f"另外 {len(others)} 处（{rules}）也不符，可能是同一个数引起的。"
            return
        cell, change = group.culprit
        value = self.values.get(cell)
        right = (value if isinstance(value, Decimal) else Decimal(0)) + change
        before = f"由 {self.words.value(cell)} 改为" if value is not None else "填为"
        what = f"{self.words.place(cell, group.cell)}{before} {self.words.amount(right, cell)}"
        yield f"若把{what}，这里和另外 {len(others)} 处（{rules}）就都相符。"

    def _related(self, group: Group, main: Outcome) -> Iterator[Related]:
        """The cells that the message names, other cells that may be the wrong one, and those of the other outcomes."""
        told = self._shown(main)
        rest = [place for outcome in group.outcomes for place in self._shown(outcome)]
        suspects = [suspect.cell for suspect in group.suspects]
        places = dict.fromkeys((*told[: MAX_RELATED // 2], *suspects[: MAX_RELATED // 2], *told, *rest))
        places.pop(group.cell, None)
        for place in list(places)[:MAX_RELATED]:
            cell = self.layout.cell(place)
            if cell is not None:
                yield Related(cell, self.values.get(place))

    def _shown(self, outcome: Outcome) -> list[Place]:
        terms = (*outcome.equation.left, *outcome.equation.right)
        return [place for _, place in terms if self.values.get(place) is not None or place in self.definitions]

    def _other(self, outcome: Outcome, reason: str) -> Finding:
        """Rounding, implausible, or undecided for a reason."""
        equation = outcome.equation
        rule = self.rules[equation.rule]
        first = (equation.left or equation.right)[0].place
        text = self.words.disagreement(equation, outcome.left, outcome.right, self._absent(equation))
        if not reason:
            kind = "在四舍五入尾差之内" if outcome.verdict is Verdict.ROUNDING else "理论上可能是尾差，但大得可疑"
            reason = f"允许差 {self.words.amount(outcome.tolerance.normalize(), first)}，{kind}。"
        message = f"{text}\n{reason}"
        related = [
            Related(cell, self.values.get(t.place)) for t in equation.right if (cell := self.layout.cell(t.place))
        ]
        return Finding(
            rule.id,
            rule.name,
            outcome.verdict,
            _SEVERITY[outcome.verdict],
            message,
            self.layout.key(first),
            self.layout.cell(first),
            tuple(related[:MAX_RELATED]),
            outcome.left,
            outcome.right,
            outcome.difference,
            outcome.tolerance,
        )

    def formulas(self) -> Iterator[Finding]:
        """Total cells of our own workbooks whose formula was changed or typed over though the figures agree."""
        if not self.book.is_ours:
            return
        replaced: dict[str, list[Place]] = {}
        for place, equation in self.definitions.items():
            if place in self.book.live or place in self.disagreeing or self.layout.cell(place) is None:
                continue
            if place in self.book.formulas:
                yield self._changed(place, equation)
            elif self.values.get(place) is not None:
                replaced.setdefault(self.layout.blocks[place.block].sheet, []).append(place)
        for places in replaced.values():
            yield self._replaced(places)

    def _changed(self, place: Place, equation: Equation) -> Finding:
        text = f"{self.words.place(place, place)} 的公式“={self.book.formulas[place]}”与模板不同，"
        parts = self.words.side(equation.right, place)
        return problem(
            CHANGED, f"{text}应为 {parts} 之和；目前结果一致。", self.layout.key(place), self.layout.cell(place)
        )

    def _replaced(self, places: list[Place]) -> Finding:
        first = places[0]
        more = f"等 {len(places)} 个合计单元格" if len(places) > 1 else ""
        text = f"{self.words.place(first, first)}{more}应是公式，现在是直接填的数，目前数值一致。"
        related = [Related(cell, self.values.get(p)) for p in places[1:] if (cell := self.layout.cell(p)) is not None]
        return problem(REPLACED, text, self.layout.key(first), self.layout.cell(first), related[:MAX_RELATED])

    def predicates(self) -> Iterator[Finding]:
        """The rules that are no equations."""
        for rule in self.rules.values():
            if rule.predicate in PREDICATES:
                for remark in PREDICATES[rule.predicate](self.book, self.words):
                    message = f"{remark.message}\n请查看：{rule.hint}"
                    yield Finding(
                        rule.id,
                        rule.name,
                        Verdict.FAIL,
                        remark.severity,
                        message,
                        remark.key,
                        remark.cell,
                        (),
                        remark.left,
                    )
