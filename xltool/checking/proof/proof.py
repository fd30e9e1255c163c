"""The proof of rounding (L01): whether what is left of all sums can be rounding in all of them at once.

Every printed amount stands for a hidden one, at most half a unit away: within [x - u/2, x + u/2]. (Half-up rounding
leaves out the upper end; with it the question is a little kinder, by nothing that could be seen.) The equations must
hold exactly for the hidden amounts. They are looked for by narrowing intervals and, where that finds none, by a linear
programme; what is found is checked in rational numbers, so that an answer is a proof: amounts that meet every
equation, or multiples of equations that add up to a difference which no rounding of the cells in them can make.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from xltool.checking.proof import propagation, solver
from xltool.checking.proof.exact import Condition, System, meets, refutes, solution, system_of
from xltool.layout.block import Place

_STARTS = 4
"""A conflict is looked for around so many conditions that cannot be met."""


class Proved(NamedTuple):
    """All can hold at once; `hidden` is by how much hidden amounts differ from the printed ones (0 if absent)."""

    hidden: Mapping[Place, Fraction]


class Conflict(NamedTuple):
    """These conditions, by number, cannot hold at once; without any one of them the solver finds no conflict."""

    conditions: tuple[int, ...]


class Undecided(NamedTuple):
    """The solver found neither a solution nor a contradiction that stands up to exact arithmetic."""


Proof = Proved | Conflict | Undecided


def prove(conditions: Sequence[Condition], units: Mapping[Place, Decimal]) -> Proof:
    """Whether hidden amounts within half a unit of the printed ones meet all conditions at once.

    `units` is what each cell of the conditions is rounded to, in its own amount unit; none is 0. Of the conflicts that
    were found the smallest is named: none of its parts is a conflict, but elsewhere may be one with fewer of them.
    """
    system = system_of(conditions, units)
    if not any(system.targets):
        return Proved({})
    exact = propagation.deviations(system)
    if exact is None or not meets(system, exact):
        near = solver.deviations(system)
        exact = solution(system, near) if near is not None else None
    if exact is not None:
        hidden = {system.cells[cell]: halves for cell, halves in exact.items()}
        return Proved({place: halves * Fraction(units[place]) / 2 for place, halves in hidden.items()})
    near_misfits = (_conflict_near(system, row) for row in solver.misfits(system)[:_STARTS])
    conflicts = [conflict for conflict in near_misfits if conflict]
    return Conflict(tuple(sorted(min(conflicts, key=system.burden)))) if conflicts else Undecided()


def _conflict_near(system: System, row: int) -> list[int]:
    """The smallest conflict found in the narrowest surroundings of a row that are contradictory; none if none are."""
    for rows in system.surroundings(row):
        pool = _contradiction(system, rows)
        if pool:
            return _smallest(system, rows, _irreducible(system, pool))
    return []


def _smallest(system: System, rows: Sequence[int], conflict: list[int]) -> list[int]:
    """This conflict or a smaller one among `rows`: any other lacks one of its rows, so each is left out once.

    To save time, contradictory rows that are more than those of the conflict are not looked into.
    """
    pools = [_contradiction(system, [row for row in rows if row != left_out]) for left_out in conflict]
    promising = [pool for pool in pools if pool and system.burden(pool) <= system.burden(conflict)]
    return min([conflict, *(_irreducible(system, pool) for pool in promising)], key=system.burden)


def _irreducible(system: System, pool: Sequence[int]) -> list[int]:
    """Rows of `pool` that contradict each other, while those that remain without any one of them do not.

    Leaves out one row after the other, the longest first, for as long as the rest is contradictory.
    """
    kept = sorted(pool, key=lambda row: -len(system.rows[row]))
    for row in tuple(kept):
        if row in kept:
            kept = _contradiction(system, [other for other in kept if other != row]) or kept
    return kept


def _contradiction(system: System, rows: Sequence[int]) -> list[int]:
    """Some of these rows that cannot hold at once, as exact arithmetic confirms; none if they can (or nobody knows)."""
    part = system.part(rows)
    if not any(part.targets):
        return []
    weights = {row: Fraction(weight) for row, weight in solver.weights(part).items()}
    return [rows[row] for row in weights] if refutes(part, weights) else []
