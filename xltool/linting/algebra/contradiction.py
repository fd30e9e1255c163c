"""Which rules contradict each other: together they allow nothing but 0 in cells that ought to take any amount.

Rules without plain numbers always hold when all cells are 0, so they seldom exclude each other outright; they leave no
room. A cell is forced to 0 if a combination of the equations, Σ y·(left - right) = 0, has no negative coefficient, none
but 0 at cells that may be negative, and one above 0 at that cell: amounts that are not negative add up to 0 only if
each is 0. A linear programme finds y for all forced cells at once (such combinations add up); since a solver calculates
with floats, y is then made rational and the claim verified exactly.

An inequality becomes an equation with a slack, a cell of its own that is never negative. Plain numbers are coefficients
of ONE; if that is forced to 0, the rules exclude each other.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from fractions import Fraction
from typing import NamedTuple

from xltool.equations.linear_programme import FREE, NOT_NEGATIVE, Constraint, minimum
from xltool.expression import Relation
from xltool.layout.block import Place
from xltool.linting.algebra.basis import Basis
from xltool.linting.algebra.vectors import ONE, Vector, Weight

_LARGEST_DENOMINATOR = 10**6
"""A vertex of these programmes has small denominators, powers of ten where 元 and 万元 meet."""

_SLACK = -2
"""The block of places that stand for slacks."""

OwnedVector = tuple[str, Vector]
"""A row and the rule that it comes from, "" for a sum."""


class Contradiction(NamedTuple):
    """Rules (none if the sums alone do it) that force cells to 0, ONE among them if no figures satisfy them all.

    Without any one of the rules none of these cells is forced.
    """

    rules: tuple[str, ...]
    cells: frozenset[Place]


def contradictions(rows: Sequence[OwnedVector], never_negative: Set[Place]) -> list[Contradiction]:
    """The smallest sets of rules that force cells to 0, so that with one rule less of each no cell would be forced.

    Cells not `never_negative` may be negative. Cells that such a set forces together with more rules are not told.
    """
    found: list[Contradiction] = []
    bounded = never_negative | {cell for _, row in rows for cell in row if cell == ONE or cell.block == _SLACK}
    rest = _forced(rows, bounded)
    while rest:
        rules = _responsible(rest, rows, bounded)
        cells = _forced(_of(rules, rows), bounded) & rest
        rest -= cells
        if not any(set(other.rules) <= set(rules) for other in found):
            found.append(Contradiction(tuple(rules), frozenset(cells)))
    return sorted(found, key=lambda contradiction: min(contradiction.cells))


def with_slack(row: Vector, relation: Relation, number: int) -> Vector:
    """The inequality `number`, "left - right `relation` 0", as an equation."""
    return row | {Place(_SLACK, number, 0): 1 if relation == "<=" else -1}


def _responsible(cells: Set[Place], rows: Sequence[OwnedVector], bounded: Set[Place]) -> list[str]:
    """Rules that force some of `cells` to 0, none of which can be spared; the others are left out, many at a time."""
    rules = list(dict.fromkeys(rule for rule, _ in rows if rule))
    size = 2 * len(rules)
    while size > 1:
        size = (size + 1) // 2
        for chunk in [rules[start : start + size] for start in range(0, len(rules), size)]:
            kept = [rule for rule in rules if rule not in chunk]
            if cells & _forced(_of(kept, rows), bounded):
                rules = kept
    return rules


def _of(rules: Sequence[str], rows: Sequence[OwnedVector]) -> list[OwnedVector]:
    """The rows of these rules and the sums."""
    return [row for row in rows if not row[0] or row[0] in rules]


def _forced(rows: Sequence[OwnedVector], bounded: Set[Place]) -> set[Place]:
    """The cells (ONE among them, but no slacks) that are 0 in every solution; `bounded` ones are never negative."""
    plain = [row for _, row in rows]
    cells = {cell for row in plain for cell in row}
    forced = _forced_by_sign(plain, cells & bounded, cells - bounded)
    # The signs do not confine the other cells: the solutions span a linear space, in which a cell is 0 only if the
    # equations say so.
    basis = Basis[Place]()
    for row in plain:
        basis.add({cell: weight for cell, weight in row.items() if cell not in forced}, lambda _: True)
    forced |= {cell for cell in cells - forced if not basis.reduced({cell: 1})}
    return {cell for cell in forced if cell.block != _SLACK}


def _forced_by_sign(rows: Sequence[Vector], bounded: Set[Place], others: Set[Place]) -> set[Place]:
    """The cells above 0 in a combination of rows in which no cell is below 0, and no cell of `others` is at all."""
    if not rows or not bounded:
        return set()
    combination: dict[Place, Weight] = {}
    for factor, row in zip(_factors(rows, sorted(bounded), sorted(others)), rows, strict=True):
        for cell, weight in row.items():
            combination[cell] = combination.get(cell, 0) + factor * weight
    if any(combination.get(cell) for cell in others) or any(weight < 0 for weight in combination.values()):
        return set()
    return {cell for cell, weight in combination.items() if weight > 0}


def _factors(rows: Sequence[Vector], above: Sequence[Place], at_zero: Sequence[Place]) -> list[Fraction]:
    """Factors y whose combination of rows is 0 at the cells `at_zero` and above 0 at as many of `above` as can be.

    max Σ u with 0 ≤ u ≤ 1 and u ≤ Σ y·row at every cell of `above`.
    """
    found = minimum(
        [0] * len(rows) + [-1] * len(above),
        [FREE] * len(rows) + [(0, 1)] * len(above),
        [
            *[Constraint({**line, len(rows) + i: -1}, NOT_NEGATIVE) for i, line in enumerate(_by_cell(rows, above))],
            *[Constraint(line, (0, 0)) for line in _by_cell(rows, at_zero)],
        ],
    )
    if found is None:
        return [Fraction(0)] * len(rows)
    return [Fraction(y).limit_denominator(_LARGEST_DENOMINATOR) for y in found.values[: len(rows)]]


def _by_cell(rows: Sequence[Vector], cells: Sequence[Place]) -> list[dict[int, float]]:
    """For each cell its weight in every row."""
    lines: dict[Place, dict[int, float]] = {cell: {} for cell in cells}
    for number, row in enumerate(rows):
        for cell, weight in row.items():
            if cell in lines:
                lines[cell][number] = float(weight)
    return list(lines.values())
