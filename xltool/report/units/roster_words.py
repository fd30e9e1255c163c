"""Says what a roster holds, and what its author must look at in a drafted one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from xltool.merge.roster.roster import Roster, RosterUnit
from xltool.report.table import aligned


def roster_text(roster: Roster, source: Path) -> str:
    """The units as a tree, and how many of each type send a workbook."""
    rows = [_row(unit, len(roster.above(unit))) for unit in roster.units]
    return "\n".join([f"{source}：{_counted(roster)}。", "", *aligned(rows, 2)])


def drafted_roster_text(roster: Roster, remarks: Sequence[str], target: Path) -> str:
    """The whole account of a drafted roster, ending with what to do next."""
    parts = [[f"已起草名册：{target}，{_counted(roster)}。"]]
    if remarks:
        parts.append(["请核对", *(f"  {remark}" for remark in remarks)])
    ways = ("补上性质，改正类型、上级单位和顺序，加上没有交表的单位。", f'看名册写得对不对：xltool roster "{target}"')
    parts.append(["接下来", *(f"  {way}" for way in ways)])
    return "\n\n".join("\n".join(lines) for lines in parts)


def _counted(roster: Roster) -> str:
    types = Counter(unit.type.value for unit in roster.sending)
    return f"交表的 {len(roster.sending)} 个（{'，'.join(f'{name} {count}' for name, count in types.items())}）"


def _row(unit: RosterUnit, depth: int) -> list[str]:
    accounts = "" if unit.keeps_accounts else "非独立核算"
    nature = unit.nature.value if unit.nature else ""
    return [unit.code, "  " * depth + unit.name, unit.type.value, nature, accounts, "、".join(unit.spellings)]
