"""Finds the whole lines that are wrong in a checked book, and what undoing them clears."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from xltool.checking.check import Checked, check
from xltool.diagnose.lines import lost, moves, order
from xltool.diagnose.lines.guess import Cause
from xltool.diagnose.lines.scene import Scene
from xltool.diagnose.lines.telling import told
from xltool.diagnose.lines.trial import Trials, Undone
from xltool.equations.evaluate import Values, compute
from xltool.equations.verdicts import Outcome
from xltool.layout.block import Place
from xltool.model import Finding

FEWEST = 2
"""So many equations fail at least where a whole line is wrong."""

MOST_LINES = 3
"""So many wrong lines are looked for."""

MOST_SUSPECTS = 20_000
"""Where more cells are in failing equations, whole lines are not tried: it would take too long."""

_GUESSERS = (
    moves.other_unit,
    moves.columns_swapped,
    moves.rows_shifted,
    lost.row_lost,
    lost.row_doubled,
    order.rows_out_of_order,
    lost.unit_left_out,
    lost.other_figures,
)


class Corrected(NamedTuple):
    """A checked book without its wrong lines, and what was said of each of them."""

    checked: Checked
    findings: list[Finding]


def corrected(checked: Checked) -> Corrected:
    """Undo the whole lines that are wrong, one after the other, and check what is left."""
    findings: list[Finding] = []
    while len(findings) < MOST_LINES and (undone := _wrong_line(checked)) is not None:
        findings.append(told(checked, undone))
        checked = _without(checked, undone)
    return Corrected(checked, findings)


def _without(checked: Checked, undone: Undone) -> Checked:
    """The book checked again with what its cells should hold; equations of cells that nobody knows say nothing."""
    values: Values = {**checked.book.values, **undone.values}
    compute(values, checked.book.live)
    known: Values = {place: value for place, value in values.items() if value is not None}
    again = check(replace(checked.book, values=known))
    cleared = {id(outcome.equation) for outcome in undone.cleared}
    failing = [outcome for outcome in again.judged.failing if id(outcome.equation) not in cleared]
    return again._replace(noticed=checked.noticed, judged=again.judged._replace(failing=failing))


def _wrong_line(checked: Checked) -> Undone | None:
    """The likeliest whole line that is wrong: undoing it clears most failures, knows most, and changes fewest cells."""
    if len(checked.judged.failing) + len(checked.blank) < FEWEST:
        return None
    trials = Trials(checked)
    found = [undone for scene in _scenes(checked) for undone in _tried(trials, scene)]
    likely = [undone for undone in found if _equalities(undone) and not _is_one_cell(checked, trials, undone)]
    return min(likely, key=_rank, default=None)


def _equalities(undone: Undone) -> list[Outcome]:
    """The equalities that it clears, if they are enough: as many as there are cells that should hold something else.

    An inequality says little of what should stand somewhere.
    """
    found = [outcome for outcome in undone.cleared if not outcome.equation.is_inequality]
    cause = undone.guess.cause
    is_weak = cause in (Cause.ROW_LOST, Cause.ROW_DOUBLED) and len(undone.found) > len(found)
    is_no_shift = cause is Cause.ROWS_SHIFTED and len(undone.guess.rows) == 2 and not undone.found
    is_not_all = cause is Cause.OTHER_FIGURES and not lost.are_others(undone)
    return [] if is_weak or is_no_shift or is_not_all or len(found) < FEWEST else found


def _rank(undone: Undone) -> tuple[int, int, int]:
    guess = undone.guess
    return -len(undone.cleared), len(guess.unknown), len(guess.changes)


def _scenes(checked: Checked) -> Iterator[Scene]:
    """The blocks with a typed cell of several failing equations."""
    failures: dict[int, int] = {}
    suspects: dict[int, set[Place]] = {}
    for outcome in checked.judged.failing:
        cells = checked.nets.typed_cells(outcome.equation.terms)
        for cell in cells:
            suspects.setdefault(cell.block, set()).add(cell)
        for block in {cell.block for cell in cells}:
            failures[block] = failures.get(block, 0) + 1
    for place in checked.blank:
        suspects.setdefault(place.block, set()).add(place)
        failures[place.block] = failures.get(place.block, 0) + 1
    if sum(map(len, suspects.values())) <= MOST_SUSPECTS:
        for block in sorted(failures):
            if failures[block] >= FEWEST:
                yield Scene(checked, checked.book.layout.blocks[block], suspects[block])


def _tried(trials: Trials, scene: Scene) -> Iterator[Undone]:
    for guesser in _GUESSERS:
        for guess in guesser(scene):
            undone = trials.undone(guess)
            if undone is not None:
                yield undone


def _is_one_cell(checked: Checked, trials: Trials, undone: Undone) -> bool:
    """Whether one other figure would explain as much of a line of which nobody knows what belongs in it."""
    equalities = _equalities(undone)
    if not undone.guess.unknown:
        return False
    nets = [checked.nets.of(outcome.equation) for outcome in equalities]
    for cell in set.intersection(*map(set, nets)):
        value = checked.book.values.get(cell)
        typed = value if isinstance(value, Decimal) else Decimal(0)
        for right in {typed - o.difference / net[cell] for o, net in zip(equalities, nets, strict=True)}:
            one = trials.undone(undone.guess._replace(changes={cell: right}, unknown=frozenset()))
            if one is not None and len(one.cleared) >= len(undone.cleared):
                return True
    return False
