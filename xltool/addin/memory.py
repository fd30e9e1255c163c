"""What is remembered between two presses: what the user was told once, and what the last check of each workbook found.

Lost or damaged it is only asked and checked again.
"""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any, NamedTuple

from xltool.errors import XltoolError
from xltool.input_file import list_content_of
from xltool.saving import make_folder, save_file
from xltool.template.user_folder import user_folder

_SETTINGS, _CHECKS = "excel.json", "excel-checks.json"
_UNDO_TOLD = "undo-told"
_BOOKS = 20
"""So many workbooks are remembered, the latest."""

_PROBLEMS = 1000
"""Of each; nobody walks so far without checking again."""


class Problem(NamedTuple):
    """What a check says of one cell, and whether the cell's note says it too."""

    sheet: str
    cell: str
    severity: str
    text: str
    has_note: bool


class Checked(NamedTuple):
    """What a check found: when, the problems by importance, one a cell, and which was shown last (-1: none)."""

    at: str
    problems: tuple[Problem, ...]
    shown: int = -1


def undo_was_told() -> bool:
    """Whether the user knows that marking empties Excel's list of steps to be undone."""
    return _read(_SETTINGS).get(_UNDO_TOLD) is True


def remember_undo_told() -> None:
    """The user knows."""
    _write(_SETTINGS, {**_read(_SETTINGS), _UNDO_TOLD: True})


def last_check(full_name: str) -> Checked | None:
    """What the last check of a workbook found; None if nothing is remembered."""
    found: Any = _read(_CHECKS).get(full_name)
    try:
        problems = tuple(
            Problem(str(sheet), str(cell), str(severity), str(text), bool(has_note))
            for sheet, cell, severity, text, has_note in found["problems"]
        )
        return Checked(str(found["at"]), problems, int(found["shown"]))
    except (LookupError, TypeError, ValueError):
        return None


def remember_check(full_name: str, checked: Checked) -> None:
    """Remember what a check found, instead of what the one before did."""
    others = {name: one for name, one in _read(_CHECKS).items() if name != full_name}
    kept = dict([*others.items()][-_BOOKS + 1 :])
    _write(_CHECKS, {**kept, full_name: checked._replace(problems=checked.problems[:_PROBLEMS])._asdict()})


def forget_check(full_name: str) -> None:
    """The marks of a workbook are gone."""
    _write(_CHECKS, {name: one for name, one in _read(_CHECKS).items() if name != full_name})


def _read(name: str) -> dict[str, Any]:
    try:
        found = json.loads(list_content_of(user_folder() / name))
    except (XltoolError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _write(name: str, content: dict[str, Any]) -> None:
    with suppress(XltoolError):  # it is only asked and checked again
        make_folder(user_folder())
        save_file(user_folder() / name, json.dumps(content, ensure_ascii=False).encode("utf-8", "replace"))
