"""Finds the columns of different tables that print the same amounts 科目 by 科目, from the figures of a workbook."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import combinations
from typing import NamedTuple

from xltool.drafting.equalities import funds
from xltool.drafting.spec import Agreement
from xltool.equations.rounding import judge_copy
from xltool.expression import Reference
from xltool.layout.block import BlockAt, Place
from xltool.layout.book import Book
from xltool.model import Path, Verdict
from xltool.template.names import normal
from xltool.template.spec import CODE_LEVELS, DIMENSIONS, YUAN

ENOUGH, NEARLY_ALL = 3, 5
"""A relation is sure if so many of its kind agree, and so many times as many as disagree."""

_WHOLE = re.compile(r"^(?:支出|收入|预算|金额|本年)*(?:合计|总计|小计|预算数|金额)$")
"""Headings that mean all of it: 合计 of one table is the 支出总计 of another."""


class _Column(NamedTuple):
    """An amount column of a table whose rows repeat over 科目: in 元, each as exactly as it is printed."""

    reference: Reference
    heading: str
    funds: frozenset[str]
    amounts: Mapping[str, Decimal]
    units: Mapping[str, Decimal]


def is_sure(agreeing: int, disagreeing: int) -> bool:
    """Whether what was inferred has enough to rest on, and nearly nothing against it."""
    return agreeing >= max(ENOUGH, NEARLY_ALL * disagreeing)


def agreements(book: Book) -> list[Agreement]:
    """The pairs of columns that agree, those of one heading; of many that all agree, as few as say so."""
    found: list[Agreement] = []
    for dimension in CODE_LEVELS:
        columns = [column for block in book.layout.blocks for column in _columns(book, block, dimension)]
        leader = list(range(len(columns)))
        for i, j in combinations(range(len(columns)), 2):
            one, other = columns[i], columns[j]
            if leader[i] == leader[j] or one.heading != other.heading or one.reference.table == other.reference.table:
                continue
            agreeing, disagreeing = _compared(one, other)
            if is_sure(agreeing, disagreeing):
                found.append(Agreement(dimension, one.heading, one.reference, other.reference, agreeing, disagreeing))
                leader = [leader[i] if known == leader[j] else known for known in leader]
    return found


def _columns(book: Book, block: BlockAt, dimension: str) -> Iterator[_Column]:
    """Only of a table that prints each 科目 once: not of several units."""
    patterns = [pattern for pattern in block.rows_of_pattern if pattern[-1:] == (dimension,)]
    if len(patterns) != 1 or block.table.each:
        return
    pattern = patterns[0]
    numbers = block.rows_of_pattern[pattern]
    rows = {block.rows[r].path[-1]: r for r in numbers}
    if len(rows) != len(numbers):
        return
    about = funds(block.table.title)
    scale = Decimal(YUAN[book.layout.amount_unit(block.index)])
    for c in block.block.amounts:
        places = {code: block.places[r][c] for code, r in rows.items()}
        amounts = {code: _amount(book, place) * scale for code, place in places.items()}
        units = {code: book.layout.unit(place) * scale for code, place in places.items()}
        path = block.columns[c].definition.path
        is_open = any(name in DIMENSIONS and name != dimension for name in pattern)
        yield _Column(Reference(block.table.id, pattern, path, is_open), _heading(path), about, amounts, units)


def _amount(book: Book, place: Place) -> Decimal:
    value = book.values.get(place)
    return value if isinstance(value, Decimal) else Decimal(0)


def _heading(path: Path) -> str:
    name = normal(path[-1])
    return "合计" if _WHOLE.fullmatch(name) else name


def _compared(one: _Column, other: _Column) -> tuple[int, int]:
    """For how many 科目 two columns may print the same amount, and for how many they do not; 0 in both says nothing.

    Tables about different money agree as long as all of it is of one kind. Where it is not, they have other 科目, or a
    项 differs together with its 款 and 类; a single one that differs is a mistake.
    """
    agreeing = disagreeing = 0
    may_differ = one.funds != other.funds
    for code in one.amounts.keys() | other.amounts.keys():
        left, right = one.amounts.get(code, Decimal(0)), other.amounts.get(code, Decimal(0))
        if not left and not right:
            continue
        in_both = code in one.amounts and code in other.amounts
        if may_differ and not in_both:
            return 0, 0
        fits = in_both and judge_copy(left, one.units[code], right, other.units[code])[0] is Verdict.PASS
        agreeing, disagreeing = agreeing + fits, disagreeing + (not fits)
    return (0, 0) if may_differ and disagreeing > 1 else (agreeing, disagreeing)
