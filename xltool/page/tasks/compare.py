"""比较: what changed between two workbooks, told and written as 增减表."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from xltool import api
from xltool.merge.compare.comparison import Proposal
from xltool.report.units.compare_words import compared, counted, largest_lines, largest_title, others

CHANGES = "增减表.xlsx"
_SHOWN = 50


class Order(NamedTuple):
    """The two workbooks, the folder for what comes of them, and names that are the same: (old, new)."""

    old: Path
    new: Path
    folder: Path
    same: tuple[tuple[str, str], ...] = ()


class Compared(NamedTuple):
    """What came of it: the two workbooks in a line each, sentences, the largest changes under `title`, and names that
    may be the same."""

    heads: tuple[str, str]
    sentences: tuple[str, ...]
    title: str
    largest: tuple[tuple[str, ...], ...]
    proposals: tuple[Proposal, ...]
    file: Path


def compare(order: Order, tell: Callable[[object], object]) -> Compared:
    """Do it; there are no steps to tell."""
    order.folder.mkdir(mode=0o700)
    target = order.folder / CHANGES
    found = api.compare(order.old, order.new, target, same=order.same)
    return Compared(
        compared(found),
        (counted(found), *others(found)),
        largest_title(found),
        tuple(largest_lines(found, _SHOWN)),
        found.proposals,
        target,
    )
