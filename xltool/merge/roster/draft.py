"""A first roster, from what the workbooks of its units say, for its author to correct."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from xltool.merge.roster.identity import Identity
from xltool.merge.roster.roster import Roster, RosterUnit, UnitType, code_before, code_key, name_key


class Drafted(NamedTuple):
    """A roster, and sentences about what its author must look at."""

    roster: Roster
    remarks: tuple[str, ...]


def drafted(files: Sequence[tuple[str, Identity]]) -> Drafted:
    """The roster of the units that the files are of, with the departments that they print as 汇总 lines above them.

    Units stand in the order of their codes, those without one after them. Of several files of one unit the first is
    taken; a 汇总 is left out, unless there is nothing else: then it is 汇总 that are added up.
    """
    senders = [(file, identity) for file, identity in files if not identity.is_summary]
    senders = senders or [(file, identity._replace(department="")) for file, identity in files]
    chosen = {file for file, _ in senders}
    remarks = [f"“{file}”是汇总，没有列入。" for file, _ in files if file not in chosen]
    departments = {name_key(one.department): one.department for _, one in senders if one.department}
    units: list[RosterUnit] = []
    owners: dict[str, str] = {}
    for file, identity in senders:
        unit = _unit(identity, departments)
        keys = [key for key in (code_key(unit.code) and f"编码{code_key(unit.code)}", name_key(unit.name)) if key]
        first = next((owners[key] for key in keys if key in owners), "")
        if not identity.name:
            remarks.append(f"“{file}”里没有写单位名称，没有列入。")
        elif name_key(unit.name) in departments:
            remarks.append(f"“{file}”的单位“{identity.name}”与部门同名，没有列入：请自己加一行。")
        elif first:
            remarks.append(f"“{file}”与“{first}”是同一个单位“{unit.name}”的，只列一次：请看该留哪一个。")
        else:
            owners.update(dict.fromkeys(keys, file))
            units.append(unit)
            remarks += _guesses(file, identity, unit)
    return Drafted(Roster(_in_order(units, departments.values())), tuple(remarks))


def _unit(identity: Identity, departments: Mapping[str, str]) -> RosterUnit:
    """The line of a unit; one with its department's name is the 本级, whose line needs another name."""
    code, name = identity.code, identity.name
    if code and code == code_before(name):
        name = name[len(code) :]
    department = departments.get(name_key(name))
    if department:
        return RosterUnit(code, f"{name}本级", department, spellings=(name,))
    return RosterUnit(code, name, departments.get(name_key(identity.department), ""))


def _guesses(file: str, identity: Identity, unit: RosterUnit) -> Iterator[str]:
    if unit.spellings:
        yield f"“{file}”的单位与部门同名，“{unit.spellings[0]}”列作“{unit.name}”：请核对。"
    if unit.code and unit.code == code_before(identity.name):
        yield f"“{file}”的编码“{unit.code}”取自表上的“{identity.name}”：请核对。"
    if identity.printed:
        yield f"“{file}”里记的是“{identity.name}”，表上写的是“{identity.printed}”：请核对是哪个单位的。"


def _in_order(units: Sequence[RosterUnit], departments: Iterable[str]) -> Iterator[RosterUnit]:
    """Each department with its units, then the units without one; numbered."""
    by_code = sorted(units, key=lambda unit: (not unit.code, unit.code))
    ordered = [unit for unit in by_code if not unit.parent]
    for name in departments:
        own = [unit for unit in by_code if unit.parent == name]
        ordered += [RosterUnit("", name, type=UnitType.SUMMARY), *own] if own else []
    return (unit._replace(order=order) for order, unit in enumerate(ordered, 1))
