"""Rational arithmetic behind the proof of rounding: what a solver says in floats is true only if it holds here.

Everything is counted in half units: a hidden value is the printed one plus a deviation between -1 and 1 half units.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from xltool.layout.block import Place
from xltool.layout.equation import Coefficient

Factors = dict[int, int]
_NEAR = 1e-6
"""How far a solver's figure may be from -1, 0 or 1 and still mean it."""
_DENOMINATOR = 1000
_PAIR = 0.25


class Condition(NamedTuple):
    """An equation between rounded cells: Σ coefficient x hidden value = Σ coefficient x printed value - difference.

    In other words: what rounding has added to the cells makes up the difference. `coefficients` holds the cells that
    are rounded, each once.
    """

    coefficients: Mapping[Place, Coefficient]
    difference: Decimal


class System(NamedTuple):
    """Lines in whole numbers: for each row, Σ factor x deviation of the cell = target. Cells are numbered."""

    rows: list[Factors]
    targets: list[int]
    cells: list[Place]

    def part(self, numbers: Sequence[int]) -> System:
        """The system of these rows alone, and of the cells in them."""
        rows = [self.rows[i] for i in numbers]
        used = {cell: i for i, cell in enumerate(dict.fromkeys(cell for row in rows for cell in row))}
        renumbered = [{used[cell]: factor for cell, factor in row.items()} for row in rows]
        return System(renumbered, [self.targets[i] for i in numbers], [self.cells[cell] for cell in used])

    def surroundings(self, row: int) -> Iterator[list[int]]:
        """The rows that share a cell with a row, then also those that share one with these, and so on to all."""
        users: dict[int, list[int]] = {}
        for number, cells in enumerate(self.rows):
            for cell in cells:
                users.setdefault(cell, []).append(number)
        found, size = {row}, 0
        while size < len(found):
            size = len(found)
            found |= {user for number in found for cell in self.rows[number] for user in users[cell]}
            yield sorted(found)

    def burden(self, numbers: Iterable[int]) -> float:
        """How long a conflict of these rows is: one that only says that two figures are equal is a quarter of a sum."""
        return sum(_PAIR if len(self.rows[number]) == 2 else 1 for number in numbers)


def system_of(conditions: Sequence[Condition], units: Mapping[Place, Decimal]) -> System:
    """The conditions in whole numbers; `units` holds what each cell is rounded to."""
    numbers: dict[Place, int] = {}
    rows: list[Factors] = []
    targets: list[int] = []
    for condition in conditions:
        steps = {place: coefficient * units[place] for place, coefficient in condition.coefficients.items()}
        places = max(_decimals(step) for step in (condition.difference, *steps.values()))
        row = {numbers.setdefault(place, len(numbers)): _scaled(step, places) for place, step in steps.items()}
        target = -2 * _scaled(condition.difference, places)
        common = math.gcd(target, *row.values()) or 1
        rows.append({cell: step // common for cell, step in row.items()})
        targets.append(target // common)
    return System(rows, targets, list(numbers))


def solution(system: System, near: Mapping[int, float]) -> dict[int, Fraction] | None:
    """Deviations that meet every row exactly, none beyond a half unit; None if there are none as `near` says.

    `near` are the deviations that a solver found, zeros left out. Those at their limits are taken to be there, the
    others follow from the rows.
    """
    found = {cell: Fraction(round(value)) for cell, value in near.items() if abs(abs(value) - 1) <= _NEAR}
    between = {
        cell: Fraction(value).limit_denominator(_DENOMINATOR)
        for cell, value in near.items()
        if _NEAR < abs(value) < 1 - _NEAR
    }
    open_rows = []
    for row, target in zip(system.rows, system.targets, strict=True):
        unknown = {cell: Fraction(factor) for cell, factor in row.items() if cell in between}
        if unknown:
            known = sum((factor * found[cell] for cell, factor in row.items() if cell in found), Fraction(0))
            open_rows.append((unknown, target - known))
    found |= _solve(open_rows, between)
    return found if meets(system, found) else None


def refutes(system: System, weights: Mapping[int, Fraction]) -> bool:
    """Whether these multiples of rows add up to something that no deviations can give.

    Whatever the deviations within ±1, Σ weight x row is at most the sum of the absolute values of its coefficients.
    """
    sums: dict[int, Fraction] = {}
    for number, weight in weights.items():
        for cell, factor in system.rows[number].items():
            sums[cell] = sums.get(cell, Fraction(0)) + weight * factor
    wanted = sum((weight * system.targets[number] for number, weight in weights.items()), Fraction(0))
    return wanted > sum((abs(factor) for factor in sums.values()), Fraction(0))


def meets(system: System, deviations: Mapping[int, Fraction]) -> bool:
    """Whether these deviations (0 where none is given) lie within ±1 and meet every row exactly."""
    return all(abs(value) <= 1 for value in deviations.values()) and all(
        sum(factor * deviations[cell] for cell, factor in row.items() if cell in deviations) == target
        for row, target in zip(system.rows, system.targets, strict=True)
    )


def _solve(
    equations: Sequence[tuple[dict[int, Fraction], Fraction]], guesses: Mapping[int, Fraction]
) -> dict[int, Fraction]:
    """Solve linear equations by elimination; an unknown that they leave open gets its guess.

    Equations that contradict the others are passed over: whoever uses the result has to look whether it meets them.
    """
    solved: dict[int, tuple[int, dict[int, Fraction], Fraction]] = {}
    for coefficients, constant in sorted(equations, key=lambda equation: len(equation[0])):
        left, right = dict(coefficients), constant
        while known := [solved[cell] for cell in left if cell in solved]:
            _, pivot, value = min(known, key=lambda item: item[0])
            cell = next(iter(pivot))
            factor = left[cell]
            for other, coefficient in pivot.items():
                left[other] = left.get(other, Fraction(0)) - factor * coefficient
                if not left[other]:
                    del left[other]
            right -= factor * value
        if left:
            first = next(iter(left))
            pivot = {first: Fraction(1)}
            pivot |= {cell: coefficient / left[first] for cell, coefficient in left.items() if cell != first}
            solved[first] = len(solved), pivot, right / left[first]
    found = dict(guesses)
    for cell, (_, pivot, value) in reversed(solved.items()):
        found[cell] = value - sum(factor * found[other] for other, factor in pivot.items() if other != cell)
    return found


def _decimals(number: Decimal | int) -> int:
    exponent = Decimal(number).as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _scaled(number: Decimal | int, places: int) -> int:
    return int(Decimal(number).scaleb(places))
