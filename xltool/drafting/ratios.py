"""Finds the columns of percentages that print one amount column as a share of another, from the figures alone."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations

from xltool.checking.predicates.printed_rates import hidden_at, printed_unit
from xltool.checking.predicates.records import figure
from xltool.drafting.agreements import is_sure
from xltool.drafting.spec import Ratio
from xltool.equations.rounding.intervals import is_possible, quotient
from xltool.layout.block import BlockAt
from xltool.layout.book import Book

_MOST_COLUMNS = 30
"""Of a block with more amount columns, pairs of the first ones are tried."""


def ratios(book: Book) -> Iterator[Ratio]:
    """For each column of percentages the pair of amount columns that it agrees with in most rows, if it does."""
    for block in book.layout.blocks:
        columns = block.block.columns
        for c, column in enumerate(columns):
            if column.kind == "percent" and (found := _best(book, block, c)) is not None:
                yield found


def _best(book: Book, block: BlockAt, rate: int) -> Ratio | None:
    paths = [column.path for column in block.block.columns]
    found = []
    for part, whole in permutations(block.block.amounts[:_MOST_COLUMNS], 2):
        agreeing, disagreeing = _compared(book, block, rate, part, whole)
        if is_sure(agreeing, disagreeing):
            found.append(Ratio(block.table.id, (paths[rate], paths[part], paths[whole]), agreeing, disagreeing))
    return max(found, key=lambda ratio: ratio.agreeing - ratio.disagreeing, default=None)


def _compared(book: Book, block: BlockAt, rate: int, part: int, whole: int) -> tuple[int, int]:
    agreeing = disagreeing = 0
    for places in block.places:
        printed = figure(book, places[rate])
        if printed is None or not figure(book, places[part]) or not figure(book, places[whole]):
            continue
        hidden = quotient(hidden_at(book, places[part]), hidden_at(book, places[whole]))
        fits = hidden is not None and is_possible(printed, printed_unit(book, places[rate]), hidden)
        agreeing, disagreeing = agreeing + fits, disagreeing + (not fits)
    return agreeing, disagreeing
