"""Every equation of one workbook, over places of its layout: from `sum`, from the codes, and from the rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from weakref import WeakKeyDictionary

from xltool.expression import Addend, Comparison, Reference
from xltool.layout.equation import Coefficient, Equation, Term
from xltool.layout.layout import YUAN, BlockAt, Layout, Place
from xltool.layout.structure import column_sums, row_sums
from xltool.template.binding import is_code, matches
from xltool.template.spec import CODE_LEVELS, DIMENSIONS, Rule

_known: WeakKeyDictionary[Layout, tuple[Equation, ...]] = WeakKeyDictionary()


def all_equations(layout: Layout) -> tuple[Equation, ...]:
    """Every equation of a workbook, first those of the structure; built once for each layout."""
    if layout not in _known:
        _known[layout] = (*structural_equations(layout), *rule_equations(layout))
    return _known[layout]


def structural_equations(layout: Layout) -> Iterator[Equation]:
    """Total = parts, for every total cell across (column sums) and down (row sums). Sums without parts are left out."""
    for block in layout.blocks:
        positive = [[Term(1, place) for place in line] for line in block.places]
        negative = [[Term(-1, place) for place in line] for line in block.places]
        signed = {1: positive, -1: negative}
        for line in column_sums(block):
            for r, places in enumerate(block.places):
                right = tuple([signed[sign][r][c] for sign, c in line.parts])
                yield Equation(line.rule, (positive[r][line.target],), right, places[line.target], True)
        amounts = [c for c in block.block.amounts if block.columns[c].sheet_column]
        for line in row_sums(block):
            if not line.parts:
                continue
            t = line.target
            for c in amounts:
                right = tuple([signed[sign][r][c] for sign, r in line.parts])
                yield Equation(line.rule, (positive[t][c],), right, block.places[t][c], True, (), line.over)


def rule_equations(layout: Layout) -> Iterator[Equation]:
    """The instances of every rule that has an equation; an instance without any fact on either side is left out."""
    for rule in layout.template.rules.values():
        if rule.comparison is not None and _tables(rule.comparison) <= layout.tables.keys():
            yield from _instances(rule, rule.comparison, layout)


def _tables(comparison: Comparison) -> set[str]:
    return {addend.reference.table for side in comparison for addend in side}


def _instances(rule: Rule, comparison: Comparison, layout: Layout) -> Iterator[Equation]:
    for binding in _bindings(rule, comparison, layout):
        left, right = (_terms(side, binding, layout) for side in comparison)
        if not left and not right:
            continue
        target = left[0].place if rule.link and len(left) == 1 else None
        yield Equation(rule.id, left, right, target, False, tuple(binding.values()))


def _bindings(rule: Rule, comparison: Comparison, layout: Layout) -> list[Mapping[str, str]]:
    """The members that the rule's dimensions take in any of its tables, in the order met."""
    if not rule.each:
        return [{}]
    found: dict[tuple[str, ...], None] = {}
    for side in comparison:
        for addend in side:
            reference = addend.reference
            if not set(rule.each) <= set(reference.row):
                continue
            block = _block(reference, layout)
            for row in block.rows:
                if matches(reference.row, row.path, row.pattern):
                    member = {
                        kind: name for kind, name in zip(reference.row, row.path, strict=True) if kind in rule.each
                    }
                    if _level_fits(rule, member):
                        found[tuple(member[dimension] for dimension in rule.each)] = None
    return [dict(zip(rule.each, members, strict=True)) for members in found]


def _level_fits(rule: Rule, member: Mapping[str, str]) -> bool:
    return not rule.levels or all(
        len(name) in rule.levels for dimension, name in member.items() if dimension in CODE_LEVELS
    )


def _block(reference: Reference, layout: Layout) -> BlockAt:
    return next(block for block in layout.tables[reference.table].blocks if reference.column in block.column_index)


def _terms(side: tuple[Addend, ...], binding: Mapping[str, str], layout: Layout) -> tuple[Term, ...]:
    terms: list[Term] = []
    for coefficient, reference in side:
        block = _block(reference, layout)
        column = block.column_index[reference.column]
        row = tuple(binding.get(name, name) for name in reference.row)
        factor = _plain(coefficient * _scale(block, layout))
        if any(name in DIMENSIONS for name in row):
            places = [i for i, at in enumerate(block.rows) if matches(row, at.path, at.pattern)]
        else:
            found = block.row_index.get(row)
            places = [] if found is None else [found]
        terms += [Term(factor, Place(block.index, i, column)) for i in places if block.columns[column].sheet_column]
    return tuple(terms)


def _scale(block: BlockAt, layout: Layout) -> Decimal:
    """What turns a table's amounts into the workbook's unit."""
    return Decimal(YUAN[layout.amount_unit(block.index)]) / YUAN[layout.outline.amount_unit]


def _plain(coefficient: Decimal) -> Coefficient:
    return int(coefficient) if coefficient == int(coefficient) else coefficient


def formulas(layout: Layout) -> dict[Place, Equation]:
    """The cells that carry a live formula, and the equation whose right side it is.

    A cell that is a total both across and down adds up across; a total that a rule links elsewhere stays a total.
    """
    chosen: dict[Place, Equation] = {}
    for equation in all_equations(layout):
        if equation.target is not None and equation.right:
            chosen.setdefault(equation.target, equation)
    return chosen


def is_code_row(block: BlockAt, row: int) -> bool:
    """Whether a row of `block` is a 科目."""
    definition = block.rows[row].definition
    return definition is not None and is_code(definition.each, block.rows[row].code)
