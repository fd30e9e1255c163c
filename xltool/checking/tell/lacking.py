"""What an equation would need that the workbook lacks: columns of a sum, rows of another table."""

from __future__ import annotations

from xltool.checking.tell.words import quoted
from xltool.layout.equation import Equation
from xltool.layout.layout import Layout
from xltool.model import format_path
from xltool.template.spec import Rule


def lacking_parts(layout: Layout, equation: Equation) -> str:
    """The columns that a sum across should add up but the workbook does not have; "" if it has them all."""
    target = equation.left[0].place
    block = layout.blocks[target.block]
    if not equation.structural or (equation.right and equation.right[0].place.column == target.column):
        return ""
    parts = [block.columns[block.column_index[part.path]] for part in block.columns[target.column].definition.sum]
    return "、".join(f"{quoted(format_path(at.definition.path))}栏" for at in parts if not at.sheet_column)


def absent_tables(rule: Rule, equation: Equation) -> list[str]:
    """The tables that a side of a rule speaks of, if none of them has the row of this equation."""
    comparison = rule.comparison
    if comparison is None or (equation.left and equation.right):
        return []
    side = comparison.right if equation.left else comparison.left
    return list(dict.fromkeys(addend.reference.table for addend in side))
