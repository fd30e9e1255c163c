"""What is not the same in two sets of facts: exact, the largest first."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from xltool.merge.compare.changes import Change, changes
from xltool.model import Value

values = st.one_of(
    st.none(), st.decimals(-(10**9), 10**9, places=6), st.sampled_from(["甲", "乙 ", " 乙", "（丙）", "(丙)"])
)
facts = st.dictionaries(st.sampled_from("abcdef"), values)


def test_figures_come_first_and_the_largest_before_the_others() -> None:
    old: dict[str, Value] = {"a": Decimal(5), "b": Decimal(100), "c": "甲", "d": Decimal(1)}
    new: dict[str, Value] = {"a": Decimal("5.000001"), "b": Decimal(40), "c": "乙", "e": Decimal(-7)}
    assert [change.key for change in changes(old, new)] == ["b", "e", "d", "a", "c"]


def test_blank_is_zero_and_full_width_is_no_change() -> None:
    assert changes({"a": None, "b": "（一）项 目"}, {"a": Decimal(0), "b": "(一)项目"}) == []


def test_a_text_in_place_of_a_figure_is_a_change() -> None:
    assert changes({"a": Decimal(2000)}, {"a": "2000万"}) == [Change("a", Decimal(2000), "2000万")]


@settings(max_examples=60, deadline=None)
@given(facts, facts)
def test_changes_back_are_the_changes_mirrored(old: dict[str, Value], new: dict[str, Value]) -> None:
    there, back = changes(old, new), changes(new, old)
    assert {(change.key, change.new, change.old) for change in back} == set(there)
    assert [abs(change.difference or 0) for change in there] == [abs(change.difference or 0) for change in back]
    assert changes(old, old) == []
