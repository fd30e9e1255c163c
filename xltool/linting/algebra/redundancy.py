"""Which rules say nothing that the other rules and the sums do not say already."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from typing import NamedTuple

from xltool.layout.block import Place
from xltool.linting.algebra.basis import Basis
from xltool.linting.algebra.vectors import Vector, Weight

Dependency = Mapping[int, Weight]
"""Numbers of rows, each with a factor; so multiplied, the rows add up to nothing."""


class Redundant(NamedTuple):
    """A rule that follows from the rules `others` (none: from the sums alone)."""

    rule: str
    others: tuple[str, ...]


def redundant_rules(rows: Sequence[tuple[str, Vector]]) -> list[Redundant]:
    """The rules whose rows are linear combinations of other rows; `rows` are given with their rules, "" for a sum.

    Of rules that follow from each other the last ones are told, so that all that are told could be left out together.
    """
    dependencies: Sequence[Dependency] = _dependencies([row for _, row in rows])
    numbers: dict[str, set[int]] = {}
    for number, (rule, _) in enumerate(rows):
        numbers.setdefault(rule, set()).add(number)
    found = []
    for rule in reversed([rule for rule in numbers if rule]):
        own = numbers[rule]
        if _follow(own, dependencies):
            found.append(Redundant(rule, _needed(rule, numbers, dependencies)))
            dependencies = _without(own, dependencies)[1]
    return found[::-1]


def _dependencies(rows: Sequence[Vector]) -> list[Dependency]:
    """A basis of all dependencies between rows."""
    basis = Basis[Place | int]()
    reduced = (basis.add(dict((*row.items(), (number, 1))), _is_cell) for number, row in enumerate(rows))
    return [
        {number: weight for number, weight in rest.items() if isinstance(number, int)}
        for rest in reduced
        if rest is not None
    ]


def _is_cell(key: Place | int) -> bool:
    return not isinstance(key, int)


def _without(
    numbers: Set[int], dependencies: Iterable[Dependency]
) -> tuple[Sequence[Dependency], Sequence[Dependency]]:
    """The dependencies as a basis in which some each express one of these rows, and the others are without them."""
    basis = Basis[int]()
    reduced = (basis.add(dependency, numbers.__contains__) for dependency in dependencies)
    others = [rest for rest in reduced if rest is not None]
    return basis.vectors, others


def _follow(numbers: Set[int], dependencies: Iterable[Dependency]) -> bool:
    """Whether each of these rows is a combination of rows that are not among them."""
    return len(_without(numbers, dependencies)[0]) == len(numbers)


def _needed(rule: str, numbers: Mapping[str, Set[int]], dependencies: Sequence[Dependency]) -> tuple[str, ...]:
    """Rules, none of which can be spared, that `rule` follows from."""
    needed = []
    for other in numbers:
        if not other or other == rule:
            continue
        rest = _without(numbers[other], dependencies)[1]
        if _follow(numbers[rule], rest):
            dependencies = rest
        else:
            needed.append(other)
    return tuple(needed)
