"""The lines of the 校验 sheet: one for each instance of a rule, with both sides as formulas and as words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from xltool.catalogue.by_year import names
from xltool.equations.evaluate import total
from xltool.equations.instances import rule_equations, structural_equations
from xltool.equations.rounding import judge
from xltool.equations.unfinished import unfinished_tables
from xltool.excel.write.filling_state import Origins
from xltool.excel.write.formulas import cells_of, count_filled
from xltool.excel.write.rule_sides import Side, side_formula, sides_of
from xltool.expression import Reference, Relation
from xltool.layout.equation import Coefficient, Equation, Term
from xltool.layout.layout import BlockAt, Layout, Place, TableAt
from xltool.model import CellRef, Value
from xltool.template.spec import CODE_LEVELS

SHEET = "校验"
FIRST_LINE = 5
"""The first sheet row below the headings of 校验."""

PASSED, FAILED, WAITING = "✓", "✗", "待填"

COPIES = 2
"""A sum of which only so many cells are filled says that two figures are the same: nothing is rounded off."""

_SIGNS = {"=": "", "<=": "≤ ", ">=": "≥ "}
"""Before the words of the right side."""

_WORDS_SHOWN = 4
"""Of longer sums only so many addends are spelled out."""


class CheckLine(NamedTuple):
    """One line of 校验; `sheet_row` is where it stands there, `anchor` the cell its link leads to.

    `relation` says how the sides should compare. `rounded` says to how many decimals each is rounded before that: a
    coarser copy of a finer number must be its rounding (None: compared as they are). `constants` are the plain numbers
    in the sides: there is something to compare once a side is more than that. `sources` are the tables behind each
    side; `waits` says whether there is nothing in a side because one of them is not filled in.
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
    rounded: int | None
    tolerance: Decimal
    tolerance_formula: str
    tables: tuple[str, ...]
    cells: tuple[CellRef, ...]
    sources: tuple[frozenset[str], frozenset[str]]
    waits: bool

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
        """✓, ✗, 待填 while a table is not filled in, or blank while there is nothing on either side."""
        if self.sides == self.constants:
            return ""
        excess = {"=": abs(self.difference), "<=": self.difference, ">=": -self.difference}[self.relation]
        if excess <= self.tolerance:
            return PASSED
        return WAITING if self.waits else FAILED


def check_lines(layout: Layout, values: Mapping[Place, Value], live: Mapping[Place, Equation]) -> list[CheckLine]:
    """Every line of 校验, in the order of the rules; totals without a live formula come last."""
    equations = [*rule_equations(layout), *_typed_totals(layout, live)]
    origins, unfinished = Origins(layout, live), unfinished_tables(layout, values, live)
    return [_line(i, equation, layout, values, origins, unfinished) for i, equation in enumerate(equations, FIRST_LINE)]


def told_name(at: TableAt | BlockAt) -> str:
    """What a table is called in 校验: its id, or, of a form repeated for each project, the name of the sheet."""
    return at.sheet if at.above else at.table.id


def round_half_up(number: Decimal, decimals: int) -> Decimal:
    """The number rounded as Excel's ROUND does."""
    return number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def _typed_totals(layout: Layout, live: Mapping[Place, Equation]) -> Iterator[Equation]:
    """Totals whose formula was replaced by a number (or a blank): they are no longer right by construction."""
    for equation in structural_equations(layout):
        target = equation.target
        if target is not None and target not in live:
            yield equation


def _sources(sides: tuple[Side, Side], origins: Origins, layout: Layout) -> tuple[frozenset[str], frozenset[str]]:
    """The tables behind each side; of a side without a row those in which its rule looks for it."""
    comparison = layout.template.rules[sides[0].equation.rule].comparison
    spoken_of = (comparison.left, comparison.right) if comparison is not None else ((), ())
    left, right = (
        origins.of(side.terms) or frozenset(addend.reference.table for addend in addends)
        for side, addends in zip(sides, spoken_of, strict=True)
    )
    return left, right


def _line(
    sheet_row: int,
    equation: Equation,
    layout: Layout,
    values: Mapping[Place, Value],
    origins: Origins,
    unfinished: Set[str],
) -> CheckLine:
    rule = layout.template.rules[equation.rule]
    left, right = sides_of(equation, layout)
    sources = _sources((left, right), origins, layout)
    amounts = total(left.terms, values) + left.constant, total(right.terms, values) + right.constant
    ends = zip(amounts, equation.constants, sources, strict=True)
    # a total that is wrong says nothing against its parts
    blamed = equation.left if equation.structural else (*equation.left, *equation.right)
    places = [term.place for term in blamed]
    is_plain = equation.relation == "=" and not any(equation.constants)
    is_copy = (
        is_plain and _is_copy(left, right) and (_has_mixed_units(equation, layout) or not _can_grow(equation, layout))
    )
    return CheckLine(
        sheet_row,
        rule.id,
        rule.name,
        _subject(equation, layout),
        (_words(left, layout), _SIGNS[equation.relation] + _words(right, layout)),
        (side_formula(left, layout, SHEET), side_formula(right, layout, SHEET)),
        amounts,
        equation.relation,
        equation.constants,
        _rounded(equation, layout) if is_copy else None,
        Decimal(0) if is_copy else _tolerance(equation, layout, values),
        "0" if is_copy else _tolerance_formula(equation, layout),
        _tables(left, right, layout),
        tuple(cell for place in places if (cell := layout.cell(place)) is not None),
        sources,
        any(amount == nothing and tables & unfinished for amount, nothing, tables in ends),
    )


def _tables(left: Side, right: Side, layout: Layout) -> tuple[str, ...]:
    """The tables that the line is about, each once, as `told_name` has them."""
    named = [[told_name(layout.blocks[term.place.block]) for term in side.terms] for side in (left, right)]
    missing = [addend.reference.table for side in (left, right) for addend in side.missing]
    return tuple(dict.fromkeys([*named[0], *named[1], *missing]))


def _is_copy(*sides: Side) -> bool:
    """Whether both sides are the same figure, printed twice."""
    return all(
        len(side.terms) + len(side.missing) == 1 and all(addend[0] == 1 for addend in (*side.terms, *side.missing))
        for side in sides
    )


def _can_grow(equation: Equation, layout: Layout) -> bool:
    """Whether a side adds up a run whose blank rows may still be filled in."""
    return any(cells_of(side, equation, layout, SHEET).runs for side in (equation.left, equation.right))


def _rounded(equation: Equation, layout: Layout) -> int | None:
    decimals = {layout.decimals(term.place) for term in (*equation.left, *equation.right)}
    return min(decimals) if len(decimals) > 1 else None


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
    counts = {weight: count_filled(cells_of(terms, equation, layout, SHEET)) for weight, terms in by_weight.items()}
    total_units = "+".join(f"{weight / 2:f}*({count})" for weight, count in counts.items())
    if _has_mixed_units(equation, layout):
        return total_units
    return f"IF({'+'.join(counts.values())}>{COPIES},{total_units},0)"


def _weight(term: Term, layout: Layout) -> Decimal:
    return abs(Decimal(term.coefficient)) * layout.unit(term.place)


def _has_mixed_units(equation: Equation, layout: Layout) -> bool:
    return len({_weight(term, layout) for term in (*equation.left, *equation.right)}) > 1


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
