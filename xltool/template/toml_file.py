"""Reads a file of a template as TOML, and says in Chinese where it is none."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import tomli

_PLACE = re.compile(r"\(at line (\d+), column (\d+)\)$")
_TWICE = ("Cannot overwrite", "Cannot declare", "Cannot mutate")


def read_toml(path: Path) -> dict[str, Any]:
    """The data of a file; the mark that some editors of Windows put before UTF-8 is passed over.

    Raises FileNotFoundError, UnicodeDecodeError, and tomli.TOMLDecodeError, which `fault` puts into words.
    """
    return tomli.loads(path.read_text(encoding="utf-8-sig"))


def fault(error: tomli.TOMLDecodeError) -> str:
    """Where a file is no TOML, and what to look at."""
    place = _PLACE.search(str(error))
    if place is None:
        return "文件末尾不完整，请看引号、括号是否成对"
    if str(error).startswith(_TWICE):
        return f"第 {place[1]} 行的键前面已经写过"
    return f"第 {place[1]} 行第 {place[2]} 个字起写法不对，请看文字是否加了引号，引号、逗号、等号、括号是否是英文的"
