"""Gaussian elimination over exact fractions and sparse vectors.

The systems of a template have some hundred rows with a few dozen entries, almost all 1 or -1, so exact arithmetic
takes milliseconds and needs no argument about rounding or unlucky primes.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from fractions import Fraction
from heapq import heapify, heappop, heappush
from typing import Generic, TypeVar

from xltool.linting.algebra.vectors import Weight

K = TypeVar("K", bound=Hashable)


class Basis(Generic[K]):
    """Vectors in triangular form: each has the coefficient 1 at its pivot, which no later one has."""

    def __init__(self) -> None:
        self._vectors: list[Mapping[K, Weight]] = []
        self._number: dict[K, int] = {}
        self._pivots: list[K] = []

    @property
    def vectors(self) -> Sequence[Mapping[K, Weight]]:
        """The vectors, in the order in which they were taken in."""
        return self._vectors

    def reduced(self, vector: Mapping[K, Weight]) -> dict[K, Weight]:
        """What is left of `vector` after subtracting multiples of the basis: no pivot is left in it."""
        rest = dict(vector)
        # an earlier vector brings in pivots of later ones, never the other way round: each is subtracted once
        pending = [self._number[key] for key in rest if key in self._number]
        heapify(pending)
        while pending:
            number = heappop(pending)
            factor = rest.get(self._pivots[number], 0)
            if not factor:
                continue
            for key, weight in self._vectors[number].items():
                value = rest.get(key, 0) - factor * weight
                if not value:
                    del rest[key]
                    continue
                if key not in rest and key in self._number:
                    heappush(pending, self._number[key])
                rest[key] = value
        return rest

    def add(self, vector: Mapping[K, Weight], may_be_pivot: Callable[[K], bool]) -> dict[K, Weight] | None:
        """Take in `vector`; what is left of it, if that has no key that may be a pivot, else None."""
        rest = self.reduced(vector)
        pivot = next(filter(may_be_pivot, rest), None)
        if pivot is None:
            return rest
        factor = rest[pivot]
        scale = factor if factor in (1, -1) else 1 / Fraction(factor)
        self._number[pivot] = len(self._pivots)
        self._pivots.append(pivot)
        self._vectors.append({key: weight * scale for key, weight in rest.items()})
        return None
