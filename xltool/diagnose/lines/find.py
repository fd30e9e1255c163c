"""Finds the whole lines that are wrong in a checked book, and what undoing them clears."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import chain
from typing import NamedTuple

from xltool.checking.check import Checked, check
from xltool.diagnose.lines import lost, moves, order
from xltool.diagnose.lines.guess import Cause, Guess
from xltool.diagnose.lines.scene import Scene
from xltool.diagnose.lines.telling import told
from xltool.diagnose.lines.trial import Trials, Undone
from xltool.equations.evaluate import Values, compute
from xltool.equations.verdicts import Outcome
from xltool.layout.block import Place
from xltool.model import Finding, Value

FEWEST = 2
"""So many equations fail at least where a whole line is wrong."""

MOST_LINES = 3
"""So many wrong lines are looked for."""

MOST_COMPARED = 12
"""So many equations that a whole line clears are looked at for a smaller cause."""

MOST_SUSPECTS = 3_000
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
    """A checked book without its wrong lines, and what was said of each of them.

    `doubted` are cells of which it is not known exactly what belongs in them.
    """

    checked: Checked
    findings: list[Finding]
    doubted: frozenset[Place]


def corrected(checked: Checked) -> Corrected:
    """Undo the whole lines that are wrong, one after the other, and check what is left."""
    findings: list[Finding] = []
    doubted: frozenset[Place] = frozenset()
    while len(findings) < MOST_LINES and (undone := _wrong_line(checked)) is not None:
        findings.append(told(checked, undone))
        checked = _without(checked, undone)
        doubted |= undone.guess.unknown
    return Corrected(checked, findings, doubted)


def _without(checked: Checked, undone: Undone) -> Checked:
    """The book checked again with what its cells should hold; equations of cells that nobody knows say nothing."""
    values: Values = {**checked.book.values, **undone.values}
    compute(values, checked.book.live)
    known: Values = {place: value for place, value in values.items() if value is not None}
    again = check(replace(checked.book, values=known))
    cleared = {id(outcome.equation) for outcome in undone.cleared}
    failing = [outcome for outcome in again.judged.failing if id(outcome.equation) not in cleared]
    known_before = {(remark.rule, remark.key or remark.cell) for remark in checked.remarks}
    remarks = [remark for remark in again.remarks if (remark.rule, remark.key or remark.cell) in known_before]
    return again._replace(noticed=checked.noticed, remarks=remarks, judged=again.judged._replace(failing=failing))


def _wrong_line(checked: Checked) -> Undone | None:
    """The likeliest whole line that is wrong: undoing it clears most failures, knows most, and changes fewest cells."""
    if len(checked.judged.failing) + len(checked.blank) < FEWEST:
        return None
    trials = Trials(checked)
    found = [undone for scene in _scenes(checked) for undone in _tried(trials, scene)]
    likely = [undone for undone in found if _equalities(checked, undone) and not _is_small(checked, trials, undone)]
    return min(likely, key=_rank, default=None)


def _equalities(checked: Checked, undone: Undone) -> list[Outcome]:
    """The equalities that it clears, if they are enough: as many as there are cells that should hold something else.

    An inequality says little of what should stand somewhere.
    """
    found = [outcome for outcome in undone.cleared if not outcome.equation.is_inequality]
    cause = undone.guess.cause
    is_weak = cause in (Cause.ROW_LOST, Cause.ROW_DOUBLED) and not 2 <= len(undone.found) <= len(found)
    is_weak = is_weak or (cause is Cause.ROW_LOST and len(undone.found) == len(found))
    is_no_shift = cause is Cause.ROWS_SHIFTED and len(undone.guess.rows) == 2 and not undone.found
    is_not_all = cause is Cause.OTHER_FIGURES and not lost.are_others(undone, len(checked.judged.failing))
    is_little = len(found if undone.guess.unknown else undone.cleared) < FEWEST
    return [] if is_weak or is_no_shift or is_not_all or is_little else found


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


def _is_small(checked: Checked, trials: Trials, undone: Undone) -> bool:
    """Whether something smaller explains nearly as much: part of the guess, totals that are only blank, one figure, two
    that were swapped."""
    tried = (trials.undone(guess) for guess in _smaller(checked, undone))
    return any(one is not None and 5 * len(one.cleared) >= 4 * len(undone.cleared) for one in tried)


def _smaller(checked: Checked, undone: Undone) -> Iterator[Guess]:
    guess = undone.guess
    if guess.cause is Cause.OTHER_UNIT:  # whatever is small enough may as well be nothing
        yield guess._replace(changes=dict.fromkeys(guess.changes))
        return
    if guess.changes and guess.unknown:
        yield guess._replace(changes={})
    if guess.cause is Cause.UNIT_LEFT_OUT:
        yield guess._replace(unknown=frozenset(place for place in guess.unknown if place.row not in guess.rows))
    filled: dict[Place, Value] = {place: value for place, value in checked.blank.items() if place.block == guess.block}
    if filled:
        yield guess._replace(changes=filled, unknown=frozenset())
    for right in chain(_one_cell(checked, _equalities(checked, undone)), _one_pair(checked, undone)):
        yield guess._replace(changes=right, unknown=frozenset())


def _one_cell(checked: Checked, equalities: list[Outcome]) -> Iterator[dict[Place, Value]]:
    """Each typed cell of all these equations, with what one of them says that it should hold."""
    nets = [checked.nets.of(outcome.equation) for outcome in equalities]
    for cell in set.intersection(*map(set, nets)):
        value = checked.book.values.get(cell)
        typed = value if isinstance(value, Decimal) else Decimal(0)
        for right in {typed - o.difference / net[cell] for o, net in zip(equalities, nets, strict=True)}:
            yield {cell: right}


def _one_pair(checked: Checked, undone: Undone) -> Iterator[dict[Place, Value]]:
    """Each two typed cells side by side in what it clears, with what stands in the other one."""
    values, cells = checked.book.values, set[Place]()
    for outcome in undone.cleared[:MOST_COMPARED]:
        cells.update(checked.nets.of(outcome.equation))
    for cell in sorted(cells):
        for beside in (cell._replace(column=cell.column + 1), cell._replace(row=cell.row + 1)):
            if beside not in checked.book.live and values.get(cell) and values.get(beside) not in (None, values[cell]):
                yield {cell: values.get(beside), beside: values.get(cell)}
