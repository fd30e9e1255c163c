"""Which file is which unit's, in the order of the roster; all reasons why there can be no 汇总, told at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from xltool.merge.consolidation import State, UnitLine
from xltool.merge.roster.match import match
from xltool.merge.roster.roster import CORRECTIONS, Roster, RosterUnit, name_key
from xltool.merge.unit_file import UnitFile

_NO_NAMES = ("部门", "合计", "抵销", "抵销后")
"""What rows of the official tables and columns of 汇总底稿 are called, so that no unit can be."""


class SortedFiles(NamedTuple):
    """The lines of 报送情况, those of the roster first; `files` has the file of each line that is added up, by index.

    `reasons` are sentences why nothing can be written.
    """

    lines: tuple[UnitLine, ...]
    files: dict[int, UnitFile]
    reasons: tuple[str, ...]


def sort_out(
    files: Sequence[UnitFile], roster: Roster | None, chosen: Roster | None, excluded: Collection[str]
) -> SortedFiles:
    """Every file with its unit. Without a roster the units are those of the files, in the order of the files.

    `chosen` is the part of the roster that is added up (选择汇总; all of it if None): of the others nothing is said.
    `excluded` are the paths of files that are left out.
    """
    budgets = [file for file in files if not file.trouble]
    roster = _roster_of(budgets) if roster is None else roster
    kept = [file for file in budgets if file.sent.path not in excluded]
    matching = match([(file.sent.name, file.identity) for file in kept], roster)
    of_unit: dict[str, tuple[UnitFile, str]] = {}
    apart = [_line_apart(file, _trouble(file), file.trouble) for file in files if file.trouble]
    for file, matched in zip(kept, matching.matches, strict=True):
        if matched.unit is not None:
            sent = file.as_correction if matched.unit.type in CORRECTIONS else file
            of_unit[matched.unit.name] = sent, "".join((matched.note, *file.seen))
        elif matched.note:
            apart.append(_line_apart(file, State.EARLIER if matched.is_summary else State.NOT_LISTED, matched.note))
    left_out = _excluded(budgets, excluded, roster)
    lines: list[UnitLine] = []
    found: dict[int, UnitFile] = {}
    for unit in (chosen or roster).sending:
        if unit.name in of_unit:
            found[len(lines)], note = of_unit[unit.name]
            lines.append(UnitLine(unit, State.MERGED, of_unit[unit.name][0].sent, note))
        else:
            lines.append(_line_without(unit, left_out.get(unit.name)))
    reasons = [*matching.refusals, *_differences([*found.values()])]
    reasons += [_ambiguous(lines[i].unit.name, file) for i, file in found.items() if lines[i].unit.name in _NO_NAMES]
    if not found and not reasons:
        reasons.append("没有一个单位的工作簿可以汇总：请检查文件夹和名册。")
        reasons += [file.trouble for file in files if file.trouble]
    return SortedFiles((*lines, *apart), found, tuple(reasons))


def _ambiguous(name: str, file: UnitFile) -> str:
    return (
        f"“{file.sent.name}”的单位叫“{name}”，汇总里有这样叫的行和栏，分不开："
        "请写单位的全称（用名册的，改名册里的名称）再汇总。"
    )


def faults(sorted_out: SortedFiles) -> list[str]:
    """A sentence for each unit whose workbook has errors."""
    return [
        f"“{sorted_out.lines[unit].unit.name}”（{file.sent.name}）有 {file.sent.errors} 处错误，"
        f"如：{file.problems[0]}。"
        "请改正后再汇总（xltool check 逐一标出）；要照现有的数汇总，用 --allow-errors。"
        for unit, file in sorted_out.files.items()
        if file.sent.errors
    ]


def _trouble(file: UnitFile) -> State:
    return State.UNREADABLE if file.is_budget else State.NO_BUDGET


def _line_without(unit: RosterUnit, left_out: UnitFile | None) -> UnitLine:
    """The line of a unit of whose workbook nothing is added up."""
    if left_out is not None:
        return UnitLine(unit, State.EXCLUDED, left_out.sent)
    return UnitLine(unit, State.MISSING if unit.keeps_accounts else State.DEPENDENT)


def _line_apart(file: UnitFile, state: State, note: str) -> UnitLine:
    return UnitLine(RosterUnit(file.identity.code, file.identity.name), state, file.sent, note)


def _roster_of(files: Iterable[UnitFile]) -> Roster:
    """The units of the files themselves; those of the same name are one. A 汇总 of before is none of them."""
    units: dict[str, RosterUnit] = {}
    for file in files:
        if not file.identity.is_merged:
            code, name = file.identity[:2]
            units.setdefault(name_key(name), RosterUnit(code, name, order=len(units) + 1))
    return Roster(units.values())


def _excluded(files: Iterable[UnitFile], excluded: Collection[str], roster: Roster) -> dict[str, UnitFile]:
    """The files that are left out, by the names of their units."""
    left_out = [file for file in files if file.sent.path in excluded]
    found = (match([(file.sent.name, file.identity)], roster).matches[0].unit for file in left_out)
    return {unit.name: file for unit, file in zip(found, left_out, strict=True) if unit is not None}


def _differences(files: Sequence[UnitFile]) -> Iterator[str]:
    """What all workbooks of one 汇总 must have in common."""
    yield from _groups(files, lambda file: file.template, "属于不同的模板", "一次只能汇总一套格式")
    if len({file.template for file in files}) == 1:
        yield from _groups(
            files, lambda file: f"{file.year} 年", "年度不同", "请把不是本年度的移走，或用 --exclude 去掉"
        )
        newest = max(file.version for file in files)
        versions = [f"第 {version} 版{'（旧）' * (version < newest)}" for version in range(newest + 1)]
        yield from _groups(files, lambda file: versions[file.version], "用的模板版本不同", _CARRY_OVER)


_CARRY_OVER = "旧版的数可以转到新版：先用 xltool read 旧.xlsx -o 数.csv，再用 xltool fill 模板 数.csv -o 新.xlsx"


def _groups(files: Sequence[UnitFile], of: Callable[[UnitFile], str], wrong: str, advice: str) -> Iterator[str]:
    groups: dict[str, list[UnitFile]] = {}
    for file in files:
        groups.setdefault(of(file), []).append(file)
    if len(groups) > 1:
        parts = "；".join(f"{value}：{_some(group)}" for value, group in groups.items())
        yield f"各单位的工作簿{wrong}（{parts}）：{advice}。"


_SHOWN = 3


def _some(files: Sequence[UnitFile]) -> str:
    names = "、".join(file.sent.name for file in files[:_SHOWN])
    return names if len(files) <= _SHOWN else f"{names}等 {len(files)} 个文件"
