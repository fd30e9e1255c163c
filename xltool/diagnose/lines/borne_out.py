"""Whether what a guess about a whole line explains is enough to tell it: more than anything smaller does."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from decimal import Decimal
from itertools import chain

from xltool.checking.check import Checked
from xltool.diagnose.lines import lost, order
from xltool.diagnose.lines.guess import Cause, Guess
from xltool.diagnose.lines.trial import Trials, Undone
from xltool.diagnose.slips import rarity
from xltool.equations.verdicts import Outcome
from xltool.layout.block import Place
from xltool.model import Severity, Value

FEWEST = 2
"""So many equations fail at least where a whole line is wrong."""

FEWEST_OTHERS = 3
"""So many figures at least, each of other cells, disagree with other tables where a table is another one."""

_RARE = 6.0
"""Bits of figures that are hardly by chance what belongs in other rows."""

_BITS_OF_A_MISTAKE = 10
"""How unlikely one more mistake is."""

MOST_COMPARED = 12
"""So many equations that a whole line clears are looked at for a smaller cause."""


def is_borne_out(checked: Checked, trials: Trials, undone: Undone) -> bool:
    """Whether what only the guess explains is enough, and nothing smaller explains it."""
    own = _left_to(checked, trials, undone)
    return _is_likely(checked, trials, own) and not _is_small(checked, trials, own)


def _left_to(checked: Checked, trials: Trials, undone: Undone) -> Undone:
    """A guess without the failures that it clears but others explain: last digits, and figures elsewhere that are
    behind failures too that the guess leaves."""
    cells = {*undone.guess.changes, *undone.guess.unknown}
    explained = {id(outcome.equation) for outcome in (*undone.cleared, *undone.eased)}
    left: dict[Place, list[Outcome]] = {}
    for outcome in checked.judged.failing:
        if id(outcome.equation) not in explained and not outcome.equation.is_inequality:
            for cell in trials.net(outcome.equation).keys() - cells:
                left.setdefault(cell, []).append(outcome)

    def is_own(outcome: Outcome) -> bool:
        net = trials.net(outcome.equation)
        others = ((cell, other) for cell in net for other in left.get(cell, ()))
        return not trials.is_of_last_digits(outcome) and not any(trials.are_alike(outcome, o, c) for c, o in others)

    return undone._replace(cleared=[*filter(is_own, undone.cleared)], eased=[*filter(is_own, undone.eased)])


def _is_likely(checked: Checked, trials: Trials, undone: Undone) -> bool:
    """Whether enough equations bear a guess out: more than are needed to find out what its cells should hold."""
    guess = undone.guess
    match guess.cause:
        case Cause.ROW_LOST:
            failing = {id(outcome.equation) for outcome in checked.judged.failing}
            is_wrong = any(id(outcome.equation) in failing for outcome in undone.equalities)  # not only blank totals
            missed = _missed(checked, undone)
            is_enough = (len(undone.found) >= FEWEST or missed > 0) and undone.proof > 0
            is_enough = is_wrong and (is_enough or missed >= FEWEST)
        case Cause.ROW_DOUBLED:
            is_proved = len(undone.found) >= FEWEST and undone.proof > 0
            is_enough = not guess.unknown or is_proved or is_copied(checked, guess)
        case Cause.ROWS_SHIFTED:
            moved = len({place.row for place, value in guess.changes.items() if value})
            is_run = len(guess.rows) > 2
            is_enough = len(undone.equalities) >= max(FEWEST + is_run, moved / 2)
            is_no_chance = sum(map(rarity, trials.agreeing(undone))) >= _RARE or (undone.proof > FEWEST and not is_run)
            is_enough = is_enough and (
                is_no_chance or _apart(trials.net(o.equation) for o in undone.cleared) > FEWEST_OTHERS
            )
        case Cause.ROWS_OUT_OF_ORDER:
            is_most = 3 * len(undone.cleared) >= 2 * _failing(checked, trials)
            moved = len({place.row for place in guess.changes})
            is_enough = is_most and 2 * len(undone.equalities) >= max(moved, 2 * order.FEWEST)
        case Cause.OTHER_FIGURES:
            is_enough = _is_another_table(checked, trials, undone)
        case _:
            is_enough = True
    shown = undone.equalities if guess.unknown else undone.cleared + undone.eased[: len(undone.cleared) - 1]
    is_twice = guess.cause is Cause.ROW_DOUBLED and not guess.unknown
    return is_enough and bool(undone.cleared) and (is_twice or len(shown) >= FEWEST)


def _failing(checked: Checked, trials: Trials) -> int:
    """How many equations are off by more than last digits."""
    return sum(1 for outcome in checked.judged.failing if not trials.is_of_last_digits(outcome))


def _is_another_table(checked: Checked, trials: Trials, undone: Undone) -> bool:
    """Whether a table agrees with itself, hardly anywhere with others, and hardly anything fails elsewhere.

    So many mistakes made one by one must be less likely than that its figures agree with others only by chance.
    """
    layout, rules = checked.book.layout, checked.rules
    sheet = layout.blocks[undone.guess.block].sheet
    at_odds: list[set[Place]] = []
    for outcome in undone.cleared:
        equation = outcome.equation
        cells = {cell for cell in trials.net(equation) if layout.blocks[cell.block].sheet == sheet}
        if {layout.blocks[place.block].sheet for place in equation.places} != {sheet}:
            at_odds.append(cells)
        elif rules[equation.rule].severity is Severity.ERROR:
            return False
    mistakes = _apart(at_odds)
    agreeing = sum(map(rarity, _agreeing(checked, trials, sheet)))
    is_all = 5 * len(undone.cleared) >= 4 * _failing(checked, trials)
    return is_all and mistakes >= FEWEST_OTHERS and mistakes * _BITS_OF_A_MISTAKE >= agreeing


def _apart(sets: Iterable[Collection[Place]]) -> int:
    """How many of some sets have no cell in common, the smallest taken first: so many mistakes at least."""
    taken: set[Place] = set()
    found = 0
    for one in sorted(sets, key=len):
        if taken.isdisjoint(one):
            taken.update(one)
            found += 1
    return found


def _agreeing(checked: Checked, trials: Trials, sheet: str) -> set[Decimal]:
    """The figures of a sheet that other sheets have too, each once."""
    found: set[Decimal] = set()
    for equation in checked.judged.passing:
        sheets: dict[bool, Decimal] = {}
        for cell, factor in trials.net(equation).items():
            is_own = checked.book.layout.blocks[cell.block].sheet == sheet
            value = checked.book.values.get(cell)
            sheets[is_own] = sheets.get(is_own, Decimal(0)) + (factor * value if isinstance(value, Decimal) else 0)
        if len(sheets) > 1 and all(sheets.values()):
            found.add(abs(sheets[True]))
    return found


def _missed(checked: Checked, undone: Undone) -> int:
    """How many figures of a blank row itself other tables miss, not only of what it is part of."""
    here = (undone.guess.block, undone.guess.rows[0])
    sides = (checked.nets.typed_cells(s) for o in undone.equalities for s in (o.equation.left, o.equation.right))
    return _apart(cells for cells in sides if {cell[:2] for cell in cells} == {here})


def is_copied(checked: Checked, guess: Guess) -> bool:
    """Whether what is typed in a doubled row can hardly be the same as in the other one by chance."""
    cells = (cell for cell in guess.unknown if cell.row == guess.rows[0])
    return lost.are_copied([value for cell in cells if isinstance(value := checked.book.values.get(cell), Decimal)])


def _is_small(checked: Checked, trials: Trials, undone: Undone) -> bool:
    """Whether something smaller explains as much: part of the guess, totals that are only blank, one figure, two that
    were swapped."""
    tried = (trials.undone(guess) for guess in _smaller(checked, undone))
    return any(one is not None and one.explains(undone) for one in tried)


def _smaller(checked: Checked, undone: Undone) -> Iterator[Guess]:
    guess = undone.guess
    if guess.cause is Cause.OTHER_UNIT:  # whatever is small enough may as well be nothing
        yield guess._replace(changes=dict.fromkeys(guess.changes, Decimal(0)))
    if guess.changes and guess.unknown:
        yield guess._replace(changes={})
    if guess.cause is Cause.UNIT_LEFT_OUT:
        yield guess._replace(unknown=frozenset(place for place in guess.unknown if place.row not in guess.rows))
    filled: dict[Place, Value] = {place: value for place, value in checked.blank.items() if place.block == guess.block}
    if filled:
        yield guess._replace(changes=filled, unknown=frozenset())
    if guess.cause is Cause.ROW_DOUBLED and not guess.unknown:
        return
    is_copy = guess.cause is Cause.ROW_DOUBLED and is_copied(checked, guess)
    for right in chain(_one_cell(checked, undone.equalities), _one_pair(checked, undone)):
        if not is_copy or any(cell[:2] != (guess.block, guess.rows[0]) for cell in right):
            yield guess._replace(changes=right, unknown=frozenset())


def _one_cell(checked: Checked, equalities: list[Outcome]) -> Iterator[dict[Place, Value]]:
    """Each typed cell of all these equations, with what one that fails says that it should hold."""
    nets = [checked.nets.of(outcome.equation) for outcome in equalities]
    failing = [
        (o, net)
        for o in checked.judged.failing
        if not o.equation.is_inequality and (net := checked.nets.of(o.equation))
    ]
    for cell in set.intersection(*map(set, nets)) if nets else ():
        value = checked.book.values.get(cell)
        typed = value if isinstance(value, Decimal) else Decimal(0)
        own = [(o, net) for o, net in failing if cell in net][:MOST_COMPARED]
        for right in {typed - outcome.difference / net[cell] for outcome, net in own}:
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
