"""Which file is which unit's, in the order of the roster; all reasons why there can be no 汇总, told at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from xltool.merge.consolidation import State, UnitLine
from xltool.merge.roster.roster import Roster, RosterUnit, name_key
from xltool.merge.unit_file import UnitFile


class Sorted(NamedTuple):
    """The lines of 报送情况, those of the roster first; `files` has the file of each line that is added up, by index.

    `reasons` are sentences why nothing can be written.
    """

    lines: tuple[UnitLine, ...]
    files: dict[int, UnitFile]
    reasons: tuple[str, ...]


def sort_out(files: Sequence[UnitFile], roster: Roster | None, excluded: Collection[str], allow_errors: bool) -> Sorted:
    """Every file with its unit. Without a roster the units are those of the files, in the order of the files.

    `excluded` are the paths of files that are left out; with `allow_errors` workbooks with errors are added up.
    """
    left_out = [(file, state) for file in files if (state := _state_apart(file)) is not None]
    budgets = [file for file in files if _state_apart(file) is None]
    roster = _roster_of(budgets) if roster is None else roster
    by_unit: dict[str, list[UnitFile]] = {}
    for file in budgets:
        unit = roster.find(*file.identity)
        if unit is None or not unit.sends:
            left_out.append((file, State.NOT_LISTED))
        else:
            by_unit.setdefault(unit.name, []).append(file)
    lines: list[UnitLine] = []
    chosen: dict[int, UnitFile] = {}
    reasons: list[str] = []
    for unit in roster.sending:
        own = by_unit.get(unit.name, [])
        kept = [file for file in own if file.sent.path not in excluded]
        if len(kept) == 1:
            chosen[len(lines)] = kept[0]
            reasons += [] if allow_errors else _faults(unit, kept[0])
        elif kept:
            reasons.append(_twice(unit, kept))
        lines.append(_line(unit, own, kept))
    reasons += _differences([*chosen.values()])
    if not chosen and not reasons:
        reasons.append("没有一个单位的工作簿可以汇总：请检查文件夹和名册。")
    lines += [UnitLine(RosterUnit(*file.identity), state, file.sent, file.trouble) for file, state in left_out]
    return Sorted(tuple(lines), chosen, tuple(reasons))


def _state_apart(file: UnitFile) -> State | None:
    """What becomes of a file that can be of no unit; None if it is a budget."""
    if not file.is_budget:
        return State.NO_BUDGET
    if file.trouble:
        return State.UNREADABLE
    return State.EARLIER if file.is_merged else None


def _roster_of(files: Iterable[UnitFile]) -> Roster:
    """The units of the files themselves; one whose name is that of another is the same."""
    units: dict[str, RosterUnit] = {}
    for file in files:
        units.setdefault(name_key(file.identity.name), RosterUnit(*file.identity, order=len(units) + 1))
    return Roster(units.values())


def _line(unit: RosterUnit, own: Sequence[UnitFile], kept: Sequence[UnitFile]) -> UnitLine:
    if kept:
        return UnitLine(unit, State.MERGED, kept[0].sent)
    return UnitLine(unit, State.EXCLUDED, own[0].sent) if own else UnitLine(unit, State.MISSING)


def _faults(unit: RosterUnit, file: UnitFile) -> Iterator[str]:
    if file.sent.errors:
        yield (
            f"“{unit.name}”（{told(file)}）有 {file.sent.errors} 处错误，如：{file.problems[0]}"
            "请改正后再汇总（xltool check 逐一标出），或加 --allow-errors 照现有的数汇总。"
        )


def _twice(unit: RosterUnit, files: Sequence[UnitFile]) -> str:
    names = "、".join(told(file) for file in files)
    return f"“{unit.name}”有 {len(files)} 份工作簿：{names}。请只留一份，或用 --exclude 去掉其余的。"


def _differences(files: Sequence[UnitFile]) -> Iterator[str]:
    """What all workbooks of one 汇总 must have in common."""
    yield from _groups(files, lambda file: file.template, "属于不同的模板", "一次只能汇总一套格式")
    if len({file.template for file in files}) == 1:
        yield from _groups(
            files, lambda file: f"{file.year} 年", "年度不同", "请把不是本年度的移走，或用 --exclude 去掉"
        )
        yield from _groups(files, lambda file: f"第 {file.version} 版", "用的模板版本不同", _CARRY_OVER)


_CARRY_OVER = "旧版的数可以转到新版：先 xltool read 旧.xlsx -o 数.csv，再 xltool fill 模板 数.csv -o 新.xlsx"


def _groups(files: Sequence[UnitFile], of: Callable[[UnitFile], str], wrong: str, advice: str) -> Iterator[str]:
    groups: dict[str, list[UnitFile]] = {}
    for file in files:
        groups.setdefault(of(file), []).append(file)
    if len(groups) > 1:
        parts = "；".join(f"{value}：{_some(group)}" for value, group in groups.items())
        yield f"各单位的工作簿{wrong}（{parts}）：{advice}。"


_SHOWN = 3


def _some(files: Sequence[UnitFile]) -> str:
    names = "、".join(told(file) for file in files[:_SHOWN])
    return names if len(files) <= _SHOWN else f"{names}等 {len(files)} 个文件"


def told(file: UnitFile) -> str:
    """A file as messages name it."""
    return Path(file.sent.path).name
