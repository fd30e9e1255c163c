"""科目 of two years: which codes of the one are compared with which of the other, as the catalogue knows them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from xltool.catalogue.by_year import Catalogue, CodeChange


class Subjects(NamedTuple):
    """The codes of two workbooks.

    `groups`: (is of the new workbook, code) -> what its group is called; codes of one group are compared together.
    `changes` are those of the catalogue that any of the codes is about, by group, in their order.
    """

    groups: Mapping[tuple[bool, str], str]
    changes: Mapping[str, tuple[CodeChange, ...]]

    def group(self, is_new: bool, code: str) -> str:
        """The group of a code; a code that no change is about is one by itself."""
        return self.groups.get((is_new, code), code)

    def leaving(self, code: str) -> list[CodeChange]:
        """The changes that took a 科目 out of `code`, or into it, so that it does not hold the same in both years."""
        found = dict.fromkeys(change for changes in self.changes.values() for change in changes)
        return [
            change
            for change in found
            if change.code != code != change.becomes
            and (change.code.startswith(code) != change.becomes.startswith(code))
        ]


def subjects(old: Iterable[str], old_year: Catalogue, new: Iterable[str], new_year: Catalogue) -> Subjects:
    """The codes of two workbooks of these years, grouped: a code with what it became, whatever that came from."""
    if old_year.year == new_year.year:
        return Subjects({}, {})
    parents: dict[tuple[bool, str], tuple[bool, str]] = {}
    changes: dict[tuple[bool, str], tuple[CodeChange, ...]] = {}
    for is_new, codes, year in ((False, old, new_year), (True, new, old_year)):
        for code in dict.fromkeys(codes):
            here = is_new, code
            parents.setdefault(here, here)
            changes[here] = year.ruled_out_by(code)
            for other in _there(code, year):
                there = not is_new, other
                parents.setdefault(there, there)
                parents[_root(parents, there)] = _root(parents, here)
    members: dict[tuple[bool, str], list[tuple[bool, str]]] = {}
    for one in parents:
        members.setdefault(_root(parents, one), []).append(one)
    groups: dict[tuple[bool, str], str] = {}
    told: dict[str, tuple[CodeChange, ...]] = {}
    for same in members.values():
        if len({code for _, code in same}) == 1 and not any(changes.get(one) for one in same):
            continue
        name = "＋".join(sorted({code for _, code in same}))
        groups |= dict.fromkeys(same, name)
        told[name] = tuple(sorted({change for one in same for change in changes.get(one, ())}))
    return Subjects(groups, told)


def _there(code: str, year: Catalogue) -> tuple[str, ...]:
    """The codes that another year has for one; a code that the catalogue does not know is the same there."""
    return year.successors(code) or (() if year.ruled_out_by(code) else (code,))


def _root(parents: dict[tuple[bool, str], tuple[bool, str]], one: tuple[bool, str]) -> tuple[bool, str]:
    while parents[one] != one:
        parents[one] = parents[parents[one]]
        one = parents[one]
    return one


def outermost(codes: Iterable[str]) -> set[str]:
    """The codes that no other of them contains."""
    known = set(codes)
    return {code for code in known if not any(code[:end] in known for end in range(1, len(code)))}
