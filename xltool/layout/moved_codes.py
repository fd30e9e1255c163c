"""The 科目 of an outline as its year has them: codes that became others, or were cancelled, in the years between."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from xltool.catalogue.by_year import Catalogue, CodeChange, catalogue
from xltool.layout.outline import Outline
from xltool.model import Path
from xltool.template.spec import CODE_LEVELS


class Moved(NamedTuple):
    """Codes of an outline that its year does not have because of some changes, and those listed instead, if any."""

    changes: tuple[CodeChange, ...]
    codes: tuple[str, ...]
    now: tuple[str, ...]

    def __str__(self) -> str:
        """One line for the user: what became of the 科目, and what was done in this workbook."""
        told, codes = "；".join(map(str, self.changes)), "、".join(self.codes)
        return f"{told}：{codes} 换成了 {'、'.join(self.now)}。" if self.now else f"{told}：没有列出 {codes}。"


def in_its_year(outline: Outline) -> tuple[Outline, list[Moved]]:
    """The outline with the codes of its year, and what was moved for that; rows below a moved 科目 move with it."""
    year = catalogue(outline.year)
    moves: dict[tuple[CodeChange, ...], tuple[dict[str, None], dict[str, None]]] = {}

    def moved(codes: Collection[str], levels: Collection[int]) -> tuple[str, ...]:
        now = _moved(codes, levels, year)
        for code in codes:
            if changes := year.ruled_out_by(code):
                old, new = moves.setdefault(changes, ({}, {}))
                old[code] = None
                new |= dict.fromkeys(_instead(code, levels, year))
        return now

    members = {
        dimension: moved(codes, CODE_LEVELS[dimension]) if dimension in CODE_LEVELS else codes
        for dimension, codes in outline.members.items()
    }
    by_table: dict[tuple[str, Path, str], tuple[Path, ...]] = {}
    for (table, above, dimension), rows in outline.by_table.items():
        if dimension in CODE_LEVELS:
            codes = [code for (code,) in rows]
            rows = tuple((code,) for code in moved(codes, {len(code) for code in codes}))
        place = (table, tuple(next(iter(_successors(name, year)), name) for name in above), dimension)
        by_table[place] = tuple(dict.fromkeys((*by_table.get(place, ()), *rows)))
    told = [Moved(changes, tuple(old), tuple(sorted(new))) for changes, (old, new) in moves.items()]
    return outline._replace(members=members, by_table=by_table), told


def _successors(name: str, year: Catalogue) -> tuple[str, ...]:
    """What a name in a row's path is in a year, if it is a code that the catalogue knows; else nothing."""
    return year.successors(name) if name in year.codes else ()


def _moved(codes: Collection[str], levels: Collection[int], year: Catalogue) -> tuple[str, ...]:
    """Codes as a year has them, sorted if any moved; a 科目 that only added up what moved goes with it."""
    gone = {code for code in codes if year.ruled_out_by(code)}
    if not gone:
        return tuple(codes)
    new = {code for old in gone for code in _instead(old, levels, year)}
    kept = {code for code in codes if code not in gone}
    emptied = {
        code
        for code in kept
        if any(old.startswith(code) for old in gone)
        and not any(other != code and other.startswith(code) for other in kept | new)
    }
    above = {code[:level] for code in new for level in levels if level < len(code)}
    return tuple(sorted((kept - emptied) | new | above))


def _instead(code: str, levels: Collection[int], year: Catalogue) -> list[str]:
    """The codes that a year has for another year's, at these levels.

    Where a 项 became a 款, figures are typed into the 项 of that: all of them are listed.
    """
    found: dict[str, None] = {}
    for successor in year.successors(code):
        nearest = max((level for level in levels if level <= len(successor)), default=0)
        finer = [one for one in year.codes if one.startswith(successor) and len(successor) < len(one) <= len(code)]
        for one in (successor[:nearest], *finer):
            if len(one) in levels and not year.ruled_out_by(one):
                found[one] = None
    return list(found)
