"""The report that is sent to whoever must correct a workbook: one file, which needs nothing else and asks nothing."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from xltool.report.html.contents import Contents
from xltool.report.html.environment import environment, script, style_sheet


class Checked(NamedTuple):
    """What came of one workbook: its contents, None if it could not be checked; `trouble` is why something could not
    be done, "" if all was. `file` is the workbook that the links lead to."""

    file: Path
    contents: Contents | None
    trouble: str = ""


def report_page(checked: Sequence[Checked], target: Path) -> str:
    """The report on some workbooks, to be written to `target`.

    Links lead to a workbook that lies beside it, or in a folder there: only then are they sent together.
    """
    style, code = style_sheet(), script()
    workbooks = [(f"w{number}", one, _beside(one.file, target)) for number, one in enumerate(checked, 1)]
    return (
        environment()
        .get_template("report.html")
        .render(workbooks=workbooks, style=style, script=code, style_hash=_hash(style), script_hash=_hash(code))
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
