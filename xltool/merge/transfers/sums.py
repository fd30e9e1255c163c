"""Compares what all units together received and paid; without a list of transfers no pair is known, none is guessed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xltool.merge.transfers.eliminated import Eliminated, Sums, Taken, spread
from xltool.merge.transfers.internal import Said, TransferSide, agrees, amount_of
from xltool.model import Path
from xltool.template.spec import DIMENSIONS, Elimination, Template

REASON = "按合计"


def eliminated_by_sums(said: Sequence[Said], template: Template) -> Eliminated:
    """What agrees, kind by kind and 科目 by 科目, is taken out as the proposed adjustment; what differs stays."""
    sums: list[Sums] = []
    taken: list[Taken] = []
    for one in compared(said, template):
        if one.paid and one.left[0] > 0 and agrees(one.difference, (*one.received, *one.paid)):
            sums.append(one._replace(is_taken=True))
            taken += _taken(one, said)
        else:
            sums.append(one)
    return Eliminated(tuple(taken), tuple(sums))


def compared(said: Sequence[Said], template: Template) -> Iterator[Sums]:
    """The lines of each kind of 往来 side by side, by 科目 where both sides print it; kinds without lines have none."""
    for elimination in template.merging.eliminations:
        by_member: dict[Path, dict[TransferSide, list[Said]]] = {}
        is_shared = _is_shared(elimination)
        for one in said:
            if one.line.elimination == elimination.name and not one.line.reference:
                sides = by_member.setdefault(one.line.member if is_shared else (), {})
                sides.setdefault(one.line.side, []).append(one)
        for member, sides in sorted(by_member.items()):
            received, paid = (tuple(sides.get(side, ())) for side in TransferSide)
            yield Sums(elimination.name, member, received, paid if elimination.expenditure else None)


def _is_shared(elimination: Elimination) -> bool:
    """Whether both sides print the same 科目, so that they must agree for each of them."""
    sides = [
        [each for each in references[0].row if each in DIMENSIONS and each != "unit"] if references else []
        for references in (elimination.income, elimination.expenditure)
    ]
    return bool(sides[0]) and sides[0] == sides[1]


def _taken(sums: Sums, said: Sequence[Said]) -> Iterator[Taken]:
    """The same amount on both sides, the smaller one where rounding makes them differ: 收入总计 stays 支出总计."""
    amount = min(amount_of(sums.received), amount_of(sums.paid or ()))
    for side in TransferSide:
        lines = [
            one
            for one in said
            if one.line.elimination == sums.elimination
            and one.line.side is side
            and (not sums.member or one.line.member == sums.member)
        ]
        yield from spread(lines, amount, REASON)
