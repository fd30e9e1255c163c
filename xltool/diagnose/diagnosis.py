"""The mistakes behind the failing equations of one book: the cells that explain each, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from xltool.checking.check import Checked
from xltool.checking.predicates.records import subject
from xltool.diagnose.search.explain import Cause, causes, one_cause
from xltool.diagnose.search.ways import Hypothesis, Ways
from xltool.diagnose.slips import slips
from xltool.diagnose.system import System
from xltool.diagnose.weighing import Weigher
from xltool.equations.verdicts import Outcome
from xltool.layout.block import Place
from xltool.layout.equation import Equation
from xltool.model import Value, Verdict, member_name

_CERTAIN = 0.97
"""So likely an explanation is before it is told as certain."""

_OTHER = "other"
"""As what another cause is told, which nobody knows."""

_ABSENT = "absent"
_RENAMED = "renamed"
"""As what a row is told that another table lacks, or has under another name."""

_ONE_NAME = "one_name"

_TOLD = 3
_LIKELY = 0.2

_MOST_SEARCHED = 8
"""Of connected failures that no light mistake explains so many are searched for several; of others the one mistake
behind all of them is told as possible, or they are told together."""

_MOST_ABSENT = 12
"""Of more rows that another table lacks none is taken for a figure where nothing belongs."""


class Fault(NamedTuple):
    """One mistake. `ways` explain it, the likeliest first: one alone is certain; none, if nothing stands out.

    `outcomes` are mended once it is corrected, those of `together` once other mistakes are corrected too.
    """

    ways: tuple[Hypothesis, ...]
    suspects: tuple[Place, ...]
    outcomes: tuple[Outcome, ...]
    together: tuple[Outcome, ...] = ()


class Diagnosis(NamedTuple):
    """The mistakes of a book, and all its values as they are once what is told as certain is corrected."""

    faults: list[Fault]
    values: Mapping[Place, Value]


def diagnose(checked: Checked) -> Diagnosis:
    """The mistakes of a book in which something fails; every failing equation is behind one of them.

    First come those that break what must hold, each with all that is as it should be once it is corrected: rules that
    need not hold, rows that another table lacks, doubtful roundings. What is left of these is explained by itself, and
    names a cell only if it looks like a slip.
    """
    system = System(checked)
    weigher = Weigher(system)
    told = [outcome for outcome, reason in checked.judged.others if not reason]
    outcomes = [*checked.judged.failing, *(one for one in told if one.verdict is Verdict.IMPLAUSIBLE)]
    left = {system.number_of[id(outcome.equation)]: outcome for outcome in outcomes}
    failing = [number for number, outcome in left.items() if outcome.verdict is Verdict.FAIL]
    orders = {number for number in failing if system.equations[number].is_inequality}
    absent = {number for number in failing if system.is_absent(number)}
    soft = {number for number in range(len(system.equations)) if system.is_soft(number)}
    idle = soft | orders if len(absent) <= _MOST_ABSENT else soft | orders | absent
    hard = [number for number in failing if number not in idle]
    faults = list(_of_renamed_rows(system, sorted(absent), left))
    faults += _explained(system, Ways(weigher, frozenset(idle)), hard, left)
    doubtful = [number for number in failing if number in left and number not in orders]
    for fault in _explained(system, Ways(weigher, frozenset(orders)), doubtful, left):
        faults.append(fault if fault.ways and _is_plain(fault.ways[0]) else fault._replace(ways=()))
    faults += [Fault((), (), (left[number],)) for number in failing if number in left]
    certain = [fault.ways[0].changes for fault in faults if len(fault.ways) == 1]
    return Diagnosis(faults, system.changed({cell: right for changes in certain for cell, right in changes.items()}))


def _is_plain(way: Hypothesis) -> bool:
    """Whether a mistake looks so much like a slip that a rule which need not hold is enough to tell it."""
    return bool(way.slip) and slips()[way.slip].plain


def _of_renamed_rows(system: System, absent: Iterable[int], left: dict[int, Outcome]) -> Iterator[Fault]:
    """Rows that another table lacks, or has under another name, each with what fails by the same amount."""
    names = set(_renamed(system.checked)) if absent else set()
    for number in absent:
        if number in left and not names.isdisjoint(map(member_name, system.equations[number].member[-1:])):
            off, cells = abs(system.difference(number)), system.net(number).keys()
            alike = [
                n for n in left if abs(system.difference(n)) == off and cells & system.net(n).keys() and n != number
            ]
            outcomes = tuple(left.pop(n) for n in (number, *alike))
            yield Fault((Hypothesis({}, _RENAMED, 0), Hypothesis({}, _ABSENT, 0)), (), outcomes)


def _renamed(checked: Checked) -> Iterator[str]:
    """Projects of which another table may have the row under another name (S04)."""
    book = checked.book
    asking = {rule.id for rule in checked.rules.values() if rule.predicate == _ONE_NAME}
    for remark in checked.remarks:
        if remark.rule in asking:
            cells = (remark.cell, *(related.cell for related in remark.places))
            places = (book.layout.place_at(cell) for cell in cells if cell is not None)
            yield from (subject(book, place) for place in places if place is not None)


def _explained(system: System, ways: Ways, failing: Sequence[int], left: dict[int, Outcome]) -> Iterator[Fault]:
    """The mistakes behind equations; what they are behind is taken out of `left`."""
    searched = 0
    for group in _connected(system, failing):
        numbers = [number for number in group if number in left]
        if not numbers:
            continue
        alone = one_cause(ways, numbers)
        found = [alone] if alone is not None else []
        if (alone is None or not alone.is_sure) and searched < _MOST_SEARCHED:
            searched += 1
            found = causes(ways, numbers, alone)
        yield from _taken(system, found or [Cause((), tuple(numbers))], left)


def _taken(system: System, found: Sequence[Cause], left: dict[int, Outcome]) -> Iterator[Fault]:
    """Mistakes with all that they are behind, which is taken out of `left`."""
    behind = [dict.fromkeys(cause.failing) for cause in found]
    together = [dict.fromkeys(cause.together) for cause in found]
    known = {*(number for cause in found for number in (*cause.failing, *cause.together))}
    for number in _mended(system, found):
        if number in left and number not in known:
            own = [i for i, cause in enumerate(found) if cause.ways and _touches(system, cause, number)]
            for i in own:
                (behind if len(own) == 1 else together)[i][number] = None
    outcomes = {number: left[number] for numbers in (*behind, *together) for number in numbers if number in left}
    for number in outcomes:
        del left[number]
    for cause, alone, shared in zip(found, behind, together, strict=True):
        own_outcomes, others = ([outcomes[n] for n in numbers if n in outcomes] for numbers in (alone, shared))
        if own_outcomes or others:
            yield _fault(system, cause, own_outcomes, others)


def _fault(system: System, cause: Cause, outcomes: Sequence[Outcome], together: Sequence[Outcome]) -> Fault:
    suspects = tuple(dict.fromkeys(cell for way in cause.ways for cell in way.changes))
    told = tuple(_told(cause.ways, not cause.is_sure))
    if told and told[-1].slip == _OTHER and _breaks(system, told[0]):
        told = ()
    if (
        told
        and told[0].slip == "stray"
        and all(_is_one_sided(system, outcome.equation) for outcome in (*outcomes, *together))
    ):
        has_rows = all(outcome.equation.left and outcome.equation.right for outcome in (*outcomes, *together))
        told = () if has_rows else (told[0], Hypothesis({}, _ABSENT, told[0].bits))
    return Fault(told, suspects, tuple(outcomes), tuple(together))


def _breaks(system: System, way: Hypothesis) -> bool:
    """Whether correcting a mistake, and no other, makes something fail that holds."""
    before = dict(system.verdicts({cell: system.amount(cell) for cell in way.changes}))
    after = system.verdicts(way.changes)
    return any(verdict is Verdict.FAIL and before[number] is not Verdict.FAIL for number, verdict in after)


def _is_one_sided(system: System, equation: Equation) -> bool:
    """Whether one table of a rule has nothing where another has a figure: it may be that the table lacks it."""
    sides = (equation.left, equation.right)
    return not equation.structural and not all(
        any(map(system.values.get, (place for _, place in side))) for side in sides
    )


def _told(ways: Sequence[Hypothesis], is_doubtful: bool) -> Iterator[Hypothesis]:
    """The likeliest ways, as far as they are worth telling; none if there are too many to tell.

    Of several cells each is told with its likeliest value; only where it is one cell, its values are told.
    """
    if not ways:
        return
    weights = [2.0 ** (ways[0].bits - way.bits) for way in ways]
    total = sum(weights)
    if weights[0] / total >= _CERTAIN and not is_doubtful:
        yield ways[0]
        return
    if weights[0] / total < _LIKELY:
        return
    if len(ways) == 1:
        yield from (ways[0], Hypothesis({}, _OTHER, ways[0].bits))
        return
    likely = [way for way, weight in zip(ways, weights, strict=True) if weight / total >= _LIKELY / 2 or way is ways[1]]
    by_cells: dict[tuple[Place, ...], Hypothesis] = {}
    for way in likely:
        by_cells.setdefault(tuple(sorted(way.changes)), way)
    yield from [*(by_cells.values() if len(by_cells) > 1 else likely)][:_TOLD]


def _mended(system: System, found: Sequence[Cause]) -> Iterator[int]:
    """What no longer fails once the mistakes are corrected, and what is no longer doubtful."""
    changes = {cell: right for cause in found if cause.ways for cell, right in cause.ways[0].changes.items()}
    for number, verdict in system.verdicts(changes):
        is_doubtful = verdict is Verdict.IMPLAUSIBLE and system.state.get(number) is not Verdict.FAIL
        if verdict is not Verdict.FAIL and not is_doubtful:
            yield number


def _touches(system: System, cause: Cause, number: int) -> bool:
    return any(number in system.touched(cell) for cell in cause.ways[0].changes)


def _connected(system: System, failing: Sequence[int]) -> list[list[int]]:
    """Failing equations that share a typed cell, and those that share one with these, and so on."""
    sharing: dict[Place, list[int]] = {}
    for number in failing:
        for cell in system.net(number):
            sharing.setdefault(cell, []).append(number)
    groups = []
    left = set(failing)
    for first in sorted(failing):
        if first in left:
            group = [first]
            left.remove(first)
            for number in group:  # it grows meanwhile
                near = {other for cell in system.net(number) for other in sharing.pop(cell, ())} & left
                group += near
                left -= near
            groups.append(sorted(group))
    return groups
