"""Confirms each transfer of a list in both workbooks, takes out those confirmed, tells what stands against others."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from xltool.merge.roster.roster import Roster
from xltool.merge.transfers.eliminated import Eliminated, Sums, Taken, TransferPair, Word, spread
from xltool.merge.transfers.ends import Ends, LinesOf, understood
from xltool.merge.transfers.internal import Said, TransferSide, agrees, amount_of
from xltool.merge.transfers.listed import Transfer
from xltool.merge.transfers.sums import compared
from xltool.merge.transfers.words import cells, line_name, yuan
from xltool.template.spec import Template

REASON = "对符"

_NOTHING = Decimal(0)


class _Key(NamedTuple):
    """The lines of one unit in which a transfer should be seen; `code` is the 科目 that the list names, or ""."""

    lines: LinesOf
    code: str


class _Group(NamedTuple):
    """All transfers that should be seen in the same lines, and these lines."""

    ends: tuple[Ends, ...]
    said: tuple[Said, ...]

    @property
    def first(self) -> tuple[Said, ...]:
        """The lines that the unit is taken at its word for."""
        return tuple(one for one in self.said if not one.line.reference)

    @property
    def listed(self) -> Decimal:
        """What the list says that they come to."""
        return sum((one.transfer.amount for one in self.ends), _NOTHING)

    @property
    def agrees(self) -> bool:
        """Whether the lines come to what the list says, as exactly as they are rounded."""
        return bool(self.first) and agrees(amount_of(self.first) - self.listed, self.first)


_Groups = Mapping[_Key, _Group]


def eliminated_by_pairs(
    said: Sequence[Said], transfers: Sequence[Transfer], template: Template, roster: Roster, merged: Collection[str]
) -> Eliminated:
    """The transfers of a list, each confirmed or with what stands against it; `merged` are the units in the 汇总.

    A transfer is confirmed if both workbooks show, in the lines of its kind (and 科目, where the list names it), what
    the list says that the unit paid, or received, there altogether. Only these are taken out, once from each side.
    """
    by_unit: dict[LinesOf, list[Said]] = {}
    for one in said:
        by_unit.setdefault(LinesOf(one.name, one.line.elimination, one.line.side), []).append(one)
    meant = [understood(transfer, by_unit.keys(), template, roster, merged) for transfer in transfers]
    groups = _groups([one for one in meant if isinstance(one, Ends)], by_unit)
    against = _against(groups)
    pairs = []
    for transfer, ends in zip(transfers, meant, strict=True):
        if isinstance(ends, str):
            pairs.append(TransferPair(transfer, problem=ends))
        else:
            payer, receiver = (Word(key.lines.unit, groups[key].first, groups[key].listed) for key in _keys(ends))
            problem = "；".join(against.get(ends.transfer, ()))
            pairs.append(TransferPair(transfer, ends.elimination.name, payer, receiver, problem))
    taken = tuple(entry for key in groups for entry in _taken(key, groups, against))
    sums = tuple(_after(one, taken) for one in compared(said, template))
    return Eliminated(taken, sums, tuple(pairs))


def _after(sums: Sums, taken: Sequence[Taken]) -> Sums:
    """With what was taken out of its lines."""
    out = [
        sum((one.amount for one in taken if one.said in side), _NOTHING)
        for side in (frozenset(sums.received), frozenset(sums.paid or ()))
    ]
    return sums._replace(taken=(out[0], out[1]))


def _taken(key: _Key, groups: _Groups, against: Collection[Transfer]) -> Iterator[Taken]:
    """What is taken out of the lines of one key: all of them if it is the only transfer there, as it is confirmed."""
    group = groups[key]
    confirmed = [ends for ends in group.ends if ends.transfer not in against]
    if not confirmed:
        return
    amount = sum((ends.transfer.amount for ends in confirmed), _NOTHING)
    others = {other for ends in confirmed for other in _keys(ends)} - {key}
    if len(others) == 1 and len(confirmed) == len(group.ends):
        (other,) = others
        if groups[other].ends == group.ends and amount_of(groups[other].first) == amount_of(group.first):
            amount = amount_of(group.first)  # both workbooks show the same rounded amount
    if len(confirmed) == len(group.ends):
        yield from spread(group.said, amount, REASON)
    else:
        for one in group.said:  # one line, of which the others stay
            yield Taken(one, amount, REASON)


def _keys(ends: Ends) -> tuple[_Key, _Key]:
    """Where a transfer should be seen: at the payer's, and at the receiver's."""
    name = ends.elimination.name
    return (
        _Key(LinesOf(ends.payer, name, TransferSide.PAID), ends.code_at(TransferSide.PAID)),
        _Key(LinesOf(ends.receiver, name, TransferSide.RECEIVED), ends.code_at(TransferSide.RECEIVED)),
    )


def _groups(all_ends: Sequence[Ends], by_unit: Mapping[LinesOf, Sequence[Said]]) -> _Groups:
    members: dict[_Key, list[Ends]] = {}
    codes: dict[LinesOf, set[str]] = {}
    for ends in all_ends:
        for key in _keys(ends):
            members.setdefault(key, []).append(ends)
            codes.setdefault(key.lines, set()).add(key.code)
    return {
        key: _Group(tuple(ends), tuple(_lines(key, codes[key.lines] - {""}, by_unit.get(key.lines, ()))))
        for key, ends in members.items()
    }


def _lines(key: _Key, codes: Collection[str], said: Sequence[Said]) -> Iterator[Said]:
    """The lines of the 科目 of a key; of one without 科目 all that no other key asks for (`codes`)."""
    for one in said:
        code = one.line.member[-1] if one.line.member else ""
        if code.startswith(key.code) if key.code else not code.startswith(tuple(codes)):
            yield one


def _against(groups: _Groups) -> dict[Transfer, list[str]]:
    """What stands against each transfer that is not confirmed."""
    found: dict[Transfer, list[str]] = {}
    for key, group in groups.items():
        if not group.agrees:
            for ends in group.ends:
                found.setdefault(ends.transfer, []).append(_sentence(key, group))
    is_stable = False
    while not is_stable:
        is_stable = True
        for key, group in groups.items():
            open_ = [ends for ends in group.ends if ends.transfer not in found]
            if len(group.first) > 1 and 0 < len(open_) < len(group.ends):
                is_stable = False
                where = cells(group.first)
                for ends in open_:
                    found[ends.transfer] = [f"“{key.lines.unit}”列在几个科目（{where}），请在清单里写明各笔的科目"]
    return found


def _sentence(key: _Key, group: _Group) -> str:
    """Who says what, of a workbook that does not show what the list says."""
    line = line_name(group.ends[0].elimination, key.lines.side)
    at = f"在 {key.code} " if key.code else ""
    if not group.first:
        return f"“{key.lines.unit}”{at}没有列{line}"
    shown = amount_of(group.first)
    does = "付出" if key.lines.side is TransferSide.PAID else "收到"
    off = yuan(abs(shown - group.listed))
    return (
        f"“{key.lines.unit}”{at}列{line} {yuan(shown)}（{cells(group.first)}），"
        f"清单里它{does}的共 {yuan(group.listed)}，差 {off}"
    )
