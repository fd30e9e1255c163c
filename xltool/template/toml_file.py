"""Reads the files of a template as TOML, says in Chinese where one is none, and whether they are as they were."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import tomli

from xltool.template.parts.section import Problems, Section

_PLACE = r"\(at line (\d+), column (\d+)\)$"
_TWICE = ("Cannot overwrite", "Cannot declare", "Cannot mutate")


class TooDeep(tomli.TOMLDecodeError):
    """Brackets or keys within each other, more than can be followed."""

    def __init__(self) -> None:
        ValueError.__init__(self)  # that of tomli wants to be told a place


class Files:
    """The files that something is made of, and what they held: only where that changes must it be made again.

    Those `given` are on no disk; they stand before those that are.
    """

    def __init__(self, given: Mapping[Path, bytes] = MappingProxyType({})) -> None:
        self._given = given
        self._contents: dict[Path, bytes | None] = {}

    def content(self, path: Path) -> bytes | None:
        """What a file holds; None if there is none."""
        if path in self._given:
            return self._given[path]
        self._contents[path] = found = _content(path)
        return found

    def are_unchanged(self) -> bool:
        """Whether every file that was asked for still holds the same."""
        return all(_content(path) == content for path, content in self._contents.items())


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def parse_toml(content: bytes) -> dict[str, Any]:
    """The data of a file's content; the mark that some editors of Windows put before UTF-8 is passed over.

    Raises UnicodeDecodeError, and tomli.TOMLDecodeError, which `fault` puts into words.
    """
    try:
        return tomli.loads(content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n"))
    except RecursionError as error:
        raise TooDeep from error


def section_in(path: Path, files: Files, problems: Problems) -> Section | None:
    """The keys of a file; None (and a problem) if it is missing or no TOML."""
    content = files.content(path)
    if content is None:
        problems.add(path.name, "", "缺少这个文件")
        return None
    try:
        data = parse_toml(content)
    except UnicodeDecodeError:
        problems.add(path.name, "", "不是 UTF-8 编码，请另存为 UTF-8")
    except tomli.TOMLDecodeError as error:
        problems.add(path.name, "", f"不是正确的 TOML：{fault(error)}")
    else:
        return Section(data, path.name, "", problems)
    return None


def section_if_there(path: Path, files: Files, problems: Problems) -> Section | None:
    """The same of a file that a template need not have."""
    return None if files.content(path) is None else section_in(path, files, problems)


def fault(error: tomli.TOMLDecodeError) -> str:
    """Where a file is no TOML, and what to look at."""
    place = re.search(_PLACE, str(error))
    if isinstance(error, TooDeep):
        return "括号或键一层套一层，套得太深"
    if place is None:
        return "文件末尾不完整，请看引号、括号是否成对"
    if str(error).startswith(_TWICE):
        return f"第 {place[1]} 行的键前面已经写过"
    return f"第 {place[1]} 行第 {place[2]} 个字起写法不对，请看文字是否加了引号，引号、逗号、等号、括号是否是英文的"
