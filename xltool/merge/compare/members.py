"""Which unit, project or other member of one workbook is which of the other: the same name or code, else proposals."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from xltool.errors import FileRefused
from xltool.merge.compare.comparison import Proposal
from xltool.merge.roster.roster import code_before, name_key
from xltool.template.spec import DIMENSION_NAMES

CODED = ("unit", "project")
"""The dimensions whose members may have a code before their name, and are renamed from year to year."""

_LIKE = 0.4
"""Names less alike than this are not proposed."""

_MOST_COMPARED = 1_000_000
"""Of pairs of names; with more, none is proposed: it would take minutes."""

Members = Mapping[str, Sequence[str]]
"""Dimension -> the names of its members in one workbook."""


class Paired(NamedTuple):
    """(dimension, old name) -> new name, of the members that are in both workbooks; those that may be renamed."""

    names: Mapping[tuple[str, str], str]
    proposals: tuple[Proposal, ...]


def paired(old: Members, new: Members, codes: Mapping[str, str], said: Sequence[tuple[str, str]]) -> Paired:
    """The members of both workbooks, paired.

    `codes` are unit codes that the workbooks note (name -> code), `said` pairs (old name, new name) that the user
    knows. Raises FileRefused for one of these that is in neither dimension.
    """
    names: dict[tuple[str, str], str] = {}
    proposals: list[Proposal] = []
    for dimension in {**old, **new}:
        mine, others = old.get(dimension, ()), new.get(dimension, ())
        pairs = {one: other for one, other in said if dimension in CODED and one in mine and other in others}
        rest = [one for one in mine if one not in pairs], [one for one in others if one not in pairs.values()]
        keys = (str, name_key, lambda name: codes.get(name) or code_before(name))
        for key in keys if dimension in CODED else keys[:2]:
            found = _same(*rest, key)
            pairs |= found
            rest = [one for one in rest[0] if one not in pairs], [one for one in rest[1] if one not in found.values()]
        names |= {(dimension, one): other for one, other in pairs.items()}
        if dimension in CODED:
            proposals += _alike(dimension, *rest)
    known = {(one, other) for (_, one), other in names.items()}
    for one, other in said:
        if (one, other) not in known:
            kinds = "、".join(DIMENSION_NAMES[dimension] for dimension in CODED)
            raise FileRefused(
                f"“{one}={other}”：旧工作簿里没有叫“{one}”的{kinds}，或新工作簿里没有“{other}”，请照表里的名称写。"
            )
    return Paired(names, tuple(proposals))


def _same(old: Iterable[str], new: Iterable[str], key: Callable[[str], str]) -> dict[str, str]:
    """The names that have the same key, which no other name of their workbook has."""
    mine, others = _unique(old, key), _unique(new, key)
    return {name: others[one] for one, name in mine.items() if one in others}


def _unique(names: Iterable[str], key: Callable[[str], str]) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    for name in names:
        found.setdefault(key(name), []).append(name)
    return {one: same[0] for one, same in found.items() if one and len(same) == 1}


def _alike(dimension: str, old: Sequence[str], new: Sequence[str]) -> list[Proposal]:
    """Pairs of names of which each is the other's one best match; the one unit of each workbook, whatever its name."""
    if len(old) * len(new) > _MOST_COMPARED:
        return []
    letters = {name: _pairs_of_letters(name) for name in (*old, *new)}
    likeness = {one: {other: _likeness(letters[one], letters[other]) for other in new} for one in old}
    enough = 0 if (dimension, len(old), len(new)) == ("unit", 1, 1) else _LIKE
    best_of_old = {one: _best(likeness[one], enough) for one in old}
    best_of_new = {other: _best({one: likeness[one][other] for one in old}, enough) for other in new}
    return [
        Proposal(dimension, one, other, round(likeness[one][other], 2))
        for one, other in best_of_old.items()
        if other and best_of_new[other] == one
    ]


def _best(likeness: Mapping[str, float], enough: float) -> str:
    """The one that is most alike, "" if another is as much, or none enough."""
    most = max(likeness.values(), default=0)
    names = [name for name, like in likeness.items() if like == most]
    return names[0] if most >= enough and len(names) == 1 else ""


def _pairs_of_letters(name: str) -> set[str]:
    key = name_key(name)
    return {key[i : i + 2] for i in range(len(key) - 1)} or {key}


def _likeness(one: set[str], other: set[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other))
