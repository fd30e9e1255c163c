"""The kinds of values that can be typed, each with the sentence for one that is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from pathlib import Path

    from click.shell_completion import CompletionItem


class PathType(click.ParamType["Path"]):
    """A file or a folder; whether it is there is seen by who opens it."""

    def __init__(self, name: str) -> None:
        self.name = name

    def convert(self, value: str | Path, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """The path; an empty name would be the folder one is in."""
        from pathlib import Path

        if not str(value) or "\0" in str(value):
            self.fail("后面要写一个名称，不能是空的", param, ctx)
        return Path(value)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """The shell itself knows its files."""
        from click.shell_completion import CompletionItem

        return [CompletionItem(incomplete, type=self.name)]


class YearType(click.ParamType[int]):
    """A year of this century."""

    name = "year"

    def convert(self, value: str | int, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The year as a number."""
        text = str(value)
        if not (len(text) == 4 and text.isascii() and text.isdigit() and text.startswith("20")):
            self.fail(f"应为四位数的年份，不能是“{text}”", param, ctx)
        return int(text)


class RenamingType(click.ParamType[tuple[str, str]]):
    """An old name and the new one."""

    name = "renaming"

    def convert(
        self, value: str | tuple[str, str], param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        """Both names."""
        if isinstance(value, tuple):
            return value
        old, _, new = (part.strip() for part in value.partition("="))
        if not (old and new):
            self.fail(f"应写成“旧名称=新名称”，不能是“{value}”", param, ctx)
        return old, new


class ChoiceType(click.ParamType[str]):
    """One of a few words."""

    name = "choice"

    def __init__(self, *words: str) -> None:
        self.words = words

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The word."""
        if value not in self.words:
            self.fail(f"不能是“{value}”，只能是：{', '.join(self.words)}", param, ctx)
        return value

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Those that begin so."""
        from click.shell_completion import CompletionItem

        return [CompletionItem(word) for word in self.words if word.startswith(incomplete)]


FILE, FOLDER = PathType("file"), PathType("dir")
YEAR = YearType()
RENAMING = RenamingType()
AMOUNT_UNIT = ChoiceType("元", "万元")
NATURE = ChoiceType("行政", "参公", "事业")
