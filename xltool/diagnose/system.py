"""The equations of a checked book, seen from the cells that are typed in: which of them a change touches, and how far
each may be off."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Collection, Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from xltool.checking.check import Checked
from xltool.equations.evaluate import sides
from xltool.equations.instances import all_equations
from xltool.equations.nets import Net
from xltool.equations.verdicts import Figures, Outcome, evaluate
from xltool.layout.block import Place
from xltool.layout.equation import Coefficient, Equation
from xltool.model import Severity, Value, Verdict

Changes = Mapping[Place, Decimal]
"""Typed cells with the values that they should have instead."""

_ANY = Decimal(1)
"""Stands for whatever is filled in."""


class Range(NamedTuple):
    """From where to where an amount may lie; None where nothing bounds it."""

    low: Decimal | None
    high: Decimal | None


class System:
    """What must hold in one book: all its equations but those of live totals (they do) and those that wait for a
    reason. Equations go by their numbers in `equations`."""

    def __init__(self, checked: Checked) -> None:
        self.checked = checked
        self.layout = checked.book.layout
        self.values = checked.values
        self._live = checked.nets.live
        waiting = {id(outcome.equation) for outcome, reason in checked.judged.others if reason}
        own = {id(equation) for equation in self._live.values()}
        left_out = waiting | own
        self.equations = [
            e for e in all_equations(self.layout) if id(e) not in left_out and e.target not in checked.blank
        ]
        self.number_of = {id(equation): number for number, equation in enumerate(self.equations)}
        self._effects: dict[Place, Mapping[Place, Coefficient]] = {}
        self._touched: dict[Place, Mapping[int, Coefficient]] = {}
        self._differences: dict[int, Decimal] = {}
        self._woken: dict[Place, frozenset[Place]] = {}
        self._ranges: dict[tuple[int, frozenset[Place]], Range] = {}
        self._binds: dict[int, bool] = {}
        self._nets: dict[int, Net] = {}

    def amount(self, cell: Place) -> Decimal:
        """What a cell counts for in sums: 0 if it is blank."""
        value = self.values.get(cell)
        return value if isinstance(value, Decimal) else Decimal(0)

    def is_soft(self, number: int) -> bool:
        """Whether an equation is one that need not hold: it accuses nobody, and refutes no explanation."""
        return self.checked.rules[self.equations[number].rule].severity is Severity.WARNING

    def is_absent(self, number: int) -> bool:
        """Whether an equation compares with a row that is not there."""
        return not (self.equations[number].left and self.equations[number].right)

    def is_hard(self, number: int) -> bool:
        """Whether an equation that fails proves that one of its cells is wrong: a row that it compares with may be
        absent, an inequality may be the officer's own affair."""
        is_order = self.equations[number].is_inequality
        return not self.is_absent(number) and not is_order and not self.is_soft(number)

    def net(self, number: int) -> Net:
        """The typed cells of left - right."""
        known = self._nets.get(number)
        if known is None:
            known = self._nets[number] = self.checked.nets.of(self.equations[number])
        return known

    def difference(self, number: int) -> Decimal:
        """left - right."""
        known = self._differences.get(number)
        if known is None:
            left, right = sides(self.equations[number], self.values)
            known = self._differences[number] = left - right
        return known

    def effect(self, cell: Place) -> Mapping[Place, Coefficient]:
        """By how much a cell, and each live total that it is part of, grows when the cell grows by 1."""
        known = self._effects.get(cell)
        if known is None:
            found: dict[Place, Coefficient] = {}
            pending: list[tuple[Place, Coefficient]] = [(cell, 1)]
            while pending:
                place, factor = pending.pop()
                found[place] = found.get(place, 0) + factor
                pending += [(user, factor * coefficient) for user, coefficient in self._users.get(place, ())]
            known = self._effects[cell] = found
        return known

    def touched(self, cell: Place) -> Mapping[int, Coefficient]:
        """The equations that a change of a cell changes, with how left - right grows when the cell grows by 1."""
        known = self._touched.get(cell)
        if known is None:
            found: dict[int, Coefficient] = {}
            for place, factor in self.effect(cell).items():
                for number, coefficient in self._naming.get(place, ()):
                    found[number] = found.get(number, 0) + factor * coefficient
            known = self._touched[cell] = {number: a for number, a in found.items() if a and self._is_binding(number)}
        return known

    def range(self, number: int, woken: frozenset[Place]) -> Range:
        """How far an equation may be off once other figures count: no more than rounding and printed zeros explain, or
        than now if it is not wrong now."""
        key = number, woken.intersection(self.equations[number].places) if woken else woken
        known = self._ranges.get(key)
        if known is None:
            known = self._ranges[key] = self._range(*key)
        return known

    def woken(self, cells: Iterable[Place]) -> frozenset[Place]:
        """The places whose rounding counts once some cells hold other figures than now, see `_woken_by`."""
        return frozenset().union(*map(self._woken_by, cells))

    def _woken_by(self, cell: Place) -> frozenset[Place]:
        """The places of which it is another figure's rounding that counts once a cell holds another figure than now:
        those that are blank, 0, or finer than what is printed."""
        known = self._woken.get(cell)
        if known is None:
            known = self._woken[cell] = frozenset(filter(self._is_unlike_printed, self.effect(cell)))
        return known

    def _is_unlike_printed(self, place: Place) -> bool:
        value = self.values.get(place)
        if not isinstance(value, Decimal) or not value:
            return True
        return self.layout.unit_of(place, value) != self.layout.unit(place)

    def verdicts(self, changes: Changes) -> Iterator[tuple[int, Verdict]]:
        """The equations that a change touches, with the verdict on each after it."""
        values = self.changed(changes)
        for number in dict.fromkeys(n for cell in changes for n in self.touched(cell)):
            outcome = evaluate(self.equations[number], self.layout, values, self._live)
            yield number, Verdict.PASS if outcome is None else outcome.verdict

    def changed(self, changes: Changes) -> Mapping[Place, Value]:
        """All values after a change, live totals included."""
        moved: dict[Place, Value] = {}
        for cell, value in changes.items():
            for place, factor in self.effect(cell).items():
                before = moved.get(place, self.amount(place))
                assert isinstance(before, Decimal)
                moved[place] = before + factor * (value - self.amount(cell))
        return ChainMap(moved, self.values)

    def definition(self, cell: Place) -> Equation | None:
        """The sum that a typed cell could be the live total of."""
        return self.checked.definitions.get(cell)

    def _range(self, number: int, moved: Collection[Place]) -> Range:
        equation = self.equations[number]
        filled: dict[Place, Value] = {place: _ANY for place in moved if place not in self.layout.rounding}
        values = ChainMap(filled, self.values) if filled else self.values
        above, below = Figures(self.layout, values, self._live).precision(equation).reach(equation)
        now = self.difference(number)
        if self.state.get(number) in (Verdict.FAIL, None):
            now = Decimal(0)
        high = max(now, above)
        low = min(now, -below)
        if equation.is_inequality:
            return Range(None, high) if equation.relation == "<=" else Range(low, None)
        return Range(low, high)

    @cached_property
    def state(self) -> Mapping[int, Verdict]:
        """The verdict on each equation that does not just hold."""
        told = [outcome for outcome, reason in self.checked.judged.others if not reason]
        outcomes: list[Outcome] = [*self.checked.judged.failing, *told]
        return {self.number_of[id(outcome.equation)]: outcome.verdict for outcome in outcomes}

    def _is_binding(self, number: int) -> bool:
        """Whether an equation would be judged if it did not hold; one of which all is blank, or which lacks the row of
        another table, may have to wait."""
        known = self._binds.get(number)
        if known is None:
            equation = self.equations[number]
            is_whole = bool(equation.left and equation.right)
            is_filled = any(self.values.get(place) is not None for _, place in chain(equation.left, equation.right))
            known = self._binds[number] = (is_whole and is_filled) or not self._would_wait(equation)
        return known

    def _would_wait(self, equation: Equation) -> bool:
        left, right = sides(equation, self.values)
        return bool(self.checked.waits(Outcome(equation, left, right, Verdict.FAIL, Decimal(0))))

    @property
    def named(self) -> Collection[Place]:
        """Every cell that an equation names."""
        return self._naming.keys()

    @cached_property
    def _users(self) -> Mapping[Place, list[tuple[Place, Coefficient]]]:
        users: dict[Place, list[tuple[Place, Coefficient]]] = {}
        for target, equation in self._live.items():
            for coefficient, part in equation.right:
                users.setdefault(part, []).append((target, coefficient))
        return users

    @cached_property
    def _naming(self) -> Mapping[Place, list[tuple[int, Coefficient]]]:
        """The equations that name a place, with its coefficient in left - right."""
        naming: dict[Place, list[tuple[int, Coefficient]]] = {}
        for number, equation in enumerate(self.equations):
            for sign, side in ((1, equation.left), (-1, equation.right)):
                for coefficient, place in side:
                    naming.setdefault(place, []).append((number, sign * coefficient))
        return naming
