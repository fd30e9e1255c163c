"""Reads typed keys out of one TOML table and gathers every mistake, each with its file and key path.

Libraries that validate into classes stop at the first mistake or take longer to import than a whole check may last.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from xltool.errors import TemplateError
from xltool.template.names import nearest


class Problems:
    """The mistakes found so far in the files of one template."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def add(self, file: str, key: str, message: str) -> None:
        """Note that `key` of `file` is wrong."""
        self.lines.append(f"{file}：{key}：{message}" if key else f"{file}：{message}")

    def raise_if_any(self, headline: str) -> None:
        """Raises TemplateError with every mistake noted."""
        if self.lines:
            raise TemplateError(headline, self.lines)


class Section:
    """One TOML table; each key is taken once, and `finish` reports those nobody asked for."""

    def __init__(self, data: Mapping[str, Any], file: str, path: str, problems: Problems) -> None:
        self._data = dict(data)
        self.file = file
        self.path = path
        self.problems = problems
        self._known: set[str] = set()

    def _key(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def problem(self, key: str, message: str) -> None:
        """Note a mistake at `key`."""
        self.problems.add(self.file, self._key(key), message)

    def has(self, key: str) -> bool:
        """Whether `key` is there and was not taken yet."""
        return key in self._data

    def names(self) -> list[str]:
        """The keys that were not taken yet."""
        return list(self._data)

    def _take(self, key: str, kind: type | tuple[type, ...], expected: str, default: Any) -> Any:
        self._known.add(key)
        value = self._data.pop(key, None)
        if value is None:
            return default
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            self.problem(key, f"应为{expected}")
            return default
        return value

    def text(self, key: str, default: str = "") -> str:
        """A string."""
        return str(self._take(key, str, "文字", default))

    def required(self, key: str) -> str:
        """A string that must be there and not be empty."""
        text = self.text(key)
        if not text:
            self.problem(key, "缺少，必须填写")
        return text

    def choice(self, key: str, choices: tuple[str, ...], default: str) -> str:
        """One of `choices`."""
        text = self.text(key, default)
        if text not in choices:
            self.problem(key, f"“{text}”不可用，只能是 {'、'.join(filter(None, choices))}")
            return default
        return text

    def flag(self, key: str) -> bool:
        """true or false; false if absent."""
        return bool(self._take(key, bool, "true 或 false", False))

    def integer(self, key: str, default: int) -> int:
        """A whole number."""
        return int(self._take(key, int, "整数", default))

    def optional_integer(self, key: str) -> int | None:
        """A whole number, None if absent."""
        return self.integer(key, 0) if self.has(key) else None

    def number(self, key: str) -> float | None:
        """A number, None if absent."""
        value = self._take(key, (int, float), "数字", None)
        return None if value is None else float(value)

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of strings; a single string counts as a list of one."""
        values = self._take(key, (list, str), "文字列表", [])
        if isinstance(values, str):
            return (values,)
        if not all(isinstance(value, str) for value in values):
            self.problem(key, "列表里应全是文字")
            return ()
        return tuple(values)

    def integers(self, key: str) -> tuple[int, ...]:
        """A list of whole numbers."""
        values = self._take(key, list, "整数列表", [])
        if not all(type(value) is int for value in values):
            self.problem(key, "列表里应全是整数")
            return ()
        return tuple(values)

    def mapping(self, key: str) -> dict[str, Any]:
        """A TOML table, as it is."""
        return dict(self._take(key, dict, "表", {}))

    def list(self, key: str) -> list[Any]:
        """A list, as it is."""
        return list(self._take(key, list, "列表", []))

    def sections(self, key: str) -> Iterator[Section]:
        """A list of TOML tables."""
        for number, item in enumerate(self.list(key), 1):
            if isinstance(item, dict):
                yield Section(item, self.file, f"{self._key(key)}[{number}]", self.problems)
            else:
                self.problem(f"{key}[{number}]", "应为 { … } 形式的一项")

    def section(self, key: str) -> Section:
        """A TOML table; empty if absent."""
        return Section(self.mapping(key), self.file, self._key(key), self.problems)

    def finish(self) -> None:
        """Report the keys that nobody took, with the one that each may be meant for."""
        for key in self._data:
            self.problem(key, f"不认识的键{nearest(key, self._known)}")
