"""The exact parts of the search: figures within bounds, or the proof that there are none; the lightest hitting set."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xltool.diagnose.search import hitting
from xltool.diagnose.search.feasible import Bounded, Choice, Refuted, choose
from xltool.diagnose.search.hitting import lightest_hitting

COEFFICIENTS = st.integers(-3, 3)
ENDS = st.integers(-20, 20)


@st.composite
def systems(draw: st.DrawFn) -> tuple[list[Bounded], int]:
    unknowns = draw(st.integers(1, 3))
    sums = []
    for _ in range(draw(st.integers(1, 5))):
        factors = {i: Fraction(draw(COEFFICIENTS)) for i in range(unknowns)}
        ends = sorted((draw(ENDS), draw(ENDS)))
        low, high = (None if draw(st.booleans()) else Fraction(end, 3) for end in ends)
        sums.append(Bounded({i: factor for i, factor in factors.items() if factor}, low, high))
    return sums, unknowns


@settings(max_examples=200, deadline=None)
@given(systems())
def test_figures_are_within_all_bounds_or_multiples_of_the_sums_prove_that_none_are(
    system: tuple[list[Bounded], int],
) -> None:
    sums, unknowns = system
    outcome = choose(sums, unknowns, 1000)
    if isinstance(outcome, Choice):
        values = outcome.values
        assert values is not None
        for bounded in sums:
            total = sum((factor * values[i] for i, factor in bounded.factors.items()), Fraction(0))
            assert bounded.low is None or bounded.low <= total
            assert bounded.high is None or total <= bounded.high
    else:
        assert_proves(outcome, sums, unknowns)


def assert_proves(refuted: Refuted, sums: list[Bounded], unknowns: int) -> None:
    """The multiples cancel every unknown, and the bounds of what they multiply leave out 0."""
    for i in range(unknowns):
        assert sum((y * sums[n].factors.get(i, 0) for n, y in refuted.multiples.items()), Fraction(0)) == 0
    ends = [
        [None if end is None else y * end for end in (sums[n].low, sums[n].high)[:: 1 if y > 0 else -1]]
        for n, y in refuted.multiples.items()
        if y
    ]
    lows, highs = [low for low, _ in ends], [high for _, high in ends]
    above = None not in lows and sum(low for low in lows if low is not None) > 0
    below = None not in highs and sum(high for high in highs if high is not None) < 0
    assert above or below


SETS = st.lists(st.sets(st.integers(0, 7), min_size=1, max_size=4), min_size=1, max_size=6)


@settings(max_examples=100, deadline=None)
@given(SETS, st.lists(st.integers(1, 9), min_size=8, max_size=8))
def test_nothing_lighter_hits_all_sets(sets: list[set[int]], costs: list[int]) -> None:
    weights = {item: float(cost) for item, cost in enumerate(costs)}
    chosen, is_proved, _ = lightest_hitting(sets, weights)
    assert is_proved and all(not one.isdisjoint(chosen) for one in sets)
    choices = (set(some) for size in range(9) for some in combinations(range(8), size))
    hitting_all = (some for some in choices if all(not one.isdisjoint(some) for one in sets))
    assert sum(weights[item] for item in chosen) == min(sum(weights[i] for i in some) for some in hitting_all)


def test_what_is_too_long_to_search_is_left_to_the_solver(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hitting, "_STEPS", 1)
    sets = [{i, j} for i in range(8) for j in range(8) if i < j]
    chosen, is_proved, is_hard = lightest_hitting(sets, {i: 1.0 + i / 100 for i in range(8)})
    assert (sorted(chosen), is_proved, is_hard) == (list(range(7)), True, True)
