"""Wrong figures in the published budgets: every way the judge knows to get one wrong, and what the check says of it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import NamedTuple

import xltool
from benchmarks.judge.expected import Expected, with_changes
from benchmarks.judge.making import Changes, amount, slips
from tests.budgets import filled
from xltool.diagnose.report import check
from xltool.layout.block import Place
from xltool.layout.book import Book
from xltool.model import Finding, Severity


class Change(NamedTuple):
    """One mistake: where, of what kind, what stood there, and what stands there (and in a cell swapped with it) now."""

    place: Place
    slip: str
    before: Decimal
    values: Changes


@cache
def sample(name: str) -> Book:
    """A published budget as it is read from its workbook."""
    with TemporaryDirectory() as folder:
        return xltool.read(filled(name, Path(folder)))


@cache
def expected(name: str) -> Expected:
    """Which equations of it must notice what, worked out without the check."""
    return Expected(sample(name))


def amounts(book: Book) -> list[Place]:
    """Where a figure stands, be it 0."""
    return [
        place
        for place, value in book.values.items()
        if isinstance(value, Decimal) and place.column in book.layout.blocks[place.block].block.amounts
    ]


def complaints(book: Book) -> dict[tuple[object, ...], Finding]:
    """Errors and warnings; the same finding has the same key in another book of the layout."""
    return {
        (f.rule, f.cell, f.left, f.right, f.message): f
        for f in check(book).findings
        if f.severity is not Severity.REMARK
    }


def equal_suspects(name: str, change: Change) -> set[Place]:
    """The typed cells of which a change would break the same equations."""
    known = Expected(with_changes(sample(name), change.values))
    return set.intersection(*(set(known.weights(e)) for e in expected(name).broken_by(change.values)))


def wrong_figures(name: str, random: Random) -> Iterator[Change]:
    """Every amount of a budget, wrong in each of the ways people get it wrong; but a last digit may be rounding."""
    book = sample(name)
    for place in amounts(book):
        for slip in slips().values():
            values = slip.make(book, place, random) if slip.id != "last_digit" else {}
            if any(value != book.values.get(cell) for cell, value in values.items()):
                yield Change(place, slip.id, amount(book, place), values)


@cache
def complaints_before(name: str) -> dict[tuple[object, ...], Finding]:
    """What the check says of the budget as it was published."""
    return complaints(sample(name))


def new_complaints(name: str, change: Change) -> list[Finding]:
    """What the check says only because of a mistake."""
    now = complaints(with_changes(sample(name), change.values))
    return [finding for key, finding in now.items() if key not in complaints_before(name)]
