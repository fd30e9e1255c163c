"""Every equation of one workbook, over places of its layout: from `sum`, from the codes, and from the rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple
from weakref import WeakKeyDictionary

from xltool.equations.structure import structural_equations
from xltool.expression import Addend, Comparison
from xltool.layout.block import BlockAt, Place
from xltool.layout.equation import Coefficient, Equation, Term
from xltool.layout.layout import Layout
from xltool.model import Path
from xltool.template.binding import is_code
from xltool.template.spec import CODE_LEVELS, DIMENSIONS, YUAN, Rule

_known: WeakKeyDictionary[Layout, tuple[Equation, ...]] = WeakKeyDictionary()
_chosen: WeakKeyDictionary[Layout, dict[Place, Equation]] = WeakKeyDictionary()


def all_equations(layout: Layout) -> tuple[Equation, ...]:
    """Every equation of a workbook, first those of the structure; built once for each layout."""
    if layout not in _known:
        _known[layout] = (*structural_equations(layout), *rule_equations(layout))
    return _known[layout]


def with_printed(layout: Layout, printed: Mapping[tuple[int, int], Decimal]) -> Layout:
    """The layout with what some of its columns are rounded to (`Layout.printed`); its equations stay the same."""
    new = replace(layout, printed=printed)
    if layout in _known:
        _known[new] = _known[layout]
    return new


def rule_equations(layout: Layout) -> Iterator[Equation]:
    """The instances of every rule that has an equation; an instance without any fact on either side is left out.

    Rules whose tables or columns the workbook lacks have none, see `lacking_columns`.
    """
    for rule in layout.template.rules.values():
        comparison = rule.comparison
        if comparison is not None and _are_present(comparison, layout) and not lacking_columns(rule, layout):
            yield from _instances(rule, comparison, layout)


def lacking_columns(rule: Rule, layout: Layout) -> list[tuple[str, Path]]:
    """The tables and columns that a rule refers to, where the tables of this workbook lack the column."""
    references = [addend.reference for addend in rule.comparison.addends] if rule.comparison else []
    references += [rule.against] if rule.against else []
    wanted = [(reference.table, reference.column) for reference in references]
    wanted += [(rule.table, slot.column) for slot in rule.columns]
    return [(table, column) for table, column in wanted if layout.lacks(table, column)]


def _are_present(comparison: Comparison, layout: Layout) -> bool:
    return all(layout.blocks_of(addend.reference.table) for addend in comparison.addends)


def _instances(rule: Rule, comparison: Comparison, layout: Layout) -> Iterator[Equation]:
    sides = (comparison.left, comparison.right)
    left_side, right_side = ([_Addend.of(addend, rule, layout) for addend in side] for side in sides)
    for member in _members(rule, [*left_side, *right_side]):
        left = tuple([term for addend in left_side for term in addend.terms(member)])
        right = tuple([term for addend in right_side for term in addend.terms(member)])
        if not left and not right:
            continue
        if comparison.relation != "=" and any(layout.is_correction(term.place) for term in left + right):
            continue  # what is below zero has no more and no less
        target = left[0].place if rule.link and len(left) == 1 else None
        constants = _constants(comparison, left + right, layout)
        equation = Equation(rule.id, left, right, target, False, member, "", comparison.relation, constants)
        is_scaled = target is not None and comparison.left[0].coefficient == 1 and left[0].coefficient != 1
        yield _in_unit_of_target(equation) if is_scaled else equation


def _in_unit_of_target(equation: Equation) -> Equation:
    """The equation in the unit of the cell that carries its right side as a formula."""
    factor = 1 / Decimal(equation.left[0].coefficient)
    left, right = (
        tuple([Term(_plain(coefficient * factor), place) for coefficient, place in side])
        for side in (equation.left, equation.right)
    )
    one, other = equation.constants
    return equation._replace(left=left, right=right, constants=(one * factor, other * factor))


class _Source(NamedTuple):
    """A column of a block that an addend takes figures from, and the factor that they count with.

    The sheets of a form may be in different units.
    """

    block: BlockAt
    column: int
    factor: Coefficient


class _Addend(NamedTuple):
    """An addend of a rule with what it refers to in one workbook.

    `bound` says of each name in `row` which of the rule's dimensions it stands for, -1 if it is itself; `is_member` if
    the row is called as the member is. `is_open` if it adds up more than one row; if not, and it has many sources,
    `holders` leads from the path of a row to those that have it.
    """

    row: Path
    bound: tuple[int, ...]
    is_member: bool
    sources: list[_Source]
    is_open: bool
    holders: Mapping[Path, list[_Source]]

    @classmethod
    def of(cls, addend: Addend, rule: Rule, layout: Layout) -> _Addend:
        coefficient, reference = addend
        sources = [
            _Source(
                block, block.column_index[reference.column], factor_of(coefficient, block, reference.column, layout)
            )
            for block in layout.blocks_of(reference.table, reference.column)
        ]
        bound = tuple([rule.each.index(name) if name in rule.each else -1 for name in reference.row])
        is_open = any(name in DIMENSIONS and at < 0 for name, at in zip(reference.row, bound, strict=True))
        holders: dict[Path, list[_Source]] = {}
        for source in sources if len(sources) > 1 and not is_open else ():
            for path in source.block.row_index:
                holders.setdefault(path, []).append(source)
        is_member = bound == tuple(range(len(rule.each)))
        return cls(reference.row, bound, is_member, sources, is_open, holders)

    def terms(self, member: Path) -> list[Term]:
        """The facts it stands for when the rule's dimensions are the names of a member."""
        row = member
        if not self.is_member:
            row = tuple([name if at < 0 else member[at] for name, at in zip(self.row, self.bound, strict=True)])
        found: list[Term] = []
        for block, column, factor in self.holders.get(row, ()) if self.holders else self.sources:
            if self.is_open:
                found += [Term(factor, block.places[i][column]) for i in block.rows_named(row)]
            elif (r := block.row_index.get(row)) is not None:
                found.append(Term(factor, block.places[r][column]))
        return found


