"""Balanced rounding: everything that held of the exact amounts holds of the rounded ones, and nothing went too far."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from itertools import islice, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from made_up import many
from made_up.figures import agreeing
from made_up.flows import FLOWS
from tests import ROOT
from tests.budgets import BUDGETS, PINGSHAN, QINGLONG, SELFEVAL
from tests.merge.balance.exact_budgets import about_amounts, book, sums_of, yuan
from xltool.diagnose.report import check
from xltool.equations.evaluate import compute
from xltool.equations.filling import Filled, filled
from xltool.equations.instances import all_equations, formulas
from xltool.layout.block import Place
from xltool.layout.book import Book
from xltool.layout.layout import Layout
from xltool.layout.outline import default_outline
from xltool.layout.plan import plan
from xltool.library import load_template
from xltool.merge.balance.balance import balanced
from xltool.merge.balance.converting import converted
from xltool.model import Value
from xltool.template.spec import YUAN

ONE = Decimal(1)
TARGETS = [("万元", None), ("万元", 0), ("万元", 1), ("万元", 2), ("元", 0)]


@pytest.mark.parametrize("name", BUDGETS)
@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_an_exact_budget_has_no_tail_afterwards(name: str, data: st.DataObject) -> None:
    exact = book(name, data.draw(sums_of(name)), data.draw(st.sampled_from(["元", "万元"])))
    amount_unit, decimals = data.draw(st.sampled_from(TARGETS))
    result = balanced(converted(exact, amount_unit, decimals))
    assert about_amounts(check(result.filled.book).findings) == []
    before, after = yuan(exact), yuan(result.filled.book)
    for key, amount in before.items():
        place = result.filled.layout.place(key)
        assert place is not None
        assert after[key] * amount >= 0
        assert abs(after[key] - amount) < _largest_unit(result.filled.layout)
        assert (after[key] == amount) or amount
    assert all(_is_printed_whole(result.filled.layout, place, value) for place, value in result.filled.values.items())
    assert result.is_proved


@pytest.mark.parametrize("number", range(5))
def test_workbooks_of_all_sorts_of_units_and_projects_can_be_balanced(number: int) -> None:
    """Every rule of the format holds of them, the inequalities too."""
    made_up = many.budget(many.WRONG + number)
    outline = made_up.layout.outline._replace(amount_unit="元")
    facts = {
        made_up.layout.key(place): value * 7919 if isinstance(value, Decimal) else value
        for place, value in made_up.values.items()
    }
    exact = filled(plan(made_up.layout.template, outline), facts)
    for decimals in (None, 0):
        result = balanced(converted(_book(exact), "万元", decimals))
        assert result.changes or not decimals
        assert about_amounts(check(result.filled.book).findings) == []


@pytest.mark.parametrize("amount_unit", ["元", "万元"])
def test_a_table_whose_unit_the_format_fixes_keeps_it_and_agrees(amount_unit: str) -> None:
    """Everything is in 元 but 三公经费, in 万元 with two decimals: what must equal it goes to hundreds of 元."""
    spec = load_template("某省某市-2025", ROOT / "tests" / "templates")
    made_up = agreeing(plan(spec, default_outline(spec)))
    facts = {
        made_up.layout.key(place): value * Decimal("1.2345") if isinstance(value, Decimal) else value
        for place, value in made_up.values.items()
    }
    result = balanced(converted(_book(filled(made_up.layout, facts)), amount_unit, None))
    layout = result.filled.layout
    assert {layout.amount_unit(block.index) for block in layout.blocks_of("三公经费表")} == {"万元"}
    assert about_amounts(check(result.filled.book).findings) == []
    assert ("支出总表" in result.coarser) == (amount_unit == "元")


def _book(filled: Filled) -> Book:
    return Book(filled.layout, filled.values, live=filled.live, is_ours=True)


def _largest_unit(layout: Layout) -> Decimal:
    """In 元, of the tables with the fewest decimals: those that must agree with them are as coarse."""
    decimals = min(layout.decimals(place) for block in layout.blocks for place in block.figures(("amount",)))
    return Decimal(YUAN[layout.outline.amount_unit]).scaleb(-decimals)


def _is_printed_whole(layout: Layout, place: Place, value: Value) -> bool:
    if not isinstance(value, Decimal) or layout.kind(place) != "amount":
        return True
    return value == value.quantize(ONE.scaleb(-layout.decimals(place)))


@settings(max_examples=15, deadline=None)
@given(amounts=st.lists(st.integers(0, 30_000), min_size=6, max_size=6), decimals=st.sampled_from([0, 1]))
def test_no_other_rounding_keeps_more_totals_or_has_fewer_or_smaller_steps(amounts: list[int], decimals: int) -> None:
    """Every other one is tried: all choices of the digit below or above in the cells that are typed in."""
    exact = converted(book(SELFEVAL, [*enumerate(amounts)]), "万元", decimals)
    best = min(_costs(exact, values) for values in _roundings(exact))
    assert _costs(exact, dict(balanced(exact).filled.values)) == best


def _roundings(exact: Filled) -> Iterator[dict[Place, Value]]:
    layout, totals = exact.layout, formulas(exact.layout)
    typed = [place for place, value in exact.values.items() if _is_amount(layout, place) and place not in totals]
    for rounding in product((ROUND_FLOOR, ROUND_CEILING), repeat=len(typed)):
        values = dict(exact.values)
        for place, way in zip(typed, rounding, strict=True):
            value = exact.values[place]
            assert isinstance(value, Decimal)
            values[place] = value.quantize(ONE.scaleb(-layout.decimals(place)), way)
        compute(values, totals)
        if all(_is_beside(exact, place, values[place]) for place in totals if exact.values.get(place) is not None):
            yield values


def _is_beside(exact: Filled, place: Place, value: Value) -> bool:
    before, unit = exact.values[place], ONE.scaleb(-exact.layout.decimals(place))
    assert isinstance(before, Decimal) and isinstance(value, Decimal)
    return value in (before.quantize(unit, ROUND_FLOOR), before.quantize(unit, ROUND_CEILING))


def _costs(exact: Filled, values: dict[Place, Value]) -> tuple[int, int, int, Decimal]:
    """Grand totals, totals and figures that are not their plain rounding, and how far all are from the exact ones."""
    layout = exact.layout
    sums = [equation for equation in all_equations(layout) if equation.structural]
    totals, parts = {equation.target for equation in sums}, {place for e in sums for _, place in e.right}
    stepped, distance = set(), Decimal(0)
    for place, value in exact.values.items():
        if isinstance(value, Decimal) and _is_amount(layout, place):
            unit, printed = ONE.scaleb(-layout.decimals(place)), values[place]
            assert isinstance(printed, Decimal)
            distance += abs(printed - value) / unit
            if printed != value.quantize(unit, ROUND_HALF_UP):
                stepped.add(place)
    return len(stepped & totals - parts), len(stepped & totals), len(stepped), distance


def _is_amount(layout: Layout, place: Place) -> bool:
    return layout.kind(place) == "amount"


def test_what_must_equal_whole_numbers_is_one_where_two_decimals_are_printed() -> None:
    """坪山 prints 三公经费 with two decimals, and the tables that it must equal with none."""
    every = [(number, 123_456_789 + number) for number in range(len(FLOWS[PINGSHAN]))]
    result = balanced(converted(book(PINGSHAN, every), "万元", None))
    printed = {
        result.filled.layout.blocks[place.block].table.id: value
        for place, value in result.filled.values.items()
        if isinstance(value, Decimal) and result.filled.layout.decimals(place) == 2
    }
    assert {"三公经费支出表", "整体支出绩效目标表"} <= printed.keys()
    assert all(value == value.to_integral_value() for value in printed.values())
    assert {"表9三公经费支出表", "表12整体支出绩效目标表"} <= result.coarser.keys()
    finer = balanced(converted(book(PINGSHAN, every), "万元", 2))
    assert finer.coarser == {}
    assert about_amounts(check(finer.filled.book).findings) == []


def test_each_adjusted_figure_says_which_total_needed_it() -> None:
    """收入总计 keeps its own rounding, one of its parts does not."""
    thirds = [(number, 333_333_00 + 100 * number) for number in range(len(FLOWS[QINGLONG]))]
    result = balanced(converted(book(QINGLONG, thirds), "万元", None))
    assert result.changes
    layout = result.filled.layout
    for change in result.changes:
        assert change.printed == result.filled.values[change.place]
        assert abs(change.printed - change.plain) == change.unit == Decimal("0.01")
        assert abs(change.printed - change.exact) < change.unit
        assert change.plain == change.exact.quantize(change.unit, ROUND_HALF_UP)
    reasons = [change.reason for change in islice(result.changes, 3)]
    assert all(reason.startswith(("若都四舍五入，", "若只有本格四舍五入，")) for reason in reasons), reasons
    adjusted = {layout.key(change.place)[:2] for change in result.changes}
    assert not adjusted & {("收支总表", ("收入总计",)), ("收支总表", ("支出总计",))}
