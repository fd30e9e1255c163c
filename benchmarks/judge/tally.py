"""Adds up how cases were told, as shares with 95 % intervals."""

from __future__ import annotations

from collections.abc import Iterable
from math import sqrt
from typing import NamedTuple

_Z = 1.959964
"""Of a normal distribution, 95 % lies within so many standard deviations."""


class Share(NamedTuple):
    """So many of so many."""

    hits: int
    total: int

    @classmethod
    def of(cls, flags: Iterable[bool]) -> Share:
        """How many of these hold."""
        known = list(flags)
        return cls(sum(known), len(known))

    @property
    def value(self) -> float:
        """From 0 to 1; 0 of nothing."""
        return self.hits / self.total if self.total else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Where the true share lies, by Wilson's score at 95 %."""
        if not self.total:
            return 0.0, 1.0
        n, p, z = self.total, self.value, _Z
        middle = p + z * z / (2 * n)
        spread = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        scale = 1 + z * z / n
        return max((middle - spread) / scale, 0.0), min((middle + spread) / scale, 1.0)

    def __str__(self) -> str:
        if not self.total:
            return "-"
        low, high = self.interval
        return f"{self.value:.1%} ({low * 100:.1f}–{high * 100:.1f})"


def mean(numbers: Iterable[int]) -> str:
    """The mean with two decimals."""
    known = list(numbers)
    return f"{sum(known) / len(known):.2f}" if known else "-"
