"""What a check made of the mistakes in a budget: what was noticed, named, proposed and accused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import xltool
from benchmarks.judge.making import Changes
from xltool.layout.book import Book
from xltool.model import CellRef, Culprit, Finding, Severity, Value

Seeded = Mapping[CellRef, Value]
"""The cells that were changed, with what stood in them before."""


class Outcome(NamedTuple):
    """How some mistakes were told.

    `is_noticed`: there is a finding that the unharmed budget has not; `is_first`: the first of them stands at a changed
    cell; `is_right`: that one says first what stood there before; `others`: how many more there are than mistakes;
    `is_one`: all changed cells are told by one finding together; `is_all_named`: each changed cell has a finding at it,
    or one that names it first; `is_all_possible`: each changed cell has at least one that names it among the cells that
    it may be; `innocent`: how many other cells have a finding at them, or are named with certainty;
    `is_wrong`: something is said with certainty that is not so: a cell named that was not changed, or a value proposed
    that did not stand there.
    """

    is_noticed: bool
    is_first: bool
    is_right: bool
    others: int
    is_one: bool
    is_all_named: bool
    is_all_possible: bool
    innocent: int
    is_wrong: bool
    findings: tuple[Finding, ...]


def complaints(book: Book) -> list[Finding]:
    """Errors and warnings, in their order."""
    return [finding for finding in xltool.check(book).findings if finding.severity is not Severity.REMARK]


def seeded(book: Book, changes: Changes) -> Seeded:
    """The changed cells of a book, with what stands in them in it."""
    cells = {place: book.layout.cell(place) for place in changes}
    return {cell: book.values.get(place) for place, cell in cells.items() if cell is not None}


def outcome(harmed: Book, before: list[Finding], cells: Seeded, mistakes: int) -> Outcome:
    """What the check says of a harmed book, beside what it said of the book `before`."""
    found = caused(complaints(harmed), before)
    first = found[0] if found else None
    at = {finding.cell for finding in found}
    named = at | {culprit.cell for finding in found for culprit in _first_culprits(finding)}
    return Outcome(
        is_noticed=bool(found),
        is_first=first is not None and first.cell in cells,
        is_right=first is not None and any(_is_right(culprit, cells) for culprit in _first_culprits(first)),
        others=max(len(found) - mistakes, 0),
        is_one=len(found) == 1 and {culprit.cell for culprit in _first_culprits(found[0])} == set(cells),
        is_all_named=named >= set(cells),
        is_all_possible=at.union(*map(_possible, found)) >= set(cells),
        innocent=len({cell for finding in found for cell in _accused(finding, cells)}),
        is_wrong=any(_is_certain(finding) and not _is_true(finding, cells) for finding in found),
        findings=tuple(found),
    )


def caused(now: list[Finding], before: list[Finding]) -> list[Finding]:
    """The findings of other facts than before; if there are none, those that say something else than before."""
    places = {(finding.rule, finding.key or finding.cell) for finding in before}
    elsewhere = [finding for finding in now if (finding.rule, finding.key or finding.cell) not in places]
    said = {(finding.rule, finding.cell, finding.message) for finding in before}
    return elsewhere or [finding for finding in now if (finding.rule, finding.cell, finding.message) not in said]


def _first_culprits(finding: Finding) -> tuple[Culprit, ...]:
    """The cells of the likeliest explanation."""
    return finding.explanations[0].culprits if finding.explanations else ()


def _possible(finding: Finding) -> set[CellRef | None]:
    """The cells of all explanations."""
    return {culprit.cell for explanation in finding.explanations for culprit in explanation.culprits}


def _is_right(culprit: Culprit, cells: Seeded) -> bool:
    """Whether a changed cell is told with what stood there: where nothing stood, 0 is as good."""
    if culprit.cell is None or culprit.cell not in cells or culprit.proposed is None:
        return False
    return culprit.proposed == (cells[culprit.cell] or 0)


def _is_certain(finding: Finding) -> bool:
    return len(finding.explanations) == 1


def _is_true(finding: Finding, cells: Seeded) -> bool:
    """Whether every cell named was changed, and every value proposed stood there."""
    culprits = _first_culprits(finding)
    return all(c.cell in cells and (c.proposed is None or _is_right(c, cells)) for c in culprits)


def _accused(finding: Finding, cells: Seeded) -> set[CellRef | None]:
    """The cells that a reader takes for wrong though they are not: none if a changed one is among the choices."""
    possible = _possible(finding)
    if len(finding.explanations) > 1 and not possible.isdisjoint(cells):
        return set()
    return ({finding.cell} | (possible if _is_certain(finding) else set())) - set(cells)
