"""Understands a line of the list of transfers: which units it speaks of, which kind of 往来, which 科目."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import NamedTuple

from xltool.merge.roster.roster import Roster
from xltool.merge.transfers.internal import TransferSide
from xltool.merge.transfers.listed import Transfer
from xltool.merge.transfers.words import line_name
from xltool.source.cells import shortened
from xltool.template.names import normal
from xltool.template.spec import CODE_LEVELS, Elimination, Template

_CODE = re.compile(r"(?<!\d)2\d\d(?:\d\d){0,2}(?!\d)")
"""The code of a 功能科目: 类, 款 or 项."""


class LinesOf(NamedTuple):
    """Lines of one unit, by its name, of one kind of 往来 and one side."""

    unit: str
    elimination: str
    side: TransferSide


class Ends(NamedTuple):
    """Both units by their names in the roster, the kind of 往来, and the code of the 科目 ("" if the list has none)."""

    transfer: Transfer
    payer: str
    receiver: str
    elimination: Elimination
    code: str

    def code_at(self, side: TransferSide) -> str:
        """The code, if the lines of that side are 科目."""
        references = self.elimination.income if side is TransferSide.RECEIVED else self.elimination.expenditure
        return self.code if set(references[0].row) & CODE_LEVELS.keys() else ""


def understood(
    transfer: Transfer, filled: Collection[LinesOf], template: Template, roster: Roster, merged: Collection[str]
) -> Ends | str:
    """What a transfer is about, or why it cannot be confirmed, in a sentence.

    `filled` are the lines in which units show anything, `merged` the units in the 汇总.
    """
    names = []
    for text in (transfer.payer, transfer.receiver):
        unit = roster.with_code(text) or roster.with_name(text)
        if unit is None:
            return f"要汇总的单位里没有“{shortened(text)}”"
        if unit.name not in merged:
            return f"“{unit.name}”的工作簿没有汇总"
        names.append(unit.name)
    payer, receiver = names
    if payer == receiver:
        return "付款、收款是同一个单位"
    kinds = [elimination for elimination in template.merging.eliminations if elimination.expenditure]
    if not kinds:
        return "本格式的支出不单列付给别的单位的钱，无从核对"
    subject = normal(transfer.subject)
    code = next(iter(_CODE.findall(subject)), "")
    named = [kind for kind in kinds if _names(kind, subject)]
    if not named and subject.replace(code, "") and not code:
        ways = "、".join(kind.name for kind in kinds)
        return f"科目“{shortened(transfer.subject)}”不认识，请写{ways}，或功能科目的编码"
    found = named or _shown(kinds, filled, payer, receiver)
    if len(found) != 1:
        ways = "、".join(kind.name for kind in kinds)
        return f"看不出是哪一种往来，请在“科目”里写明：{ways}"
    return Ends(transfer, payer, receiver, found[0], code)


def _names(kind: Elimination, subject: str) -> bool:
    """Whether a text says the name of a kind of 往来, or of one of its two lines."""
    words = (kind.name, line_name(kind, TransferSide.RECEIVED), line_name(kind, TransferSide.PAID))
    return any(normal(word) in subject for word in words)


def _shown(kinds: Sequence[Elimination], filled: Collection[LinesOf], payer: str, receiver: str) -> list[Elimination]:
    """The kinds of which both workbooks show something; else those of which one does."""
    ends = (payer, TransferSide.PAID), (receiver, TransferSide.RECEIVED)
    sides = [[LinesOf(unit, kind.name, side) in filled for unit, side in ends] for kind in kinds]
    both = [kind for kind, shown in zip(kinds, sides, strict=True) if all(shown)]
    return both or [kind for kind, shown in zip(kinds, sides, strict=True) if any(shown)]
