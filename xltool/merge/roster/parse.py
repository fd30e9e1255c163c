"""Makes a roster of the lines of a list, or says of every wrong line what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from typing import NamedTuple, TypeVar

from xltool.errors import RosterError
from xltool.merge.roster.roster import Nature, Roster, RosterUnit, UnitType, code_key, name_key, name_keys
from xltool.source.cells import shortened
from xltool.source.lists import Columns, ListLine
from xltool.template.names import normal, visible

Word = TypeVar("Word", bound=Enum)

COLUMNS = Columns(
    {
        "code": ("编码", "单位编码", "预算单位编码", "代码", "单位代码", "code"),
        "name": ("名称", "单位名称", "预算单位名称", "预算单位", "单位", "name"),
        "parent": ("上级单位", "上级", "主管部门", "上级部门", "所属部门", "上级单位名称", "主管部门名称", "parent"),
        "nature": ("性质", "单位性质", "nature"),
        "keeps_accounts": ("独立核算", "是否独立核算", "核算形式", "keeps_accounts"),
        "type": ("类型", "报表类型", "type"),
        "order": ("顺序", "序号", "排序", "order"),
        "spellings": ("其他名称", "其他写法", "别名", "曾用名", "spellings"),
    },
    frozenset({"name"}),
)

YES, NO = "是", "否"
_YES = {"", YES, "1", "TRUE", "YES", "Y", "√", "独立核算"}
_NO = {NO, "0", "FALSE", "NO", "N", "×", "非独立核算"}
_LONGEST_NAME, _LONGEST_CODE = 100, 40
"""Letters."""

_DEEPEST = 20
"""So many lines stand one above the other; governments have some five levels."""

_NATURES = {
    Nature.ADMINISTRATIVE: "行政(单位|机关)?",
    Nature.LIKE_ADMINISTRATIVE: "参(公|照公务员).*",
    Nature.INSTITUTION: "(?!参(公|照公务员)).*事业(单位)?",
}
"""As lists call them: 参照公务员法管理的事业单位, 财政补助事业单位."""

_TYPES = {one: f"{one.value}表?" for one in UnitType}

_BETWEEN = re.compile(r"[;；、,，|\n]")


class _Listed(NamedTuple):
    """A unit as its line tells it: the parent by code or name, the type None where the line does not say."""

    place: str
    unit: RosterUnit
    type: UnitType | None
    order: int | None


def roster_of(lines: Iterable[ListLine], subject: str) -> Roster:
    """The roster that these lines are. Raises RosterError, which begins with `subject`, listing every wrong line."""
    problems: list[str] = []
    listed = [_listed(line, problems) for line in lines]
    problems += _repeated(listed)
    if not listed:
        raise RosterError(f"{subject}里没有单位：表头下面一行写一个单位。", [])
    units = _nested(listed, problems)
    if problems:
        raise RosterError(f"{subject}有 {len(problems)} 处不能用，请改正：", problems)
    return Roster(unit._replace(order=order) for order, unit in enumerate(units, 1))


def _listed(line: ListLine, problems: list[str]) -> _Listed:
    """The unit of one line; what is wrong with the line itself is added to `problems`."""
    texts = {column: " ".join(visible(text).split()) for column, text in line.texts.items()}

    def wrong(problem: str) -> None:
        problems.append(f"{line.place}：{problem}")

    def word(column: str, meant: Mapping[Word, str]) -> Word | None:
        text = normal(texts.get(column, ""))
        found = next((one for one, words in meant.items() if re.fullmatch(words, text)), None)
        if text and found is None:
            heading, words = COLUMNS.words[column][0], "、".join(str(one.value) for one in meant)
            wrong(f"{heading}“{shortened(texts[column])}”只能是：{words}")
        return found

    accounts = normal(texts.get("keeps_accounts", "")).upper()
    if accounts not in _YES | _NO:
        wrong(f"独立核算“{shortened(texts['keeps_accounts'])}”只能是：{YES}、{NO}")
    order = normal(texts.get("order", ""))
    if order and not re.fullmatch(r"[0-9]{1,9}", order):
        wrong(f"顺序“{shortened(texts['order'])}”不是整数")
        order = ""
    if not name_key(texts["name"]):
        wrong("没有单位名称")
    for column, most in (("name", _LONGEST_NAME), ("code", _LONGEST_CODE)):
        if len(texts.get(column, "")) > most:
            wrong(f"{COLUMNS.words[column][0]}“{shortened(texts[column])}”超过 {most} 个字")
    unit = RosterUnit(
        normal(texts.get("code", "")),
        texts["name"],
        texts.get("parent", ""),
        word("nature", _NATURES),
        accounts not in _NO,
        spellings=tuple(filter(None, map(str.strip, _BETWEEN.split(visible(line.texts.get("spellings", "")))))),
    )
    return _Listed(line.place, unit, word("type", _TYPES), int(order) if order else None)


def _repeated(listed: Sequence[_Listed]) -> Iterator[str]:
    """What is said of codes and names that more than one line has."""
    codes: dict[str, _Listed] = {}
    names: dict[str, _Listed] = {}
    for one in listed:
        first = codes.setdefault(code_key(one.unit.code), one)
        if one.unit.code and first is not one:
            yield f"{one.place}：编码“{one.unit.code}”与{first.place}“{first.unit.name}”的相同"
        first = names.setdefault(name_key(one.unit.name), one)
        if first is not one:
            yield f"{one.place}：名称“{one.unit.name}”与{first.place}的相同"


def _ambiguous(listed: Sequence[_Listed], parents: Sequence[int | None]) -> Iterator[str]:
    """What is said of other spellings that mean another line too; a 本级 may have its department's name as one."""
    owners: dict[str, int] = {}
    for i, one in enumerate(listed):
        owners.setdefault(name_key(one.unit.name), i)
    for i, one in enumerate(listed):
        for key in name_keys(one.unit):
            owner = owners.setdefault(key, i)
            if owner not in (i, parents[i]) and key != name_key(one.unit.name):
                other = listed[owner]
                yield f"{one.place}：“{one.unit.name}”的其他名称与{other.place}“{other.unit.name}”的相同"


