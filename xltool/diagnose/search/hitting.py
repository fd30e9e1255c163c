"""The lightest choice that has something of every set: small ones by branch and bound of our own, others by HiGHS."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from typing import Generic, NamedTuple, TypeVar

Item = TypeVar("Item", bound=Hashable)

_STEPS = 3000
"""Branch and bound is as fast as importing HiGHS and numpy up to about so many nodes (0.2 s)."""

_SECONDS = 5.0


class Hit(NamedTuple, Generic[Item]):
    """Items that hit all sets; whether it is sure that none are lighter, and whether HiGHS had to be asked."""

    items: list[Item]
    is_proved: bool
    is_hard: bool


def lightest_hitting(sets: Sequence[Collection[Item]], weights: Mapping[Item, float]) -> Hit[Item]:
    """Items with at least one of each set (none of which is empty), of the least sum of weights.

    Items in the same sets are as good as the lightest of them; they are told apart by nobody here.
    """
    minimal = _minimal([frozenset(one) for one in sets])
    best = _lightest_of_each_pattern(minimal, weights)
    reduced = [frozenset(item for item in one if item in best) for one in minimal]
    search = _Search(reduced, weights)
    if search.run():
        return Hit(search.best, True, False)
    return Hit(*_by_programme(reduced, weights, search.best), True)


def _minimal(sets: Sequence[frozenset[Item]]) -> list[frozenset[Item]]:
    """Without those that contain another: what hits that one hits them."""
    found: list[frozenset[Item]] = []
    for one in sorted(dict.fromkeys(sets), key=len):
        if not any(other <= one for other in found):
            found.append(one)
    return found


def _lightest_of_each_pattern(sets: Sequence[frozenset[Item]], weights: Mapping[Item, float]) -> set[Item]:
    patterns: dict[Item, list[int]] = {}
    for number, one in enumerate(sets):
        for item in one:
            patterns.setdefault(item, []).append(number)
    best: dict[tuple[int, ...], Item] = {}
    for item, pattern in patterns.items():
        key = tuple(pattern)
        if key not in best or weights[item] < weights[best[key]]:
            best[key] = item
    return set(best.values())


class _Search(Generic[Item]):
    """Depth first, over the items of the smallest set that is not hit yet, the lightest for what they hit first."""

    def __init__(self, sets: Sequence[frozenset[Item]], weights: Mapping[Item, float]) -> None:
        self.weights = weights
        self.sets = sets
        self.best: list[Item] = self._greedy()
        self.least = sum(weights[item] for item in self.best)
        self.steps = _STEPS

    def run(self) -> bool:
        """Whether the search came to an end: then `best` is the best."""
        self._branch([], 0.0, list(self.sets), frozenset())
        return self.steps > 0

    def _greedy(self) -> list[Item]:
        chosen: list[Item] = []
        left = list(self.sets)
        while left:
            counts: dict[Item, int] = {}
            for one in left:
                for item in one:
                    counts[item] = counts.get(item, 0) + 1
            item = min(counts, key=lambda item: (self.weights[item] / counts[item], -counts[item]))
            chosen.append(item)
            left = [one for one in left if item not in one]
        return chosen

    def _branch(self, chosen: list[Item], weight: float, left: list[frozenset[Item]], barred: frozenset[Item]) -> None:
        self.steps -= 1
        if self.steps <= 0:
            return
        if not left:
            if weight < self.least:
                self.best, self.least = chosen, weight
            return
        if weight + self._bound(left) >= self.least:
            return
        smallest = min(left, key=len)
        counts = {item: sum(item in one for one in left) for item in smallest}
        for item in sorted(smallest, key=lambda item: self.weights[item] / counts[item]):
            rest = [one - barred for one in left if item not in one]
            if all(rest):
                self._branch([*chosen, item], weight + self.weights[item], rest, barred)
            barred |= {item}

    def _bound(self, left: Sequence[frozenset[Item]]) -> float:
        """Of sets that share nothing each costs as much as its lightest item."""
        seen: set[Item] = set()
        bound = 0.0
        for one in sorted(left, key=len):
            if seen.isdisjoint(one):
                seen |= one
                bound += min(self.weights[item] for item in one)
        return bound


def _by_programme(
    sets: Sequence[frozenset[Item]], weights: Mapping[Item, float], start: Sequence[Item]
) -> tuple[list[Item], bool]:
    from xltool.equations.linear_programme import NOT_NEGATIVE, Constraint, whole_minimum

    items = list(dict.fromkeys(item for one in sets for item in one))
    numbers = {item: i for i, item in enumerate(items)}
    constraints = [Constraint({numbers[item]: 1.0 for item in one}, (1.0, NOT_NEGATIVE[1])) for one in sets]
    begun = [int(item in set(start)) for item in items]
    costs = [weights[item] for item in items]
    found = whole_minimum(costs, [(0, 1)] * len(items), constraints, _SECONDS, begun)
    if found.values is None:
        return list(start), False
    return [item for item, value in zip(items, found.values, strict=True) if value], found.is_proved
