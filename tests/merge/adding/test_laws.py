"""The laws of adding up: no order of the units, no stage in between and no earlier 汇总 changes a figure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.budgets import BUDGETS, template
from tests.merge.balance.exact_budgets import book, sums_of, yuan
from xltool.layout.book import Book
from xltool.layout.outline import match_row
from xltool.merge.adding.addition import Addition
from xltool.merge.adding.collect import collected
from xltool.model import FactKey

NAMES = ("甲局", "乙中心", "丙中心")

_TOLD_APART = re.compile(r"(（[^（）]*）|#\d+)+$")
"""What is put behind the name of a project that another unit has too."""

Amounts = Mapping[FactKey, Decimal]


def added(name: str, units: Sequence[tuple[str, Book]], amount_unit: str = "万元") -> Book:
    """The 汇总 of these units."""
    addition = Addition(template(name), "部门", template(name).year, amount_unit)
    for i, (unit, one) in enumerate(units):
        addition.add(i, unit, i, collected(one))
    filled = addition.result().filled
    return Book(filled.layout, dict(filled.values), live=filled.live, is_ours=True)


def amounts(*books: Book) -> Amounts:
    """Every amount but 0 of all these books together, in 元, whatever unit or project of the same name has it."""
    found: dict[FactKey, Decimal] = {}
    for one in books:
        for key, value in yuan(one).items():
            plain = _plain(key, one)
            found[plain] = found.get(plain, Decimal(0)) + value
    return {key: value for key, value in found.items() if value}


def _plain(key: FactKey, one: Book) -> FactKey:
    blocks = one.template.tables[key.table].blocks
    chain = next(found for block in blocks if (found := match_row(block.rows, key.row)))
    row = ["" if row.each == "unit" else _TOLD_APART.sub("", name) for row, name in zip(chain, key.row, strict=False)]
    return key._replace(row=(*row, *key.row[len(row) :]))


Units = list[tuple[str, Book]]


@st.composite
def units_of(draw: st.DrawFn, name: str) -> Units:
    """Two or three units, in 元 or in 万元 with all digits."""
    names = NAMES[: draw(st.integers(2, len(NAMES)))]
    return [(unit, book(name, draw(sums_of(name)), draw(st.sampled_from(("元", "万元"))))) for unit in names]


@pytest.mark.parametrize("name", BUDGETS)
@settings(max_examples=5, deadline=None)
@given(data=st.data())
def test_every_amount_is_the_sum_of_those_of_the_units_in_whatever_order(name: str, data: st.DataObject) -> None:
    """So a unit that is replaced changes the 汇总 by just what changed in it."""
    units = data.draw(units_of(name))
    merged = added(name, data.draw(st.permutations(units)), data.draw(st.sampled_from(("元", "万元"))))
    assert amounts(merged) == amounts(*(one for _, one in units))


@pytest.mark.parametrize("name", BUDGETS)
@settings(max_examples=5, deadline=None)
@given(data=st.data())
def test_merging_in_stages_is_merging_at_once(name: str, data: st.DataObject) -> None:
    units = data.draw(units_of(name))
    cut = data.draw(st.integers(1, len(units) - 1))
    part = added(name, units[:cut], data.draw(st.sampled_from(("元", "万元"))))
    assert amounts(added(name, [("戊处", part), *units[cut:]])) == amounts(*(one for _, one in units))


@pytest.mark.parametrize("name", BUDGETS)
@settings(max_examples=5, deadline=None)
@given(data=st.data())
def test_one_unit_by_itself_is_its_own_workbook(name: str, data: st.DataObject) -> None:
    one = book(name, data.draw(sums_of(name)), "元")
    merged = added(name, [(next(iter(one.outline.members.get("unit", ())), "某部门"), one)], "元")
    assert yuan(merged) == yuan(one)
