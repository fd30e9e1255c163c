"""What a list of 科目 adds to the user's own: lines that say nothing new are not kept."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from xltool.catalogue.by_year import NEWEST, Confidence, built_in, catalogue
from xltool.catalogue.own_codes import OwnCode, read_own_codes
from xltool.template.names import normal


class Imported(NamedTuple):
    """How many codes of a list were new, had another name or did not hold in its year, or were there already."""

    added: int
    changed: int
    known: int


def merged(lines: Iterable[OwnCode]) -> tuple[list[OwnCode], Imported]:
    """The user's own list together with the `lines` of another, which override those of the same code and year."""
    own = {(line.code, line.year): line for line in read_own_codes()}
    counts = {"added": 0, "changed": 0, "known": 0}
    for line in lines:
        before = own.get((line.code, line.year))
        counts["known" if before is not None and _same(before.name, line.name) else _kind(line)] += 1
        if before is not None or not _is_built_in(line):
            own[line.code, line.year] = line
    return list(own.values()), Imported(**counts)


def _kind(line: OwnCode) -> str:
    """What the line is to the catalogue of its year, or to the newest if it has none."""
    now = catalogue(line.year or NEWEST)
    known = now.codes.get(line.code)
    if known is None:
        return "added"
    is_revived = bool(line.year and now.ruled_out_by(line.code))
    return "changed" if is_revived or not _same(known.name, line.name) else "known"


def _is_built_in(line: OwnCode) -> bool:
    """Whether the line, which tells no year, says no more than the catalogue that comes with the program."""
    code = built_in(NEWEST).codes.get(line.code)
    return bool(
        not line.year
        and code is not None
        and code.confidence is not Confidence.UNVERIFIED
        and _same(code.name, line.name)
    )


def _same(one: str, other: str) -> bool:
    return normal(one) == normal(other)
