"""What comes of comparing 内部往来: what agrees and is taken out of the 汇总, what differs and stays in its figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from xltool.merge.transfers.internal import Said, amount_of
from xltool.merge.transfers.listed import Transfer
from xltool.model import Path

_NOTHING = Decimal(0)


class Taken(NamedTuple):
    """What is taken out of one line of one unit, in 元 (positive), and why."""

    said: Said
    amount: Decimal
    reason: str


class Sums(NamedTuple):
    """What units received and paid, by one kind of 往来 and one 科目 (() where the format has none).

    `paid` is None where the format does not print what is paid. `is_taken` says that both sides agree and are taken
    out; `taken` how much was taken out already, of each side, because pairs were confirmed.
    """

    elimination: str
    member: Path
    received: tuple[Said, ...]
    paid: tuple[Said, ...] | None
    is_taken: bool = False
    taken: tuple[Decimal, Decimal] = (_NOTHING, _NOTHING)

    @property
    def left(self) -> tuple[Decimal, Decimal]:
        """What is received and paid besides `taken`, in 元."""
        return amount_of(self.received) - self.taken[0], amount_of(self.paid or ()) - self.taken[1]

    @property
    def difference(self) -> Decimal:
        """By how much what is received exceeds what is paid."""
        return self.left[0] - self.left[1]


class Word(NamedTuple):
    """What one side of a transfer says: the unit's name, its cells, and all that it listed in them is to come to."""

    unit: str
    said: tuple[Said, ...]
    listed: Decimal


class TransferPair(NamedTuple):
    """A transfer of the list: 对符 if `problem` is "", else why it is not, in a sentence.

    `payer` and `receiver` are what the two workbooks say, None where there is none to look into.
    """

    transfer: Transfer
    elimination: str = ""
    payer: Word | None = None
    receiver: Word | None = None
    problem: str = ""


class Eliminated(NamedTuple):
    """All that is taken out, with why. `pairs` is None without a list of transfers: only sums were compared then."""

    taken: tuple[Taken, ...]
    sums: tuple[Sums, ...]
    pairs: tuple[TransferPair, ...] | None = None

    @property
    def taken_of(self) -> dict[Said, Decimal]:
        """What is taken out of each line, in 元."""
        amounts: dict[Said, Decimal] = {}
        for one in self.taken:
            amounts[one.said] = amounts.get(one.said, _NOTHING) + one.amount
        return amounts


def spread(said: Sequence[Said], amount: Decimal, reason: str) -> Iterator[Taken]:
    """Take an amount out of lines that come to it: each as a whole, but the largest bears what rounding leaves over.

    Where a unit repeats the same amount at several places, it is taken out of each.
    """
    for reference in sorted({one.line.reference for one in said}):
        lines = [one for one in said if one.line.reference == reference]
        largest = max(lines, key=lambda one: one.line.amount)
        for one in lines:
            left_over = amount - amount_of(lines) if one is largest else _NOTHING
            yield Taken(one, one.line.amount + left_over, reason)
