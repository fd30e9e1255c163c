"""The lines of the 校验 sheet: one for each instance of a rule, with both sides as formulas and as words."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Set
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from xltool.catalogue.by_year import names
from xltool.equations.evaluate import holds
from xltool.equations.evaluate import sides as evaluated_sides
from xltool.equations.instances import rule_equations
from xltool.equations.rounding.intervals import half_up
from xltool.equations.structure import structural_equations
from xltool.equations.unfinished import unfinished_tables
from xltool.equations.verdicts import Figures, evaluate
from xltool.excel.write.checks.rule_sides import Side, side_formula, sides_of
from xltool.excel.write.checks.typed_cells import TypedCells, computed_cells
from xltool.excel.write.checks.verdict_formulas import PRECISION, Known, known
from xltool.expression import Reference, Relation
from xltool.layout.block import BlockAt, Place
from xltool.layout.equation import Coefficient, Equation
from xltool.layout.layout import Layout, TableAt
from xltool.model import CellRef, Value, Verdict
from xltool.source.our_sheets import CHECKS
from xltool.template.spec import CODE_LEVELS

FIRST_LINE = 5
"""The first sheet row below the headings of 校验."""

WORDS = {
    Verdict.PASS: "✓",
    Verdict.ROUNDING: "尾差",
    Verdict.IMPLAUSIBLE: "可疑尾差",
    Verdict.FAIL: "✗",
    Verdict.UNDECIDED: "待填",
}
"""What a line shows for each verdict."""

_SIGNS = {"=": "", "<=": "≤ ", ">=": "≥ "}
"""Before the words of the right side."""

_MOST_UNITS = 60
"""Of so many units 校验 tells all that it compares; Excel takes a minute to open a hundred thousand such lines."""

_WORDS_SHOWN = 4
"""Of longer sums only so many addends are spelled out."""


class CheckLine(NamedTuple):
    """One line of 校验; `sheet_row` is where it stands there, `anchor` the cell its link leads to.

    `relation` says how the sides should compare. `constants` are the plain numbers in the sides: there is something to
    compare once a side is more than that; `filled` are the formulas that say so where it cannot be told from its sum.
    `known` is how exactly the sides are known, None if they are exact. `sources` are the tables behind each side;
    `verdict` is None while there is nothing on either side, and undecided while one of these tables is not filled in.
    """

    sheet_row: int
    rule: str
    name: str
    subject: str
    words: tuple[str, str]
    formulas: tuple[str, str]
    sides: tuple[Decimal, Decimal]
    relation: Relation
    constants: tuple[Decimal, Decimal]
    filled: tuple[str, str] | None
    known: Known | None
    verdict: Verdict | None
    tables: tuple[str, ...]
    cells: tuple[CellRef, ...]
    sources: tuple[frozenset[str], frozenset[str]]

    @property
    def anchor(self) -> CellRef | None:
        """The first cell of the left side, or of the right side where the left has none."""
        return self.cells[0] if self.cells else None

    @property
    def difference(self) -> Decimal:
        """Left minus right, as the formula computes it."""
        left, right = self.sides
        return half_up(Fraction(left - right), Decimal(1).scaleb(-PRECISION))

    @property
    def tolerance(self) -> Decimal:
        """What rounding can explain of a difference of this sign, as the formula computes it."""
        if self.known is None:
            return Decimal(0)
        left, right = self.known.left_units.now, self.known.right_units.now
        hidden = (self.known.hidden_above if self.difference > 0 else self.known.hidden_below).now
        is_one_figure = self.may_be_pair and self.known.left_count.now == self.known.right_count.now == 1
        if is_one_figure and left == right and not hidden:
            return Decimal(0)
        return (left + right) / 2 + hidden

    @property
    def may_be_pair(self) -> bool:
        """Whether its sides are the same quantity if each is one figure."""
        return not any(self.constants)

    @property
    def result(self) -> str:
        """The word for its verdict, or blank while there is nothing on either side."""
        return WORDS[self.verdict] if self.verdict is not None else ""


def check_lines(
    layout: Layout,
    values: Mapping[Place, Value],
    live: Mapping[Place, Equation],
    sources: Collection[Place] = frozenset(),
) -> list[CheckLine]:
    """Every line of 校验, in the order of the rules; totals without a live formula come last.

    `sources` are the cells of a 汇总 that take their figures from its other sheets. Of many units, what holds within
    one of them has no line: it was checked in the unit's own workbook, and nothing of it is typed here.
    """
    equations = [*rule_equations(layout), *_typed_totals(layout, live)]
    if has_many_units(layout, sources):
        fixed = {*sources, *live}
        equations = [
            one for one in equations if not (_is_of_one_unit(one, layout, values, fixed) and holds(one, values))
        ]
    figures, unfinished = Figures(layout, values, live), unfinished_tables(layout, values, live)
    typed = TypedCells(layout, live, computed_cells(layout, values, live))
    return [_line(i, equation, figures, typed, unfinished) for i, equation in enumerate(equations, FIRST_LINE)]


def has_many_units(layout: Layout, sources: Collection[Place]) -> bool:
    """Whether a 汇总 has so many units that 校验 does not tell of each."""
    return bool(sources) and len(layout.outline.members.get("unit", ())) > _MOST_UNITS


def _is_of_one_unit(
    equation: Equation, layout: Layout, values: Mapping[Place, Value], fixed: Collection[Place]
) -> bool:
    """Whether all its figures are in the rows of one unit, and none is typed."""
    units = set()
    for place in equation.places:
        row = layout.blocks[place.block].rows[place.row]
        if "unit" not in row.pattern or (place not in fixed and values.get(place) is not None):
            return False
        units.add(row.path[row.pattern.index("unit")])
    return len(units) == 1


def told_name(at: TableAt | BlockAt) -> str:
    """What a table is called in 校验: its id, or, of a form repeated for each project, the name of the sheet."""
    return at.sheet if at.above else at.table.id


def _typed_totals(layout: Layout, live: Mapping[Place, Equation]) -> Iterator[Equation]:
    """Totals whose formula was replaced by a number (or a blank): they are no longer right by construction."""
    for equation in structural_equations(layout):
        target = equation.target
        if target is not None and target not in live:
            yield equation


def _sources(sides: tuple[Side, Side], typed: TypedCells, layout: Layout) -> tuple[frozenset[str], frozenset[str]]:
    """The tables behind each side; of a side without a row those in which its rule looks for it."""
    comparison = layout.template.rules[sides[0].equation.rule].comparison
    spoken_of = (comparison.left, comparison.right) if comparison is not None else ((), ())
    left, right = (
        typed.tables(side.terms) or frozenset(addend.reference.table for addend in addends)
        for side, addends in zip(sides, spoken_of, strict=True)
    )
    return left, right


def _line(sheet_row: int, equation: Equation, figures: Figures, typed: TypedCells, unfinished: Set[str]) -> CheckLine:
    layout, values, live = figures
    rule = layout.template.rules[equation.rule]
    left, right = sides_of(equation, layout)
    sources = _sources((left, right), typed, layout)
    amounts = evaluated_sides(equation, values)
    outcome = evaluate(equation, layout, values, live)
    verdict = outcome.verdict if outcome is not None else None
    ends = zip(amounts, equation.constants, sources, strict=True)
    if verdict is Verdict.FAIL and any(amount == nothing and tables & unfinished for amount, nothing, tables in ends):
        verdict = Verdict.UNDECIDED
    has_constants = any(equation.constants)
    # a total that is wrong says nothing against its parts
    blamed = equation.left if equation.structural else (*equation.left, *equation.right)
    places = [term.place for term in blamed]
    return CheckLine(
        sheet_row,
        rule.id,
        rule.name,
        _subject(equation, layout),
        (_words(left, layout), _SIGNS[equation.relation] + _words(right, layout)),
        (side_formula(left, layout, CHECKS), side_formula(right, layout, CHECKS)),
        amounts,
        equation.relation,
        equation.constants,
        (_filled(left, typed), _filled(right, typed)) if has_constants else None,
        known((left, right), (f"E{sheet_row}", f"G{sheet_row}"), figures, typed, CHECKS),
        verdict if has_constants or any(amounts) else None,
        _tables(left, right, layout),
        tuple(cell for place in places if (cell := layout.cell(place)) is not None),
        sources,
    )


def _filled(side: Side, typed: TypedCells) -> str:
    return typed.areas(typed.of(side.terms), CHECKS).is_filled()


def _tables(left: Side, right: Side, layout: Layout) -> tuple[str, ...]:
    """The tables that the line is about, each once, as `told_name` has them."""
    named = [[told_name(layout.blocks[term.place.block]) for term in side.terms] for side in (left, right)]
    missing = [addend.reference.table for side in (left, right) for addend in side.missing]
    return tuple(dict.fromkeys([*named[0], *named[1], *missing]))


def _subject(equation: Equation, layout: Layout) -> str:
    """Which 科目, 单位 or 项目 the line is about."""
    if equation.target is not None and equation.structural:
        return row_words(equation.target, layout)
    return " ".join(_member_words(member, layout.outline.year) for member in equation.member)


def _member_words(member: str, year: int) -> str:
    name = next((names(dimension, year)[member] for dimension in CODE_LEVELS if member in names(dimension, year)), "")
    return f"{member} {name}".strip()


def _words(side: Side, layout: Layout) -> str:
    addends: list[tuple[Coefficient, str]] = [
        (coefficient, _place_words(place, layout)) for coefficient, place in side.terms
    ]
    addends += [
        (coefficient, _reference_words(reference, layout.outline.year)) for coefficient, reference in side.missing
    ]
    if not addends and not side.constant:
        return "（本工作簿没有这一行）"
    text = ""
    for coefficient, words in addends[:_WORDS_SHOWN]:
        sign = "－" if coefficient < 0 else "＋" if text else ""
        factor = "" if abs(coefficient) == 1 else f"{abs(coefficient)}×"
        text += sign + factor + words
    if len(addends) > _WORDS_SHOWN:
        text += f"＋… 共{len(addends)}项"
    if side.constant:
        text += f"{'－' if side.constant < 0 else '＋' if text else ''}{abs(side.constant)}"
    return text


def _reference_words(reference: Reference, year: int) -> str:
    return f"{reference.table}［{_member_words(reference.row[-1], year)}，{'/'.join(reference.column)}］"


def _place_words(place: Place, layout: Layout) -> str:
    block = layout.blocks[place.block]
    column = block.columns[place.column].definition.path
    return f"{block.table.id}［{row_words(place, layout)}，{'/'.join(column)}］"


def row_words(place: Place, layout: Layout) -> str:
    """A row's label; a 科目 with its code."""
    row = layout.blocks[place.block].rows[place.row]
    is_code = row.definition is not None and row.definition.each in CODE_LEVELS
    return _member_words(row.code, layout.outline.year) if is_code else row.label.strip() or row.path[-1]
