"""Finds the formulas that take other rows than they should because the rows of a table were sorted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from decimal import Decimal

from xltool.equations.instances import all_equations
from xltool.layout.block import Place
from xltool.layout.equation import Equation
from xltool.layout.layout import Layout

_FEWEST_LINKS = 2
"""One formula alone that takes another row was rather written so."""


def displaced(
    layout: Layout, texts: Mapping[Place, str], parts_of: Callable[[str, str], Mapping[Place, Decimal] | None]
) -> dict[Place, Equation]:
    """The cells whose formula would be right if rows stood where they were, with the equation that it would be.

    A sum by codes counts the rows below its own only: it lacks those that stand above it now. A link to another table
    takes the cell of its column in another row; several do so where the rows of that table were moved.
    """
    sums: dict[Place, Equation] = {}
    links: dict[int, dict[Place, Equation]] = {}
    for equation in all_equations(layout):
        target = equation.target
        if target is None or target not in texts or target in sums:
            continue
        parts = parts_of(texts[target], layout.blocks[target.block].sheet)
        right = {place: factor for factor, place in equation.right}
        if parts is None or parts == right:
            continue
        if equation.structural:
            if "SUMIFS(" in texts[target] and _lacks_rows_above(layout, target, parts, right):
                sums[target] = equation
        elif _columns(parts) == _columns(right) and target.block not in {place.block for place in parts}:
            moved = next(place.block for place in right if place not in parts)
            links.setdefault(moved, {})[target] = equation
    found = dict(sums)
    for moved, cells in links.items():
        if len(cells) >= _FEWEST_LINKS or any(place.block == moved for place in sums):
            found |= cells
    return found


def _lacks_rows_above(
    layout: Layout, target: Place, parts: Mapping[Place, Decimal], right: Mapping[Place, object]
) -> bool:
    rows = layout.blocks[target.block].rows
    lacking = right.keys() - parts.keys()
    return parts.items() <= right.items() and all(
        place.block == target.block and rows[place.row].sheet_row < rows[target.row].sheet_row for place in lacking
    )


def _columns(parts: Mapping[Place, object]) -> Counter[tuple[int, int, object]]:
    return Counter((place.block, place.column, factor) for place, factor in parts.items())
