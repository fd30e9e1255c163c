"""Workbooks of units made of a few facts, as 往来 needs them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from tests.budgets import key, template
from xltool.equations.filling import fill
from xltool.layout.book import Book
from xltool.merge.transfers.internal import Said, internal_lines


def book(name: str, unit: str, facts: Iterable[str], amount_unit: str = "万元") -> Book:
    """A workbook of a unit in the format `name`; a fact is "table row column value"."""
    told = [fact.split(" ") for fact in facts]
    values = {key(*fact[:3]): Decimal(fact[3]) for fact in told}
    filled = fill(template(name), values, unit, template(name).year, amount_unit)
    return Book(filled.layout, dict(filled.values), live=filled.live, is_ours=True)


def said(books: Mapping[str, Book]) -> list[Said]:
    """What all of them say of 往来, by the names of their units."""
    return [Said(i, unit, line) for i, (unit, one) in enumerate(books.items()) for line in internal_lines(one)]