def _nested(listed: Sequence[_Listed], problems: list[str]) -> list[RosterUnit]:
    """The units with their parents by name and their types, every parent before its children."""
    parents = _parents(listed, problems)
    problems += _ambiguous(listed, parents)
    below: dict[int | None, list[int]] = {}
    for i in sorted(range(len(listed)), key=lambda i: (listed[i].order is None, listed[i].order or 0, i)):
        below.setdefault(parents[i], []).append(i)
    ordered = _downward(below)
    for i, one in enumerate(listed):
        if i not in ordered:
            problems.append(f"{one.place}：“{one.unit.name}”的上级单位又在它自己下面")
        elif ordered[i] == _DEEPEST:
            problems.append(f"{one.place}：“{one.unit.name}”上面有 {_DEEPEST} 层单位，套得太深")
        problems += _type_problems(one, i in below)
    return [_complete(listed, i, parents[i], i in below) for i in ordered]


def _parents(listed: Sequence[_Listed], problems: list[str]) -> list[int | None]:
    """Which line is above each, None for those at the top."""
    named: dict[str, int] = {}
    for i, one in enumerate(listed):
        named.setdefault(name_key(one.unit.name), i)
    found = Roster(listed[i].unit for i in named.values())
    parents: list[int | None] = []
    for one in listed:
        told = one.unit.parent
        unit = found.with_code(told) or found.with_name(told)
        parents.append(named.get(name_key(told), named[name_key(unit.name)] if unit else None) if told else None)
        if told and parents[-1] is None:
            way = f"请给它加一行，类型写“{UnitType.SUMMARY.value}”"
            problems.append(f"{one.place}：名册里没有上级单位“{shortened(told)}”，{way}")
    return parents


def _downward(below: Mapping[int | None, list[int]]) -> dict[int, int]:
    """The lines that hang from the top, each parent before its children, and how many stand above each."""
    ordered: dict[int, int] = {}
    waiting = [(i, 0) for i in reversed(below.get(None, []))]
    while waiting:
        i, depth = waiting.pop()
        ordered[i] = depth
        waiting += [(child, depth + 1) for child in reversed(below.get(i, []))]
    return ordered


def _type_problems(one: _Listed, has_children: bool) -> list[str]:
    name, summary = one.unit.name, UnitType.SUMMARY
    if has_children and one.type not in (None, summary):
        own = f"它自己的工作簿另列一行，如“{name}本级”"
        return [f"{one.place}：“{name}”是别的单位的上级，类型只能是“{summary.value}”，{own}"]
    if not has_children and one.type is summary:
        return [f"{one.place}：“{name}”的类型是“{summary.value}”，下面却没有单位"]
    return []


def _complete(listed: Sequence[_Listed], i: int, parent: int | None, has_children: bool) -> RosterUnit:
    above = "" if parent is None else listed[parent].unit.name
    usual = UnitType.SUMMARY if has_children else UnitType.SINGLE
    return listed[i].unit._replace(parent=above, type=listed[i].type or usual)
