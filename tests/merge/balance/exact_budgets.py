"""Budgets in which every figure agrees to the last 分, as workbooks in 元 or in 万元 with six decimals."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

from hypothesis import strategies as st

import xltool
from made_up.flows import DECIMALS, FLOWS, facts_of
from tests.budgets import template
from xltool.equations.filling import fill
from xltool.layout.book import Book
from xltool.model import FactKey, Finding, Value
from xltool.template.spec import YUAN

Sums = Iterable[tuple[int, int]]
"""The number of a flow, and how many 分 it is."""

_FEN = {"元": -2, "万元": -6}


def sums_of(name: str) -> st.SearchStrategy[list[tuple[int, int]]]:
    """From a few 分 to 10¹¹ 元."""
    amount = st.one_of(st.integers(1, 10**4), st.integers(1, 10**8), st.integers(10**12, 10**13))
    return st.lists(st.tuples(st.integers(0, len(FLOWS[name]) - 1), amount), min_size=1, max_size=30)


def facts(name: str, sums: Sums, amount_unit: str = "元") -> dict[FactKey, Value]:
    power = _FEN[amount_unit] + DECIMALS[name]
    return {
        key: value.scaleb(power) if isinstance(value, Decimal) else value for key, value in facts_of(name, sums).items()
    }


def book(name: str, sums: Sums, amount_unit: str = "元") -> Book:
    filled = fill(template(name), facts(name, sums, amount_unit), "某部门", template(name).year, amount_unit)
    return Book(filled.layout, dict(filled.values), live=filled.live, is_ours=True)


def workbook(name: str, path: Path, amount_unit: str = "元") -> Path:
    """One with every flow, none of which is a round sum."""
    sums = [(number, 123_456_789 + 7_654_321 * number) for number in range(len(FLOWS[name]))]
    xltool.fill(name, facts(name, sums, amount_unit), path, unit="某部门", amount_unit=amount_unit)
    return path


def about_amounts(findings: Iterable[Finding]) -> list[str]:
    """What is found of equations, rounding included."""
    return [finding.message for finding in findings if finding.difference is not None]


def yuan(book: Book) -> dict[FactKey, Decimal]:
    """Every amount in 元."""
    layout = book.layout
    found: dict[FactKey, Decimal] = {}
    for place, value in book.values.items():
        if layout.kind(place) == "amount" and isinstance(value, Decimal):
            found[layout.key(place)] = value * YUAN[layout.amount_unit(place.block)]
    return found
