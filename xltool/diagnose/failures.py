"""Tells a mistake: which cell should have which value, what slip it looks like, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from xltool.checking.tell.related import MAX_RELATED, related_cells
from xltool.diagnose.diagnosis import Fault
from xltool.diagnose.search.ways import Hypothesis
from xltool.diagnose.slips import slips
from xltool.diagnose.telling import Teller
from xltool.equations.verdicts import Outcome
from xltool.layout.block import Place
from xltool.layout.equation import Equation
from xltool.model import Culprit, Explanation, Finding, Related, Role, Severity, Verdict

_LISTED = 6
"""Of more consequences the first ones are listed."""


def told(fault: Fault, teller: Teller) -> Finding:
    """One finding: at the first cell that is to be corrected, or where nothing stands out at the narrowest sum."""
    return _Mistake(fault, teller).finding()


class _Mistake:
    def __init__(self, fault: Fault, teller: Teller) -> None:
        self.fault = fault
        self.teller = teller
        self.book, self.layout, self.words = teller.book, teller.layout, teller.words
        self.outcomes = (*fault.outcomes, *fault.together)
        self.main = self._main()
        culprits = fault.ways[0].changes if fault.ways else {}
        self.cell = next(iter(culprits), _first(self.main.equation))

    def finding(self) -> Finding:
        """The plainest equation in full, the others by name."""
        main, equation = self.main, self.main.equation
        rule = self.teller.rules[equation.rule]
        is_soft = all(map(self._is_soft, self.outcomes))
        return Finding(
            rule.id,
            rule.name,
            Verdict.FAIL,
            rule.severity if is_soft else Severity.ERROR,
            self.words.disagreement(equation, main.left, main.right, self.teller.absent(equation), self.cell),
            self.layout.key(self.cell),
            self.layout.cell(self.cell),
            self._places(),
            main.left,
            main.right,
            main.difference,
            main.tolerance,
            lead=self._lead(),
            notes=(*self._consequences(), *self._formula_notes()),
            hint=rule.hint,
            explanations=tuple(self._explanation(way) for way in self.fault.ways),
        )

    def _main(self) -> Outcome:
        """The outcome to tell in full: a hard one that names the cell to be corrected itself, or few others."""
        culprits = set(self.fault.ways[0].changes) if self.fault.ways else set()

        def rank(outcome: Outcome) -> tuple[bool, bool, bool, int, int]:
            equation = outcome.equation
            width = len(self.teller.nets.typed_cells(equation.terms))
            return (
                self._is_soft(outcome),
                equation.is_inequality,
                culprits.isdisjoint(equation.places),
                width,
                len(equation.terms),
            )

        return min(self.fault.outcomes or self.fault.together, key=rank)

    def _is_soft(self, outcome: Outcome) -> bool:
        return self.teller.rules[outcome.equation.rule].severity is Severity.WARNING

    # ── what should stand where ───────────────────────────────────────────────────

    def _lead(self) -> str:
        ways = self.fault.ways
        if not ways:
            return ""
        if len(ways) == 1:
            return f"{self._certain(ways[0])}。"
        cells = {cell for way in ways for cell in way.changes}
        if len(cells) == 1 and all(way.changes for way in ways):
            return f"{self._about(ways)}。"
        return f"可能是 {'，或 '.join(map(self._possible, ways))}。"

    def _certain(self, way: Hypothesis) -> str:
        """ "D13 应为 8.63，现为 86.3：像是小数点错位"."""
        if len(way.changes) > 1:
            texts = [f"{self._at(cell)} 应为 {self._amount(right, cell)}" for cell, right in way.changes.items()]
            return f"{' 与 '.join(map(self._at, way.changes))} {slips()[way.slip].words}：{'，'.join(texts)}"
        ((cell, right),) = way.changes.items()
        looks = f"：{slips()[way.slip].words}" if way.slip else ""
        return f"{self._at(cell)} 应为 {self._amount(right, cell)}，现为{self._found(cell)}{looks}"

    def _possible(self, way: Hypothesis) -> str:
        if not way.changes:
            return slips()[way.slip].words
        if len(way.changes) > 1:
            return f"{' 与 '.join(map(self._at, way.changes))} {slips()[way.slip].words}"
        ((cell, right),) = way.changes.items()
        looks = f"，{slips()[way.slip].words}" if way.slip else ""
        return f"{self._at(cell)} 应为 {self._amount(right, cell)}（现为{self._found(cell)}{looks}）"

    def _about(self, ways: tuple[Hypothesis, ...]) -> str:
        """One cell whose exact value rounding leaves open."""
        rights = sorted(right for way in ways for right in way.changes.values())
        cell = next(iter(ways[0].changes))
        least, most = (self._amount(right, cell) for right in (rights[0], rights[-1]))
        slip = ways[0].slip if len({way.slip for way in ways}) == 1 else ""
        looks = f"：{slips()[slip].words}" if slip else ""
        return f"{self._at(cell)} 应在 {least} 至 {most} 之间，现为{self._found(cell)}{looks}"

    def _at(self, cell: Place) -> str:
        return self.words.address(cell, self.cell)

    def _amount(self, number: Decimal, cell: Place) -> str:
        return self.words.amount(number, cell)

    def _found(self, cell: Place) -> str:
        value = self.book.values.get(cell)
        return f" {self.words.value(cell)}" if value is not None else "空白"

    def _explanation(self, way: Hypothesis) -> Explanation:
        values = self.book.values
        return Explanation(
            tuple(
                Culprit(self.layout.cell(cell), self.layout.key(cell), values.get(cell), right)
                for cell, right in way.changes.items()
            ),
            way.slip,
        )

    # ── what follows ──────────────────────────────────────────────────────────────

    def _consequences(self) -> Iterator[str]:
        """What else does not hold because of it, alone or together with other mistakes."""
        others = [outcome.equation for outcome in self.fault.outcomes if outcome is not self.main]
        if others and len(self.fault.ways) == 1:
            yield f"改正以后，另外 {len(others)} 处不符也就没有了：{self._listed(others)}。"
        elif others:
            yield f"另外 {len(others)} 处也不符，可能是同一个错引起的：{self._listed(others)}。"
        if self.main in self.fault.together:
            yield "这里差多少，还和别处的错有关。"
        shared = [outcome.equation for outcome in self.fault.together if outcome is not self.main]
        if shared:
            yield f"另外 {len(shared)} 处不符是它和别处的错一起造成的：{self._listed(shared)}。"

    def _listed(self, equations: Sequence[Equation]) -> str:
        listed = dict.fromkeys(f"{self._at(_first(equation))}（{equation.rule}）" for equation in equations)
        more = f" 等 {len(listed)} 处" if len(listed) > _LISTED else ""
        return "、".join(list(listed)[:_LISTED]) + more

    def _formula_notes(self) -> Iterator[str]:
        """Which of the cells that are wrong, or disagree, should have a formula but has none, or another."""
        culprits = self.fault.ways[0].changes if self.fault.ways else {}
        for place in dict.fromkeys((self.main.equation.target, *culprits)):
            if place is None or place not in self.teller.definitions or place in self.book.live:
                continue
            if not self.book.is_ours or place in self.book.unclear:
                continue
            if place in self.book.formulas:
                yield f"{self._at(place)} 的公式已被改动。"
            elif self.book.values.get(place) is not None:
                yield f"{self._at(place)} 应是公式，现在是直接填的数。"

    def _places(self) -> tuple[Related, ...]:
        """The cells that the message names, other cells that may be wrong, and those of the other outcomes."""
        named = self._shown(self.main)
        suspects = self.fault.suspects or tuple(self.teller.nets.of(self.main.equation))
        others = [place for outcome in self.outcomes for place in self._shown(outcome)]
        half = MAX_RELATED // 2
        order = dict.fromkeys((*named[:half], *suspects[:half], *named, *others))
        order.pop(self.cell, None)
        roles: Mapping[Place, Role] = {
            **dict.fromkeys(others, Role.CONSEQUENCE),
            **dict.fromkeys(suspects, Role.SUSPECT),
            **dict.fromkeys(named, Role.COMPARED),
        }
        return related_cells(self.book, {place: roles[place] for place in order})

    def _shown(self, outcome: Outcome) -> list[Place]:
        places, definitions = outcome.equation.places, self.teller.definitions
        return [place for place in places if self.words.values.get(place) is not None or place in definitions]


def _first(equation: Equation) -> Place:
    return (equation.left or equation.right)[0].place
