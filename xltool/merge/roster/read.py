"""Reads a roster (名册) from a file: CSV, .xlsx, or TOML with a `[[unit]]` for each unit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import tomli

from xltool.errors import RosterError
from xltool.excel.read.lists import list_lines
from xltool.input_file import list_content_of
from xltool.merge.roster.parse import COLUMNS, NO, YES, roster_of
from xltool.merge.roster.roster import Roster
from xltool.source.lists import ListLine
from xltool.template.toml_file import fault, parse_toml


def read_roster(path: Path) -> Roster:
    """The roster in the file at `path`. Raises FileRefused, and RosterError listing every line that is wrong."""
    subject = f"“{path.name}”"
    if path.suffix.lower() == ".toml":
        return roster_of(_toml_lines(list_content_of(path), subject), subject)
    lines = list_lines(path, COLUMNS)
    if lines is None:
        wanted = f"要有一行写着{'、'.join(COLUMNS.headings)}（只有“名称”必须有），下面一行一个单位"
        raise RosterError(f"{subject}里没有找到表头：{wanted}。", [])
    return roster_of(lines, subject)


def _toml_lines(content: bytes, subject: str) -> Iterator[ListLine]:
    try:
        units = parse_toml(content).get("unit", [])
    except UnicodeDecodeError as error:
        raise RosterError(f"{subject}不是 UTF-8 编码：请另存为 UTF-8。", []) from error
    except tomli.TOMLDecodeError as error:
        raise RosterError(f"{subject}不能用：{fault(error)}。", []) from error
    if not isinstance(units, list) or not all(isinstance(unit, dict) for unit in units):
        raise RosterError(f"{subject}里的单位应每个写成一节 [[unit]]。", [])
    problems = [f"第 {n} 个单位：不认识的键“{key}”" for n, unit in enumerate(units, 1) for key in _unknown(unit)]
    if problems:
        raise RosterError(f"{subject}有 {len(problems)} 处不能用，请改正：", problems)
    for number, unit in enumerate(units, 1):
        yield ListLine(
            f"第 {number} 个单位", {"name": "", **{_column(key): _text(value) for key, value in unit.items()}}
        )


def _unknown(unit: dict[str, Any]) -> list[str]:
    return [key for key in unit if not _column(key)]


def _column(key: str) -> str:
    """The column that a key means: its name, or any of its headings."""
    return next((name for name, words in COLUMNS.words.items() if key in words), "")


def _text(value: object) -> str:
    """A value of TOML as a cell would have it."""
    if isinstance(value, bool):
        return YES if value else NO
    return "；".join(map(str, value)) if isinstance(value, list) else str(value)
