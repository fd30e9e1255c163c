"""The lines of the 校验 sheet: one for each instance of a rule, with both sides as formulas and as words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from xltool.checking.equations import rule_equations, structural_equations
from xltool.checking.evaluate import total
from xltool.checking.rounding import judge
from xltool.excel.formulas import cells_of, check_formula, count_filled
from xltool.layout.equation import Equation, Term
from xltool.layout.layout import Layout, Place
from xltool.model import CellRef, Value
from xltool.template.catalogue import names
from xltool.template.spec import CODE_LEVELS

SHEET = "校验"
FIRST_LINE = 5
"""The first sheet row below the headings of 校验."""

PASSED, FAILED = "✓", "✗"

COPIES = 2
"""A sum of which only so many cells are filled says that two figures are the same: nothing is rounded off."""

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
    tolerance_formula: str
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
    """Every line of 校验, in the order of the rules; totals without a live formula come last."""
    equations = [*rule_equations(layout), *_typed_totals(layout, live)]
    return [_line(FIRST_LINE + i, equation, layout, values) for i, equation in enumerate(equations)]


def round_half_up(number: Decimal, decimals: int) -> Decimal:
    """The number rounded as Excel's ROUND does."""
    return number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def _typed_totals(layout: Layout, live: Mapping[Place, Equation]) -> Iterator[Equation]:
    """Totals whose formula was replaced by a number (or a blank): they are no longer right by construction."""
    for equation in structural_equations(layout):
        target = equation.target
        if target is not None and target not in live:
            yield equation


def _line(sheet_row: int, equation: Equation, layout: Layout, values: Mapping[Place, Value]) -> CheckLine:
    rule = layout.template.rules[equation.rule]
    left, right = equation.left, equation.right
    rounded = _rounded(equation, layout)
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
        Decimal(0) if _is_copy(equation) else _tolerance(equation, layout, values),
        "0" if _is_copy(equation) else _tolerance_formula(equation, layout),
        tuple(dict.fromkeys(layout.blocks[place.block].table.id for place in places)),
        tuple(cell for place in places if (cell := layout.cell(place)) is not None),
    )


def _is_copy(equation: Equation) -> bool:
    """Whether both sides are the same figure, printed twice."""
    terms = (*equation.left, *equation.right)
    return len(equation.left) == len(equation.right) == 1 and all(term.coefficient == 1 for term in terms)


def _rounded(equation: Equation, layout: Layout) -> int | None:
    decimals = {layout.decimals(term.place.block) for term in (*equation.left, *equation.right)}
    return min(decimals) if _is_copy(equation) and len(decimals) > 1 else None


def _tolerance(equation: Equation, layout: Layout, values: Mapping[Place, Value]) -> Decimal:
    """By how much rounding alone can make the cells disagree; only cells that hold a figure are rounded."""
    units = [_weight(term, layout) for term in (*equation.left, *equation.right) if values.get(term.place)]
    if len(units) <= COPIES and not _has_mixed_units(equation, layout):
        return Decimal(0)
    return judge(Decimal(0), units)[1]


def _tolerance_formula(equation: Equation, layout: Layout) -> str:
    by_weight: dict[Decimal, list[Term]] = {}
    for term in (*equation.left, *equation.right):
        by_weight.setdefault(_weight(term, layout), []).append(term)
    counts = {weight: count_filled(cells_of(terms, layout, SHEET)) for weight, terms in by_weight.items()}
    total_units = "+".join(f"{weight / 2:f}*({count})" for weight, count in counts.items())
    if _has_mixed_units(equation, layout):
        return total_units
    return f"IF({'+'.join(counts.values())}>{COPIES},{total_units},0)"


def _weight(term: Term, layout: Layout) -> Decimal:
    return abs(Decimal(term.coefficient)) * layout.unit(term.place.block)


def _has_mixed_units(equation: Equation, layout: Layout) -> bool:
    return len({_weight(term, layout) for term in (*equation.left, *equation.right)}) > 1


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
