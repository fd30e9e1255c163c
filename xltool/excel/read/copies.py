"""Tells the original of a table from copies of it that were kept in the workbook: hidden sheets and backups."""

from __future__ import annotations

import re
from collections.abc import Sequence

from xltool.source.sheet import Sheet, Source
from xltool.template.names import normal

_WORDS = "备份|副本|复制|拷贝|copy|backup"
_BACKUP = re.compile(rf"^(?:{_WORDS})|(?:{_WORDS}|旧|旧表|bak|old)\d*[)\]]?$")
_NUMBERED = re.compile(r"(?:\(\d+\)|_\d+)$")
"""What programs add to the name of a sheet that is copied: 收支总表 (2)."""


def originals(sheets: Sequence[Sheet], source: Source) -> list[Sheet]:
    """Those of several sheets with the same table that may be the original.

    That is the one which a hidden name of ours points to; else a sheet that is shown before one that is hidden, and
    one that is not called a copy before one that is. Of sheets with the same content the first stands for all.
    """
    ranks = [_rank(sheet.name, source) for sheet in sheets]
    best = [sheet for sheet, rank in zip(sheets, ranks, strict=True) if rank == min(ranks)]
    return best[:1] if all(sheet.cells == best[0].cells for sheet in best) else best


def is_kept_aside(sheet: Sheet, source: Source) -> bool:
    """Whether a sheet is hidden or called a backup; a number after its name says nothing where forms are copied."""
    return sheet.name in source.hidden or bool(_BACKUP.search(normal(sheet.name).lower()))


def _rank(name: str, source: Source) -> tuple[bool, bool, bool]:
    plain = normal(name).lower()
    is_copy = bool(_BACKUP.search(plain) or _NUMBERED.search(plain))
    return name not in source.originals, name in source.hidden, is_copy
