"""Tells outcomes as findings: what stands where, what it should be, and what to look at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from xltool.checking.check import Checked
from xltool.checking.tell.lacking import absent_tables
from xltool.checking.tell.related import MAX_RELATED, related_cells
from xltool.diagnose.grouping import Group
from xltool.equations.verdicts import Outcome
from xltool.layout.block import Place
from xltool.layout.equation import Equation
from xltool.model import Finding, Related, Role, Severity, Statement, Verdict
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
        self._definitions = checked.definitions
        self._nets = checked.nets

    def blank_totals(self) -> Iterator[Finding]:
        """A07: one finding a row for the totals that are blank though their parts are filled in."""
        blank = self._blank
        rows: dict[tuple[int, int], list[Place]] = {}
        for place in sorted(blank):
            rows.setdefault(place[:2], []).append(place)
        for places in rows.values():
            first, *others = places
            rule = self._blank_rule(first)
            what, expected = self.words.place(first, first), self.words.amount(blank[first], first)
            alike = dict.fromkeys(others, Role.ALIKE)
            parts = [part for place in places for _, part in self._definitions[place].right if self._values.get(part)]
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
            )

    def _notes_on_blank(self, first: Place, others: list[Place], blank: Mapping[Place, Decimal]) -> Iterator[str]:
        """What other totals of the row should be, and what to do where there is no formula yet."""
        if others:
            same = "、".join(f"{self._at(place)}应为 {self.words.amount(blank[place], place)}" for place in others)
            yield f"同一行的合计也空白：{same}。"
        if self.book.is_ours and self._is_added(first):
            yield "这里应有公式：先撤销工作表保护（没有密码），再从同类的行把公式复制过来。"

    def failure(self, group: Group) -> Finding:
        """Failing equations with one cause: the plainest in full, the others by number."""
        main = self._main(group)
        equation = main.equation
        rule = self.rules[equation.rule]
        names_cell = group.cell in equation.places
        cause = self._same_cause(group, main)
        totals = dict.fromkeys((equation.target, group.culprit.cell if group.culprit else None))
        notes = (*([cause] if names_cell else []), *self._formula_notes(totals, group.cell))
        soft = all(self._is_soft(outcome) for outcome in group.outcomes)
        return Finding(
            rule.id,
            rule.name,
            Verdict.FAIL,
            rule.severity if soft else Severity.ERROR,
            self.words.disagreement(equation, main.left, main.right, self._absent(equation), group.cell),
            self.layout.key(group.cell),
            self.layout.cell(group.cell),
            self._places(group, main),
            main.left,
            main.right,
            main.difference,
            main.tolerance,
            lead="" if names_cell else cause,
            notes=tuple(filter(None, notes)),
            hint=rule.hint,
        )

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
            self.words.disagreement(equation, outcome.left, outcome.right, self._absent(equation)),
            self.layout.key(first),
            self.layout.cell(first),
            related_cells(self.book, {place: Role.COMPARED for _, place in equation.right}),
            outcome.left,
            outcome.right,
            outcome.difference,
            outcome.tolerance,
            reason=reason,
        )

    def _absent(self, equation: Equation) -> str:
        """Which tables of a rule have no row for it; of a form repeated for each project, no sheet."""
        tables = absent_tables(self.rules[equation.rule], equation)
        sheets = [table for table in tables if self.book.template.tables[table].each]
        rows = [table for table in tables if table not in sheets]
        texts = [f"{'、'.join(rows)}没有对应的行"] if rows else []
        return "，".join(texts + [f"没有它的{table}" for table in sheets])

    def _blank_rule(self, place: Place) -> Rule:
        own = self.rules[self._definitions[place].rule]
        return next((rule for rule in self.rules.values() if rule.predicate == BLANK_TOTAL), own)

    def _is_added(self, place: Place) -> bool:
        """Whether the row is one of those that users add: a 科目, a unit, a project."""
        definition = self.layout.blocks[place.block].rows[place.row].definition
        return definition is not None and bool(definition.each)

    def _at(self, place: Place) -> str:
        cell = self.layout.cell(place)
        leaf = self.layout.blocks[place.block].columns[place.column].definition.id
        return f"{leaf}（{cell.a1}）" if cell is not None else leaf

    def _is_soft(self, outcome: Outcome) -> bool:
        return self.rules[outcome.equation.rule].severity is Severity.WARNING

    def _main(self, group: Group) -> Outcome:
        """The outcome to tell in full: a hard one that names the group's cell itself, or few others."""

        def rank(outcome: Outcome) -> tuple[bool, bool, int, int]:
            equation = outcome.equation
            width = len(self._nets.typed_cells(equation.terms))
            return self._is_soft(outcome), group.cell not in equation.places, width, len(equation.terms)

        return min(group.outcomes, key=rank)

    def _formula_notes(self, targets: Mapping[Place | None, None], seen_from: Place) -> Iterator[str]:
        """Which of these cells should have a formula but has none, or another."""
        for place in targets:
            if place is None or place not in self._definitions or place in self.book.live or not self.book.is_ours:
                continue
            if place in self.book.unclear:
                continue
            if place in self.book.formulas:
                yield f"{self.words.address(place, seen_from)} 的公式已被改动。"
            elif self.book.values.get(place) is not None:
                yield f"{self.words.address(place, seen_from)} 应是公式，现在是直接填的数。"

    def _same_cause(self, group: Group, main: Outcome) -> str:
        """What else the same figure is in; "" if nothing is."""
        others = [outcome.equation.rule for outcome in group.outcomes if outcome is not main]
        if not others:
            return ""
        rules = "、".join(dict.fromkeys(others))
        if group.culprit is None:
            return f"另外 {len(others)} 处（{rules}）也不符，可能是同一个数引起的。"
        culprit = f"{self.words.place(group.cell, group.cell)} {self.words.value(group.cell)}"
        return f"请先核对{culprit}：另外 {len(others)} 处（{rules}）不符也与它有关。"

    def _places(self, group: Group, main: Outcome) -> tuple[Related, ...]:
        """The cells that the message names, other cells that may be the wrong one, and those of the other outcomes."""
        named = self._shown(main)
        suspects = [suspect.cell for suspect in group.suspects]
        others = [place for outcome in group.outcomes for place in self._shown(outcome)]
        half = MAX_RELATED // 2
        order = dict.fromkeys((*named[:half], *suspects[:half], *named, *others))
        order.pop(group.cell, None)
        roles = {**dict.fromkeys(others, Role.CONSEQUENCE), **dict.fromkeys(suspects, Role.SUSPECT)}
        roles |= dict.fromkeys(named, Role.COMPARED)
        return related_cells(self.book, {place: roles[place] for place in order})

    def _shown(self, outcome: Outcome) -> list[Place]:
        places = outcome.equation.places
        return [place for place in places if self._values.get(place) is not None or place in self._definitions]
