"""Which file is of which line of a roster, and why files cannot be added up as they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from xltool.merge.roster.identity import Identity
from xltool.merge.roster.roster import Roster, RosterUnit, code_key, name_key, name_keys

_SETTLE = "请核对是哪个单位的，改正后再汇总。"


class Match(NamedTuple):
    """A file, by the name that sentences give it, and its unit, None if it is of none that sends a workbook.

    `is_summary` says why it has none: it is a 汇总, the department's own of before; otherwise it is not on the roster.
    `note` is a sentence about that, or about what is to be known of the unit's file ("" if there is nothing).
    """

    file: str
    unit: RosterUnit | None = None
    is_summary: bool = False
    note: str = ""


class Matching(NamedTuple):
    """A match for every file, in their order; `refusals` are sentences that name the files, if nothing may be added."""

    matches: tuple[Match, ...]
    refusals: tuple[str, ...]


def match(files: Sequence[tuple[str, Identity]], roster: Roster) -> Matching:
    """Find the line of the roster for each file: by code, else by name.

    Refused are two files of one unit, and a file that says two units: by its code and its name, or by what is noted
    in it and what is printed.
    """
    found = [_match(file, identity, roster) for file, identity in files]
    refusals = [one for one in found if isinstance(one, str)]
    matches = tuple(Match(file) if isinstance(one, str) else one for (file, _), one in zip(files, found, strict=True))
    return Matching(matches, (*refusals, *_twice(matches)))


def _match(file: str, identity: Identity, roster: Roster) -> Match | str:
    """The match of one file, or why it is refused."""
    code, name = identity.code, identity.name
    if identity.is_summary:
        return _summary(file, identity, roster)
    by_name = roster.with_name(name)
    is_part = by_name is not None and name.startswith(code) and name_key(name) in name_keys(by_name)
    by_code = None if is_part else roster.with_code(code)
    if by_code and by_name and by_code != by_name and by_code.sends and by_name.sends:
        return f"“{file}”的编码“{code}”是“{by_code.name}”的，名称却是“{by_name.name}”：{_SETTLE}"
    unit = by_code if by_code and (by_code.sends or not (by_name and by_name.sends)) else by_name
    if unit is None:
        return Match(file, note=_unknown(identity))
    if not unit.sends:
        way = f"如果这是本级的，请在名册里本级这一行的“其他名称”里写上“{name}”"
        return Match(file, is_summary=True, note=f"“{unit.name}”在名册里是汇总，不收它的工作簿；{way}。")
    printed = roster.with_name(identity.printed)
    if printed and printed != unit and printed.sends:
        return f"“{file}”是给“{unit.name}”的工作簿，表上写的却是“{printed.name}”：{_SETTLE}"
    return Match(file, unit, note=_remark(identity, unit, by_name, printed))


def _summary(file: str, identity: Identity, roster: Roster) -> Match:
    """A 汇总 is a unit's workbook only if the roster has it by its own name: where one adds up in stages."""
    unit = roster.with_code(identity.code) or roster.named(identity.name)
    if unit is not None and unit.sends:
        return Match(file, unit)
    return Match(file, is_summary=True, note="这是以前的汇总，没有计入。")


def _unknown(identity: Identity) -> str:
    said = "、".join(f"“{text}”" for text in (identity.code, identity.name) if text)
    return f"名册里没有{said}。" if said else "工作簿里没有写单位名称。"


def _remark(identity: Identity, unit: RosterUnit, by_name: RosterUnit | None, printed: RosterUnit | None) -> str:
    """What is to be known of a file that was matched in spite of a difference."""
    if identity.code and by_name != unit and code_key(identity.code) != code_key(unit.code):
        return f"编码“{identity.code}”与名册里的“{unit.code}”只差前面的零，认作“{unit.name}”。"
    if identity.printed and printed is None:
        return f"表上写的是“{identity.printed}”，按工作簿里记的认作“{unit.name}”。"
    if identity.name and by_name is None:
        return f"名称“{identity.name}”与名册里的不同，按编码认作“{unit.name}”。"
    return ""


def _twice(matches: Sequence[Match]) -> list[str]:
    files: dict[str, list[str]] = {}
    for one in matches:
        if one.unit is not None:
            files.setdefault(one.unit.name, []).append(one.file)
    return [
        f"{'、'.join(f'“{file}”' for file in same)}都是“{name}”的：请只留一个，其余的移走或用 --exclude 剔除。"
        for name, same in files.items()
        if len(same) > 1
    ]
