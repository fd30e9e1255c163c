"""Cases of the judge: which mistakes are put into which budget, and how each was told."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from random import Random
from typing import NamedTuple

from benchmarks.judge.budgets import Kind, budget
from benchmarks.judge.expected import Expected, with_changes
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
    """How a whole line that is wrong was told: with its cause in its table, and in how many findings."""

    case: Case
    has_cause: bool
    findings: tuple[Finding, ...]

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


def told(case: Case) -> Told | None:
    """A whole line put wrong; None if that cannot happen in its budget so that equations must notice it."""
    chance, seed = Random(str(case)), f"{case.seed}.{case.number % BUDGETS}"
    line, unharmed = lines()[case.slip], _unharmed(case.kind, seed)
    harmed = drawn(line, spots(case.kind, seed), unharmed.expected, chance)
    if harmed is None:
        return None
    found = caused(complaints(harmed.book), unharmed.complaints)
    return Told(case, any(_says(finding, line, harmed.sheet) for finding in found), tuple(found))


def drawn(line: Line, places: list[Spot], expected: Expected, chance: Random) -> Harmed | None:
    """A line put wrong so that equations must notice more than one figure: one alone would be a slip of a figure."""
    for _ in range(_LINE_TRIES):
        harmed = line.make(chance.choice(places), chance)
        is_known = harmed is not None and (not harmed.changes or expected.is_of_a_line(harmed.changes))
        if harmed is not None and is_known and _is_filled(harmed):
            return harmed
    return None


def _is_filled(harmed: Harmed) -> bool:
    """Whether anything is typed in the sheet: where nothing is, it has not been filled in yet."""
    book = harmed.book
    places = (place for place, value in book.values.items() if isinstance(value, Decimal) and value)
    return any(book.layout.blocks[p.block].sheet == harmed.sheet and p not in book.live for p in places)


def _says(finding: Finding, line: Line, sheet: str) -> bool:
    """Whether a finding says with certainty what happened to a line of a sheet."""
    is_there = finding.cell is not None and finding.cell.sheet == sheet
    return is_there and len(finding.explanations) == 1 and finding.explanations[0].slip in line.told


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
