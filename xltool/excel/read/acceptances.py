"""Reads a 问题清单 in which reasons were filled in, as Excel, WPS or LibreOffice saves it."""

from __future__ import annotations

from pathlib import Path

from xltool.errors import AcceptancesError
from xltool.excel.read.lists import list_lines
from xltool.model import Acceptance
from xltool.source.acceptances import COLUMNS, acceptances_of


def read_acceptances(path: Path, today: str) -> tuple[Acceptance, ...]:
    """The reasons in the list at `path`, dated `today` where no date is written; none if none was filled in.

    Raises FileRefused, and AcceptancesError listing every line that is wrong.
    """
    lines = list_lines(path, COLUMNS)
    if lines is None:
        lacking = f"“{path.name}”里没有“说明”和“核对码”两栏"
        raise AcceptancesError(f"{lacking}：请用 xltool check --list 写出的问题清单。", [])
    return acceptances_of(lines, f"“{path.name}”", today)
