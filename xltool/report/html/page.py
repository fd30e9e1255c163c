"""The report that is sent to whoever must correct a workbook: one file, which needs nothing else and asks nothing."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from xltool.report.html.contents import Contents
from xltool.report.html.environment import environment, script, style_sheet
from xltool.saving import save_file

_MOST, _MOST_OF_ONE = 3_000, 300
"""Errors and warnings listed in a report, and of one of its workbooks: a page with more is slow, and read by nobody."""


class Checked(NamedTuple):
    """What came of one workbook: its contents, None if it could not be checked; `trouble` is why something could not
    be done, "" if all was. `file` is the workbook that the links lead to."""

    file: Path
    contents: Contents | None
    trouble: str = ""


class _Shown(NamedTuple):
    """One workbook in the page: the id that its anchors begin with, its name, its path from the page ("": no links)."""

    id: str
    name: str
    file: str
    told: Contents | None
    trouble: str


def most_told(files: int) -> int:
    """How many errors and warnings are listed of each of so many workbooks."""
    return max(min(_MOST // max(files, 1), _MOST_OF_ONE), 1)


def save_report(checked: Sequence[Checked], target: Path) -> None:
    """Write the report on some workbooks. Raises FileRefused."""
    save_file(target, report_page(checked, target).encode(errors="replace"))  # a name may be no text


def report_page(checked: Sequence[Checked], target: Path) -> str:
    """The report on some workbooks, as it is to be at `target`.

    Links lead to a workbook that lies beside it, or in a folder there: only such are sent along.
    """
    style, code = style_sheet(), script()
    names = Counter(one.file.name for one in checked)
    shown = [
        _Shown(
            f"w{number}",
            one.file.name if names[one.file.name] == 1 else str(one.file),
            _beside(one.file, target),
            one.contents,
            one.trouble,
        )
        for number, one in enumerate(checked, 1)
    ]
    return (
        environment()
        .get_template("report.html")
        .render(workbooks=shown, style=style, script=code, style_hash=_hash(style), script_hash=_hash(code))
    )


def _beside(file: Path, target: Path) -> str:
    """The path of a file from the folder of `target`, "" if it is not in there."""
    try:
        return file.absolute().relative_to(target.absolute().parent).as_posix()
    except ValueError:
        return ""


def _hash(text: str) -> str:
    """What a policy calls the one text that may stand in a page."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
