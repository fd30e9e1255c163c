"""What is looked at before workbooks are written for the units of a roster (下发): their names, and what is there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from xltool.errors import FileRefused, RosterError
from xltool.layout.choice import has_units
from xltool.merge.roster.roster import RosterUnit, UnitType
from xltool.template.spec import Template

_WIDE = str.maketrans('<>:"/\\|?*', "＜＞：＂／＼｜？＊")
"""What Windows takes in no file name, and what looks like it."""

_UNSEEN = re.compile(r"[\x00-\x1f\x7f]+")
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)", re.IGNORECASE)
_LONGEST = 60
"""Letters before ".xlsx": with three bytes each they fit every disk."""

_SHOWN = 5


def file_names(units: Sequence[RosterUnit]) -> Iterator[str]:
    """A file name for each unit, from its code and name: safe on Windows, each once whatever the case."""
    taken: set[str] = set()
    for unit in units:
        text = _UNSEEN.sub("", f"{unit.code}{unit.name}").translate(_WIDE)[:_LONGEST].strip(". ")
        stem = name = f"_{text}" if _RESERVED.match(text) or not text else text
        number = 1
        while name.lower() in taken:
            number += 1
            name = f"{stem}（{number}）"
        taken.add(name.lower())
        yield f"{name}.xlsx"


def refuse_without_department(units: Sequence[RosterUnit], template: Template, subject: str) -> None:
    """Raise RosterError for units without a 上级单位 where the format prints the department above its units."""
    alone = [unit.name for unit in units if not unit.parent] if has_units(template) else []
    if alone:
        way = f"请给部门加一行（类型写“{UnitType.SUMMARY.value}”），再写进这些单位的“上级单位”"
        raise RosterError(f"模板“{template.title}”要印部门名称，{subject}里有单位没有上级单位，{way}：", alone)


def refuse_existing_files(files: Sequence[Path], force: bool) -> None:
    """Raise FileRefused for files that are there already, unless the user said that they may be overwritten."""
    there = [file.name for file in files if file.exists()] if not force else []
    if there:
        more = f"等 {len(there)} 个文件" if len(there) > _SHOWN else ""
        names = "、".join(f"“{name}”" for name in there[:_SHOWN])
        raise FileRefused(f"“{files[0].parent}”里已有{names}{more}：请换一个文件夹，或加 --force 覆盖。")
