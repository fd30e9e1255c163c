"""Cases of the judge: which mistakes are put into which budget, and how each was told."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from random import Random
from typing import NamedTuple

from benchmarks.judge.budgets import Kind, budget
from benchmarks.judge.expected import Expected, with_changes
from benchmarks.judge.knowable import is_known
from benchmarks.judge.lines import Harmed, Line, Spot, lines, spots
from benchmarks.judge.making import Changes, Slip, blank, filled, slips
from benchmarks.judge.outcome import Outcome, caused, complaints, outcome, seeded
from xltool.layout.block import Place
from xltool.layout.book import Book
from xltool.model import Finding

BUDGETS = 6
"""So many made-up budgets of a kind there are for each seed."""

MOST_FINDINGS = 2
"""A whole line is told in so many findings."""

_TRIES = 400
_LINE_TRIES = 40


class Case(NamedTuple):
    """One case: mistakes of `slip` ("" for any) in a budget of a kind, drawn with a seed and a number."""

    kind: Kind
    slip: str
    mistakes: int
    seed: int
    number: int

    def __str__(self) -> str:
        return f"{'/'.join(self.kind)} {self.slip or 'any'}x{self.mistakes} {self.seed}.{self.number}"


class Judged(NamedTuple):
    """A case with what was changed, in words, and how it was told."""

    case: Case
    changed: tuple[str, ...]
    outcome: Outcome


class Told(NamedTuple):
    """How a whole line that is wrong was told: with its cause in its table, and in how many findings.

    `dropped` is how many lines that cannot be known (see knowable.py) were drawn before it.
    """

    case: Case
    dropped: int
    is_known: bool = False
    has_cause: bool = False
    findings: tuple[Finding, ...] = ()

    @property
    def is_told(self) -> bool:
        """Whether a reader knows what to do."""
        return self.has_cause and len(self.findings) <= MOST_FINDINGS


class _Unharmed(NamedTuple):
    book: Book
    expected: Expected
    complaints: list[Finding]
    filled: list[Place]
    blank: list[Place]


@lru_cache(maxsize=64)
def _unharmed(kind: Kind, seed: str) -> _Unharmed:
    book = budget(kind, seed)
    return _Unharmed(book, Expected(book), complaints(book), filled(book), blank(book))


def judged(case: Case) -> Judged | None:
    """The case tried; None if no such mistake can be made in its budget so that an equation must notice it."""
    chance = Random(str(case))
    unharmed = _unharmed(case.kind, f"{case.seed}.{case.number % BUDGETS}")
    changes: Changes = {}
    for _ in range(case.mistakes):
        slip = slips()[case.slip or chance.choice(list(slips()))]
        changes |= _drawn(unharmed, slip, chance, changes)
    if not changes:
        return None
    cells = seeded(unharmed.book, changes)
    harmed = with_changes(unharmed.book, changes)
    return Judged(
        case, tuple(_words(unharmed.book, changes)), outcome(harmed, unharmed.complaints, cells, case.mistakes)
    )


def told(case: Case) -> Told:
    """A whole line put wrong; `is_known` is False if none that can be known was drawn in its budget."""
    chance, seed = Random(str(case)), f"{case.seed}.{case.number % BUDGETS}"
    line, unharmed = lines()[case.slip], _unharmed(case.kind, seed)
    harmed, dropped = drawn(line, spots(case.kind, seed), unharmed.expected, chance)
    if harmed is None:
        return Told(case, dropped)
    found = caused(complaints(harmed.book), unharmed.complaints)
    return Told(case, dropped, True, any(_says(finding, line, harmed) for finding in found), tuple(found))


def drawn(line: Line, places: list[Spot], expected: Expected, chance: Random) -> tuple[Harmed | None, int]:
    """A line put wrong so that it can be known, and how many were drawn before that cannot; None if all."""
    dropped = 0
    for _ in range(_LINE_TRIES):
        harmed = line.make(chance.choice(places), chance)
        if harmed is not None and _is_filled(harmed):
            if is_known(line.known_by, harmed, expected):
                return harmed, dropped
            dropped += 1
    return None, dropped


def _is_filled(harmed: Harmed) -> bool:
    """Whether anything is typed in the sheet: where nothing is, it has not been filled in yet."""
    book = harmed.book
    places = (place for place, value in book.values.items() if isinstance(value, Decimal) and value)
    return any(book.layout.blocks[p.block].sheet == harmed.sheet and p not in book.live for p in places)


def _says(finding: Finding, line: Line, harmed: Harmed) -> bool:
    """Whether a finding says with certainty what happened to a line of a sheet, though it may leave open to which."""
    causes = [*line.told, *(line.told_of_only_row if harmed.is_only_row else ())]
    is_there = finding.cell is not None and finding.cell.sheet == harmed.sheet
    return is_there and bool(finding.explanations) and all(one.slip in causes for one in finding.explanations)


def _drawn(unharmed: _Unharmed, slip: Slip, chance: Random, taken: Changes) -> Changes:
    """One more mistake that an equation must notice, in cells that are still right; {} if none is found."""
    places = unharmed.blank if slip.at_blank else unharmed.filled
    for _ in range(_TRIES if places else 0):
        place = chance.choice(places)
        changes = slip.make(unharmed.book, place, chance)
        if changes and taken.keys().isdisjoint(changes) and unharmed.expected.newly_broken_by(changes):
            return changes
    return {}


def _words(book: Book, changes: Changes) -> list[str]:
    """Each changed cell: where, what stood there, what stands there now."""
    texts = []
    for place, value in changes.items():
        cell = book.layout.cell(place)
        where = cell.in_book if cell is not None else ""
        texts.append(f"{where}{'=' if place in book.live else ''} {book.values.get(place)} -> {value}")
    return texts
