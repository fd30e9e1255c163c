"""The lines of the 校验 sheet: one for each instance of a rule, with both sides as formulas and as words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from xltool.check.equations import Equation, Term, rule_equations, structural_equations
from xltool.check.evaluate import total
from xltool.check.rounding import judge
from xltool.excel.formulas import check_formula
from xltool.layout.layout import Layout, Place
from xltool.model import CellRef, Value
from xltool.template.catalogue import names
from xltool.template.spec import CODE_LEVELS

SHEET = "校验"
FIRST_LINE = 5
"""The first sheet row below the headings of 校验."""

PASSED, FAILED = "✓", "✗"

_WORDS_SHOWN = 4
"""Of longer sums only so many addends are spelled out."""


class CheckLine(NamedTuple):
    """One line of 校验; `sheet_row` is where it stands there, `anchor` the cell its link leads to.

    `rounded` says to how many decimals each side is rounded before they are compared: a coarser copy of a finer
    number must be its rounding (None: compared as they are).
    """

    sheet_row: int
    rule: str
    name: str
    subject: str
    words: tuple[str, str]
    formulas: tuple[str, str]
    sides: tuple[Decimal, Decimal]
    rounded: int | None
    tolerance: Decimal
    tables: tuple[str, ...]
    cells: tuple[CellRef, ...]

    @property
    def anchor(self) -> CellRef | None:
        """The first cell of the left side, or of the right side where the left has none."""
        return self.cells[0] if self.cells else None

    @property
    def difference(self) -> Decimal:
        """Left minus right, as the formula computes it."""
        left, right = (side if self.rounded is None else round_half_up(side, self.rounded) for side in self.sides)
        return left - right

    @property
    def result(self) -> str:
        """✓, ✗, or blank while there is nothing on either side."""
        if not any(self.sides):
            return ""
        return PASSED if abs(self.difference) <= self.tolerance else FAILED


def check_lines(layout: Layout, values: Mapping[Place, Value], live: Mapping[Place, Equation]) -> list[CheckLine]:
    """Every line of 校验, in the order of the rules; totals that are typed numbers come last."""
    equations = [*rule_equations(layout), *_typed_totals(layout, values, live)]
    return [_line(FIRST_LINE + i, equation, layout, values) for i, equation in enumerate(equations)]


def round_half_up(number: Decimal, decimals: int) -> Decimal:
    """The number rounded as Excel's ROUND does."""
    return number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def unit_of(place: Place, layout: Layout) -> Decimal:
    """What the cell at `place` is rounded to: 0.01 for two decimals."""
    return Decimal(1).scaleb(-layout.blocks[place.block].table.decimals)


def sum_tolerance(terms: Sequence[Term], layout: Layout) -> Decimal:
    """By how much rounding alone can make these cells disagree."""
    return judge(Decimal(0), [abs(Decimal(term.coefficient)) * unit_of(term.place, layout) for term in terms])[1]


def _typed_totals(layout: Layout, values: Mapping[Place, Value], live: Mapping[Place, Equation]) -> Iterator[Equation]:
    """Totals whose formula was replaced by a number: their sums are no longer right by construction."""
    for equation in structural_equations(layout):
        target = equation.target
        if target is not None and target not in live and isinstance(values.get(target), Decimal):
            yield equation


def _line(sheet_row: int, equation: Equation, layout: Layout, values: Mapping[Place, Value]) -> CheckLine:
    rule = layout.template.rules[equation.rule]
    left, right = equation.left, equation.right
    rounded, tolerance = _comparison(equation, layout)
    places = [term.place for term in (*left, *right)]
    return CheckLine(
        sheet_row,
        rule.id,
        rule.name,
        _subject(equation, layout),
        (_words(left, layout), _words(right, layout)),
        (check_formula(left, layout, SHEET), check_formula(right, layout, SHEET)),
        (total(left, values), total(right, values)),
        rounded,
        tolerance,
        tuple(dict.fromkeys(layout.blocks[place.block].table.id for place in places)),
        tuple(cell for place in places if (cell := layout.cell(place)) is not None),
    )


def _comparison(equation: Equation, layout: Layout) -> tuple[int | None, Decimal]:
    """(decimals both sides are rounded to, tolerance)."""
    terms = (*equation.left, *equation.right)
    is_copy = len(equation.left) == len(equation.right) == 1 and all(term.coefficient == 1 for term in terms)
    if not is_copy:
        return None, sum_tolerance(terms, layout)
    decimals = {layout.blocks[term.place.block].table.decimals for term in terms}
    return (min(decimals) if len(decimals) > 1 else None), Decimal(0)


def _subject(equation: Equation, layout: Layout) -> str:
    """Which 科目, 单位 or 项目 the line is about."""
    if equation.target is not None and equation.structural:
        return row_words(equation.target, layout)
    return " ".join(_member_words(member) for member in equation.member)


def _member_words(member: str) -> str:
    name = next((names(dimension)[member] for dimension in CODE_LEVELS if member in names(dimension)), "")
    return f"{member} {name}".strip()


def _words(side: Sequence[Term], layout: Layout) -> str:
    if not side:
        return "（本工作簿没有这一行）"
    text = ""
    for term in side[:_WORDS_SHOWN]:
        sign = "－" if term.coefficient < 0 else "＋" if text else ""
        factor = "" if abs(term.coefficient) == 1 else f"{abs(term.coefficient)}×"
        text += sign + factor + _place_words(term.place, layout)
    return text if len(side) <= _WORDS_SHOWN else f"{text}＋… 共{len(side)}项"


def _place_words(place: Place, layout: Layout) -> str:
    block = layout.blocks[place.block]
    column = block.columns[place.column].definition.path
    return f"{block.table.id}［{row_words(place, layout)}，{'/'.join(column)}］"


def row_words(place: Place, layout: Layout) -> str:
    """A row's label; a 科目 with its code."""
    row = layout.blocks[place.block].rows[place.row]
    is_code = row.definition is not None and row.definition.each in CODE_LEVELS
    return _member_words(row.code) if is_code else row.label.strip() or row.path[-1]
