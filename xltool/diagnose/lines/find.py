"""Finds the whole lines that are wrong in a checked book, and what undoing them clears."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import islice
from typing import NamedTuple

from xltool.checking.check import Checked, check
from xltool.diagnose.lines import lost, moves, order
from xltool.diagnose.lines.absent import widened
from xltool.diagnose.lines.borne_out import FEWEST, is_borne_out, is_copied
from xltool.diagnose.lines.guess import Cause, Guess
from xltool.diagnose.lines.scene import Scene
from xltool.diagnose.lines.telling import told
from xltool.diagnose.lines.trial import Trials, Undone
from xltool.equations.evaluate import Values, compute
from xltool.equations.verdicts import Outcome
from xltool.layout.block import Place
from xltool.model import Finding, member_name

_WEIGHT_OF_KNOWN, _WEIGHT_OF_ANOTHER_TABLE = 1.2, 0.8

MOST_LINES = 3
"""So many wrong lines are looked for."""

MOST_RIVALS = 2
"""So many other lines are told that may be wrong instead."""

MOST_SUSPECTS = 3_000
"""Where more cells are in failing equations, whole lines are not tried: it would take too long."""

_GUESSERS = (
    moves.other_unit,
    moves.columns_swapped,
    moves.rows_shifted,
    lost.row_lost,
    lost.row_doubled,
    lost.row_twice,
    order.rows_out_of_order,
    lost.unit_left_out,
    lost.other_figures,
)

_ROWS = (Cause.ROW_LOST, Cause.ROW_DOUBLED)
"""What may have happened to another row as well."""


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
    changed: set[Place] = set()
    while checked.judged.failing or checked.blank:
        found = _wrong_line(checked) if len(findings) < MOST_LINES else None
        if found is None or not changed.isdisjoint(found.undone.guess.changes):
            break  # what was put right once is not put back
        changed.update(found.undone.guess.changes)
        findings.append(_told(found))
        checked = _without(found.checked, found.undone)
        doubted |= found.undone.guess.unknown
    return Corrected(checked, findings, doubted)


def _without(checked: Checked, undone: Undone) -> Checked:
    """The book checked again with what its cells should hold; equations of cells that nobody knows say nothing."""
    values: Values = {**checked.book.values, **undone.values}
    compute(values, checked.book.live)
    known: Values = {place: value for place, value in values.items() if value is not None}
    again = check(replace(checked.book, values=known))
    cleared = {id(outcome.equation) for outcome in undone.cleared}
    failing = [outcome for outcome in again.judged.failing if id(outcome.equation) not in cleared]
    gone = undone.guess.unknown
    failing = [outcome for outcome in failing if _is_clear_of(checked, outcome, gone)]
    others = [(outcome, reason) for outcome, reason in again.judged.others if _is_clear_of(checked, outcome, gone)]
    blank = {place: value for place, value in again.blank.items() if place not in undone.guess.unknown}
    own = {checked.book.layout.cell(place) for place in (*undone.guess.changes, *undone.guess.unknown)}
    known_before = {(remark.rule, remark.key or remark.cell) for remark in checked.remarks if remark.cell not in own}
    remarks = [r for r in again.remarks if (r.rule, r.key or r.cell) in known_before and (not r.cell or r.cell.row)]
    judged = again.judged._replace(failing=failing, others=others)
    return again._replace(noticed=checked.noticed, remarks=remarks, judged=judged, blank=blank)


class _Found(NamedTuple):
    """A wrong line, and the checked book in which it was found: that as it is, or with a row that it lacks.

    `rivals` are other lines of which one may be wrong instead: they explain the same.
    """

    checked: Checked
    undone: Undone
    rivals: tuple[_Found, ...] = ()


def _told(found: _Found) -> Finding:
    """The finding, with what may have happened instead."""
    finding = told(found.checked, found.undone)
    others = [told(rival.checked, rival.undone) for rival in found.rivals]
    explanations = (*finding.explanations, *(explanation for other in others for explanation in other.explanations))
    notes = (*finding.notes, *(f"也可能是另一处：{other.statement}" for other in others))
    return finding._replace(notes=notes, explanations=explanations)


def _rivals(best: _Found, likely: Sequence[_Found]) -> Iterator[_Found]:
    """Rows left out or filled in twice that explain just what the likeliest one does, if nothing tells which it is:
    what happened otherwise before where it happened otherwise."""
    own, seen = best.undone.guess, [best.undone.guess.rows]
    alike = (one for one in likely if one.undone.guess.cause in _ROWS and one.undone.guess.block == own.block)
    same = [one for one in alike if _explained(one.undone) == _explained(best.undone)]
    for one in sorted(same, key=lambda one: one.undone.guess.cause is own.cause):
        if one.undone.guess.rows not in seen and _is_certain(one) == _is_certain(best):
            seen.append(one.undone.guess.rows)
            yield one


def _is_certain(found: _Found) -> bool:
    """Whether more than what it explains shows it: figures that are the same in two rows by no chance."""
    return found.undone.guess.cause is Cause.ROW_DOUBLED and is_copied(found.checked, found.undone.guess)


def _explained(undone: Undone) -> set[tuple[str, Decimal, Decimal]]:
    """What a guess explains, whichever rows the book has."""
    return {(o.equation.rule, o.left, o.right) for o in (*undone.cleared, *undone.eased)}


def _is_clear_of(checked: Checked, outcome: Outcome, places: Collection[Place]) -> bool:
    """Whether no figure of an equation comes from some places."""
    return checked.nets.typed_cells(outcome.equation.terms).isdisjoint(places)


def _wrong_line(checked: Checked) -> _Found | None:
    """The likeliest whole line that is wrong: undoing it clears most failures, knows most, and changes fewest cells."""
    trials = Trials(checked)
    tried = (undone for scene in _scenes(checked, trials) for undone in _tried(trials, scene))
    likely = [_Found(checked, undone) for undone in tried if is_borne_out(checked, trials, undone)]
    likely += _lacking_rows(checked)
    best = min(likely, key=lambda one: _rank(one.undone), default=None)
    if best is None or best.undone.guess.cause not in _ROWS:
        return best
    return best._replace(rivals=tuple(islice(_rivals(best, likely), MOST_RIVALS)))


def _lacking_rows(checked: Checked) -> Iterator[_Found]:
    """Rows that a table lacks and that should be there, as the book shows that is checked with each of them."""
    for wide in widened(checked):
        block = wide.checked.book.layout.blocks[wide.block]
        typed = frozenset(
            p for p in block.places[wide.row] if p.column in block.block.amounts and p not in wide.checked.book.live
        )
        trials = Trials(wide.checked)
        undone = trials.undone(Guess(Cause.ROW_LOST, wide.block, {}, typed, rows=(wide.row,)))
        if undone and is_borne_out(wide.checked, trials, undone):
            yield _Found(wide.checked, undone)


def _rank(undone: Undone) -> tuple[float, int, int]:
    """The likeliest first. What says of every cell what belongs there need not explain quite as much as what leaves it
    open, and another table, which explains whatever fails in it, must explain a good deal more."""
    guess, explained = undone.guess, len(undone.cleared) + len(undone.eased)
    weight = _WEIGHT_OF_ANOTHER_TABLE if guess.cause is Cause.OTHER_FIGURES else 1
    weight = weight if guess.unknown else _WEIGHT_OF_KNOWN
    return -weight * explained, len(guess.unknown), len(guess.changes)


def _scenes(checked: Checked, trials: Trials) -> Iterator[Scene]:
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
            at = checked.book.layout.blocks[block]
            if failures[block] >= FEWEST or any(member_name(row.path[-1]) != row.path[-1] for row in at.rows):
                yield Scene(checked, trials, at, suspects[block])


def _tried(trials: Trials, scene: Scene) -> Iterator[Undone]:
    for guesser in _GUESSERS:
        for guess in guesser(scene):
            undone = trials.undone(guess)
            if undone is not None:
                yield undone
