"""The roster (名册): the units of a department, how they nest, and which of them a code or a name means."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import Enum
from functools import cached_property
from typing import NamedTuple

from xltool.errors import RosterError
from xltool.template.names import normal

_BRACKETS = str.maketrans("", "", "()[]{}<>〔〕【】〈〉《》")
_CODE_BEFORE = re.compile(r"([0-9]{3,})\D")


class UnitType(Enum):
    """What the workbook of a line is (报表类型); a 汇总 line has none of its own, it only heads others."""

    SINGLE = "单户"
    DIFFERENCE = "差额"
    ADJUSTMENT = "调整"
    SUMMARY = "汇总"


CORRECTIONS = (UnitType.DIFFERENCE, UnitType.ADJUSTMENT)
"""The types whose amounts correct those of others, and may be below zero."""


class Nature(Enum):
    """What kind of unit it is (单位性质)."""

    ADMINISTRATIVE = "行政"
    LIKE_ADMINISTRATIVE = "参公"
    INSTITUTION = "事业"


class RosterUnit(NamedTuple):
    """One line of a roster.

    `code` may be "", `name` is unique; `parent` is the name of the line above it in the tree, "" at the top; `nature`
    None if it is not told; `order` the place in the roster, from 1; `spellings` other spellings of the name.
    """

    code: str
    name: str
    parent: str = ""
    nature: Nature | None = None
    keeps_accounts: bool = True
    type: UnitType = UnitType.SINGLE
    order: int = 0
    spellings: tuple[str, ...] = ()

    @property
    def sends(self) -> bool:
        """Whether a workbook of its own is collected from it; without accounts of its own (非独立核算) it may be
        missing."""
        return self.type is not UnitType.SUMMARY


class Roster:
    """The units of a list without mistakes, each 上级 before its 下属, in the order of the roster."""

    def __init__(self, units: Iterable[RosterUnit]) -> None:
        self.units = tuple(units)
        self._by_name = {unit.name: unit for unit in self.units}

    @property
    def department(self) -> str:
        """The name of the one 汇总 line that heads all others; "" if there is none."""
        tops = self.children("")
        return tops[0].name if len(tops) == 1 and not tops[0].sends else ""

    @property
    def sending(self) -> tuple[RosterUnit, ...]:
        """The units to be collected: all but the 汇总 lines."""
        return tuple(unit for unit in self.units if unit.sends)

    def children(self, name: str) -> tuple[RosterUnit, ...]:
        """The lines directly below the one of that name, those at the top for ""."""
        return self._children.get(name, ())

    def above(self, unit: RosterUnit) -> tuple[RosterUnit, ...]:
        """The lines above a unit, the nearest first."""
        found: list[RosterUnit] = []
        parent = self._by_name.get(unit.parent)
        while parent is not None:
            found.append(parent)
            parent = self._by_name.get(parent.parent)
        return tuple(found)

    def under(self, name: str) -> Roster:
        """The part below the line with that name or code, with it. Raises RosterError if there is none."""
        top = self.named(name) or self.find(name, name)
        if top is None:
            raise RosterError(f"名册里没有“{name}”这个单位：请写名册里的名称或编码。", [])
        below = {top.name}
        below.update(unit.name for unit in self.units if any(one.name == top.name for one in self.above(unit)))
        return Roster(unit._replace(parent="") if unit is top else unit for unit in self.units if unit.name in below)

    def of_nature(self, nature: Nature) -> Roster:
        """The units of one nature, and the 汇总 lines above them."""
        chosen = [unit for unit in self.sending if unit.nature is nature]
        kept = {unit.name for one in chosen for unit in (one, *self.above(one))}
        return Roster(unit for unit in self.units if unit.name in kept)

    def named(self, name: str) -> RosterUnit | None:
        """The line whose own name that is: other spellings do not count."""
        return self._named.get(name_key(name))

    def find(self, code: str, name: str) -> RosterUnit | None:
        """The unit with that code, else with that name; None if there is none, or not one alone."""
        return self.with_code(code) or self.with_name(name)

    def with_code(self, code: str) -> RosterUnit | None:
        """The unit with that code; if none has it, the only one whose code differs by leading zeros alone."""
        key = code_key(code)
        return _only(self._by_code.get(key, ())) or _only(self._by_number.get(key.lstrip("0"), ()) if key else ())

    def with_name(self, name: str) -> RosterUnit | None:
        """The unit with that name or spelling, in which a code may stand before the name (“202青龙…”).

        Of a department and its 本级 that it is another spelling of, it is the 本级, which sends the workbook.
        """
        found = _only(self._by_key.get(name_key(name), ()))
        return found or _only(self._by_key.get(name_key(name[len(code_before(name)) :]), ()))

    @cached_property
    def _named(self) -> dict[str, RosterUnit]:
        return {name_key(unit.name): unit for unit in self.units}

    @cached_property
    def _children(self) -> dict[str, tuple[RosterUnit, ...]]:
        return _grouped((unit.parent, unit) for unit in self.units)

    @cached_property
    def _by_code(self) -> dict[str, tuple[RosterUnit, ...]]:
        return _grouped((code_key(unit.code), unit) for unit in self.units if unit.code)

    @cached_property
    def _by_number(self) -> dict[str, tuple[RosterUnit, ...]]:
        return _grouped((code_key(unit.code).lstrip("0"), unit) for unit in self.units if unit.code)

    @cached_property
    def _by_key(self) -> dict[str, tuple[RosterUnit, ...]]:
        found = _grouped((key, unit) for unit in self.units for key in name_keys(unit))
        return {key: tuple(unit for unit in units if unit.sends) or units for key, units in found.items()}


def _grouped(pairs: Iterable[tuple[str, RosterUnit]]) -> dict[str, tuple[RosterUnit, ...]]:
    groups: dict[str, list[RosterUnit]] = {}
    for key, unit in pairs:
        groups.setdefault(key, []).append(unit)
    return {key: tuple(units) for key, units in groups.items()}


def _only(units: tuple[RosterUnit, ...]) -> RosterUnit | None:
    return units[0] if len(units) == 1 else None


def code_key(code: str) -> str:
    """A code made comparable."""
    return normal(code).upper()


def name_key(name: str) -> str:
    """A name made comparable: blanks, brackets and full width do not count."""
    return normal(name).translate(_BRACKETS).upper()


def name_keys(unit: RosterUnit) -> Iterator[str]:
    """The name and the other spellings, made comparable, each once."""
    return iter(dict.fromkeys(map(name_key, (unit.name, *unit.spellings))))


def code_before(name: str) -> str:
    """The code that stands before a name, as in “202青龙满族自治县信访局”; "" if none does."""
    found = _CODE_BEFORE.match(normal(name))
    return found[1] if found and name.startswith(found[1]) else ""
