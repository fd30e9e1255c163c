"""The sides of a rule as formulas: the cells there are, and look-ups by code for 科目 that may still be typed in."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from xltool.equations.instances import rule_equations
from xltool.excel.write.formulas import Piece, Wanted, add_up, cells_of, in_cell, quoted
from xltool.expression import Addend, Reference
from xltool.layout.block import BlockAt, Place
from xltool.layout.equation import Coefficient, Equation, Term
from xltool.layout.layout import Layout
from xltool.model import column_letters
from xltool.template.binding import is_code, matches
from xltool.template.spec import CODE_LEVELS, DIMENSIONS


class Side(NamedTuple):
    """One side of an equation: its terms, the addends of its rule whose rows this workbook lacks so far, a number."""

    equation: Equation
    is_left: bool
    terms: tuple[Term, ...]
    missing: tuple[Addend, ...]
    constant: Decimal = Decimal(0)


def sides_of(equation: Equation, layout: Layout) -> tuple[Side, Side]:
    """Left and right; only a code that its table has no row for can be missing."""
    comparison = layout.template.rules[equation.rule].comparison
    if equation.structural or comparison is None:
        return Side(equation, True, equation.left, ()), Side(equation, False, equation.right, ())
    left, right = equation.constants
    return (
        Side(equation, True, equation.left, _missing(equation, comparison.left, equation.left, layout), left),
        Side(equation, False, equation.right, _missing(equation, comparison.right, equation.right, layout), right),
    )


def side_formula(side: Side, layout: Layout, sheet: str) -> str:
    """The formula of one side, as seen from `sheet`; "0" if nothing can stand there."""
    pieces = [*in_cell(cells_of(side.terms, side.equation, layout, sheet)), *looked_up(side.missing, layout, sheet)]
    text = add_up(pieces) if pieces else ""
    if side.constant:
        text += f"{'-' if side.constant < 0 else '+' if text else ''}{abs(side.constant):f}"
    return text or "0"


def looked_up(missing: Iterable[Addend], layout: Layout, sheet: str) -> list[Piece]:
    """The addends of a rule for whose 科目 there may be a row yet, as seen from `sheet`."""
    return [_look_up(coefficient, reference, layout, sheet) for coefficient, reference in missing]


def column_of(reference: Reference, layout: Layout) -> Place:
    """A place in the column that a reference means, which has at least one row."""
    block = _block(reference, layout)
    return Place(block.index, 0, block.column_index[reference.column])


def links(layout: Layout) -> dict[Place, str]:
    """The cells that a rule links to another table, and their formulas, as far as that table may have the row."""
    found: dict[Place, str] = {}
    for equation in rule_equations(layout):
        if equation.target is not None:
            right = sides_of(equation, layout)[1]
            sheet = layout.blocks[equation.target.block].sheet
            if right.missing and all(_block(reference, layout).sheet != sheet for _, reference in right.missing):
                found.setdefault(equation.target, side_formula(right, layout, sheet))
    return found


def _missing(
    equation: Equation, addends: tuple[Addend, ...], terms: tuple[Term, ...], layout: Layout
) -> tuple[Addend, ...]:
    rule = layout.template.rules[equation.rule]
    binding = dict(zip(rule.each, equation.member, strict=True))
    found = []
    for coefficient, reference in addends:
        bound = reference._replace(row=tuple(binding.get(name, name) for name in reference.row))
        if not _has_row(bound, terms, layout) and _can_look_up(bound, layout):
            found.append(Addend(coefficient, bound))
    return tuple(found)


def _has_row(reference: Reference, terms: tuple[Term, ...], layout: Layout) -> bool:
    block = _block(reference, layout)
    column = block.column_index[reference.column]
    rows = (block.rows[t.place.row] for t in terms if (t.place.block, t.place.column) == (block.index, column))
    return any(matches(reference.row, row.path, row.pattern) for row in rows)


def _can_look_up(reference: Reference, layout: Layout) -> bool:
    """Whether the row is a 科目, in a table with a column of codes, in all units if there are units."""
    block = _block(reference, layout)
    *above, name = reference.row
    codes = any(is_code(dimension, name) for dimension in CODE_LEVELS)
    return bool(codes and block.code_column and block.rows and set(above) <= set(DIMENSIONS))


def _look_up(coefficient: Coefficient, reference: Reference, layout: Layout, sheet: str) -> Piece:
    block = _block(reference, layout)
    column = block.columns[block.column_index[reference.column]].sheet_column
    first = min(row.sheet_row for row in block.rows) - 1  # the headings, so that a row can be inserted below them
    last = max([*(row.sheet_row for row in block.rows), *block.blank_rows])
    prefix = "" if block.sheet == sheet else f"{quoted(block.sheet)}!"
    amounts, codes = column_letters(column), column_letters(block.code_column)
    wanted = Wanted(f'"{reference.row[-1]}"', 0)
    return Piece(
        coefficient, f"{prefix}{amounts}${first}:{amounts}${last}", f"{prefix}${codes}${first}:${codes}${last}", wanted
    )


def _block(reference: Reference, layout: Layout) -> BlockAt:
    """The block that a reference is to; its first sheet in a form repeated for each project, which has no 科目."""
    return layout.blocks_of(reference.table, reference.column)[0]
