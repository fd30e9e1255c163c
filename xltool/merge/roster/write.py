"""Writes a roster as a list that its author corrects: CSV, or .xlsx, in which Excel leaves the zeros of codes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from xltool.csv_text import csv_bytes
from xltool.errors import FileRefused
from xltool.excel.write.handouts.list_sheet import list_bytes
from xltool.merge.roster.parse import COLUMNS, NO, YES
from xltool.merge.roster.roster import Nature, Roster, RosterUnit, UnitType
from xltool.saving import save_file

_WIDTHS = (14, 36, 36, 8, 10, 8, 8, 36)
_CHOICES = {3: [one.value for one in Nature], 4: [YES, NO], 5: [one.value for one in UnitType]}


def refuse_other_endings(target: Path) -> None:
    """Raise FileRefused for a file name that does not say how to write a roster."""
    if target.suffix.lower() not in (".csv", ".xlsx"):
        raise FileRefused(f"不知道怎样写“{target.name}”：名册的文件名应以 .csv 或 .xlsx 结尾。")


def save_roster(roster: Roster, target: Path) -> None:
    """Write a roster to `target`, in one step, so that `read_roster` reads the same. Raises FileRefused."""
    refuse_other_endings(target)
    rows = roster_rows(roster)
    is_sheet = target.suffix.lower() == ".xlsx"
    save_file(target, list_bytes("名册", rows, _WIDTHS, _CHOICES) if is_sheet else csv_bytes(rows))


def roster_rows(roster: Roster) -> list[Sequence[str]]:
    """The headings and a line for each unit."""
    return [COLUMNS.headings, *map(_row, roster.units)]


def _row(unit: RosterUnit) -> Sequence[str]:
    return (
        *(unit.code, unit.name, unit.parent, unit.nature.value if unit.nature else ""),
        *(YES if unit.keeps_accounts else NO, unit.type.value, str(unit.order), "；".join(unit.spellings)),
    )