def _members(rule: Rule, addends: list[_Addend]) -> Iterator[Path]:
    """What the rule's dimensions stand for, one after the other: the members met in any of its tables."""
    if not rule.each:
        return iter([()])
    found: dict[Path, None] = {}
    for addend in addends:
        if not set(rule.each) <= set(addend.row):
            continue
        at = [addend.row.index(dimension) for dimension in rule.each]
        for block, _, _ in addend.sources:
            rows = block.rows
            for r in block.rows_named(addend.row):
                path = rows[r].path
                found[tuple([path[i] for i in at])] = None
    return (member for member in found if _level_fits(rule, member)) if rule.levels else iter(found)


def _level_fits(rule: Rule, member: Path) -> bool:
    return all(
        len(name) in rule.levels for dimension, name in zip(rule.each, member, strict=True) if dimension in CODE_LEVELS
    )


def _constants(comparison: Comparison, terms: tuple[Term, ...], layout: Layout) -> tuple[Decimal, Decimal]:
    """The plain numbers of both sides; beside amounts they are amounts too, in the workbook's unit."""
    left, right = comparison.constants
    if not (left or right) or not any(layout.kind(place) == "amount" for _, place in terms):
        return comparison.constants
    scale = Decimal(YUAN[layout.template.amount_unit]) / YUAN[layout.outline.amount_unit]
    return left * scale, right * scale


def factor_of(coefficient: Decimal, block: BlockAt, column: Path, layout: Layout) -> Coefficient:
    """A coefficient, times what turns a table's amounts into the workbook's unit."""
    unit, other = layout.amount_unit(block.index), layout.outline.amount_unit
    if unit == other or block.block.columns[block.column_index[column]].kind not in ("amount", "field"):
        return _plain(coefficient)
    return _plain(coefficient * (Decimal(YUAN[unit]) / YUAN[other]))


def _plain(coefficient: Decimal) -> Coefficient:
    return int(coefficient) if coefficient == int(coefficient) else coefficient


def formulas(layout: Layout) -> Mapping[Place, Equation]:
    """The cells that carry a live formula, and the equation whose right side it is; found once for each layout.

    A cell that is a total both across and down adds up across; a total that a rule links elsewhere stays a total.
    """
    if layout not in _chosen:
        chosen = _chosen[layout] = {}
        for equation in all_equations(layout):
            if equation.target is not None and equation.right:
                chosen.setdefault(equation.target, equation)
    return _chosen[layout]


def is_code_row(block: BlockAt, row: int) -> bool:
    """Whether a row of `block` is a 科目."""
    definition = block.rows[row].definition
    return definition is not None and is_code(definition.each, block.rows[row].code)
