"""Tells what is no mistake to be searched for: blank totals, rounding, and what cannot be decided yet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from xltool.checking.check import Checked
from xltool.checking.tell.lacking import absent_tables
from xltool.checking.tell.related import related_cells
from xltool.equations.verdicts import Outcome
from xltool.layout.block import Place
from xltool.layout.equation import Equation
from xltool.model import Culprit, Explanation, Finding, Role, Severity, Statement, Value, Verdict
from xltool.template.spec import Rule

BLANK_TOTAL = "blank_total"
_SEVERITY = {
    Verdict.IMPLAUSIBLE: Severity.WARNING,
    Verdict.ROUNDING: Severity.REMARK,
    Verdict.UNDECIDED: Severity.REMARK,
}


class Teller:
    """Makes the findings of one checked book."""

    def __init__(self, checked: Checked) -> None:
        self.book = checked.book
        self.layout = checked.book.layout
        self.words = checked.words
        self.rules = checked.rules
        self._blank = checked.blank
        self._values = checked.values
        self.definitions = checked.definitions
        self.nets = checked.nets

    def blank_totals(self, corrected: Mapping[Place, Value]) -> Iterator[Finding]:
        """A07: one finding a row for the totals that are blank though their parts are filled in; they should hold what
        they do among the values that are `corrected`, and if that is nothing what their parts add up to now."""
        blank = {
            place: right if isinstance(right := corrected[place], Decimal) and right else summed
            for place, summed in self._blank.items()
        }
        rows: dict[tuple[int, int], list[Place]] = {}
        for place in sorted(blank):
            rows.setdefault(place[:2], []).append(place)
        for places in rows.values():
            first, *others = places
            rule = self._blank_rule(first)
            what, expected = self.words.place(first, first), self.words.amount(blank[first], first)
            alike = dict.fromkeys(others, Role.ALIKE)
            culprits = (Culprit(self.layout.cell(p), self.layout.key(p), None, blank[p]) for p in places)
            parts = [part for place in places for _, part in self.definitions[place].right if self._values.get(part)]
            yield Finding(
                rule.id,
                rule.name,
                Verdict.FAIL,
                rule.severity,
                Statement("{what}{found}，而分项已填，应为 {expected}。", what, "空白", expected),
                self.layout.key(first),
                self.layout.cell(first),
                related_cells(self.book, alike | dict.fromkeys(parts, Role.COMPARED) | alike),
                Decimal(0),
                blank[first],
                -blank[first],
                Decimal(0),
                notes=tuple(self._notes_on_blank(first, others, blank)),
                hint=rule.hint,
                explanations=(Explanation(tuple(culprits), "blank"),),
            )

    def _notes_on_blank(self, first: Place, others: list[Place], blank: Mapping[Place, Decimal]) -> Iterator[str]:
        """What other totals of the row should be, and what to do where there is no formula yet."""
        if others:
            same = "、".join(f"{self._at(place)}应为 {self.words.amount(blank[place], place)}" for place in others)
            yield f"同一行的合计也空白：{same}。"
        if self.book.is_ours and self._is_added(first):
            yield "这里应有公式：先撤销工作表保护（没有密码），再从同类的行把公式复制过来。"

    def other(self, outcome: Outcome, reason: str) -> Finding:
        """Rounding, implausible, or undecided for a reason."""
        equation = outcome.equation
        rule = self.rules[equation.rule]
        first = (equation.left or equation.right)[0].place
        if not reason:
            kind = "在四舍五入尾差之内" if outcome.verdict is Verdict.ROUNDING else "理论上可能是尾差，但大得可疑"
            reason = f"允许差 {self.words.amount(outcome.tolerance.normalize(), first)}，{kind}"
        return Finding(
            rule.id,
            rule.name,
            outcome.verdict,
            _SEVERITY[outcome.verdict],
            self.words.disagreement(equation, outcome.left, outcome.right, self.absent(equation)),
            self.layout.key(first),
            self.layout.cell(first),
            related_cells(self.book, {place: Role.COMPARED for _, place in equation.right}),
            outcome.left,
            outcome.right,
            outcome.difference,
            outcome.tolerance,
            reason=reason,
        )

    def absent(self, equation: Equation) -> str:
        """Which tables of a rule have no row for it; of a form repeated for each project, no sheet."""
        tables = absent_tables(self.rules[equation.rule], equation)
        sheets = [table for table in tables if self.book.template.tables[table].each]
        rows = [table for table in tables if table not in sheets]
        texts = [f"{'、'.join(rows)}没有对应的行"] if rows else []
        return "，".join(texts + [f"没有它的{table}" for table in sheets])

    def _blank_rule(self, place: Place) -> Rule:
        own = self.rules[self.definitions[place].rule]
        return next((rule for rule in self.rules.values() if rule.predicate == BLANK_TOTAL), own)

    def _is_added(self, place: Place) -> bool:
        """Whether the row is one of those that users add: a 科目, a unit, a project."""
        definition = self.layout.blocks[place.block].rows[place.row].definition
        return definition is not None and bool(definition.each)

    def _at(self, place: Place) -> str:
        cell = self.layout.cell(place)
        leaf = self.layout.blocks[place.block].columns[place.column].definition.id
        return f"{leaf}（{cell.a1}）" if cell is not None else leaf
