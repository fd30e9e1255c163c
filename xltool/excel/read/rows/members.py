"""Rows of units, of their projects, and of the 品目 or 子项目 in these: known by where a name stands."""

from __future__ import annotations

from collections.abc import Callable

from xltool.excel.read.rows.context import Context, Entry
from xltool.excel.read.rows.subprojects import subprojects
from xltool.layout.block import RowAt
from xltool.template.binding import is_code
from xltool.template.names import normal

_MOST_LOOKS = 50
"""How often a block is looked through for 子项目: once, and again whenever cells that stand astray are moved back."""


class UnitRows:
    """A unit: in a column of its own any name, else one that is known, or the first."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def row(self, entry: Entry) -> RowAt | None:
        """The unit; what stands below it belongs to it."""
        context = self._context
        name = normal(entry.text)
        if "unit" not in context.repeated or (context.has_code_column and is_code(context.code_dimension, name)):
            return None
        has_own_column = len(context.labels) > 1
        if has_own_column and entry.level:
            return None
        is_nested = any(len(item.pattern) > 1 for item in context.repeated.values())
        is_told = not is_nested or context.has_code_column or has_own_column
        if not is_told and name not in context.units and context.unit:
            return None
        same = "" if name in context.units else context.same_unit(name)
        context.unit, context.code = same or context.units.setdefault(name, entry.text), ""
        definition = context.repeated["unit"].row
        row = context.new_row((context.unit,), definition, ("unit",), entry.sheet_row, entry.text)
        return row._replace(is_guessed=True) if same else row


class ItemRows:
    """品目 and 子项目 in the row above them; `is_head` says of a label that projects follow below it."""

    def __init__(self, context: Context, is_head: Callable[[str], bool]) -> None:
        self._context = context
        self._is_head = is_head
        self._subprojects: set[int] = set()
        has_subprojects = any(item.pattern[-2:] == ("project", "item") for item in context.items)
        self._looks_left = _MOST_LOOKS if has_subprojects else 0

    def look_at(self, sheet_rows: range) -> None:
        """Tell the 子项目 among the lines from the projects above them."""
        if not self._looks_left:
            return
        self._looks_left -= 1
        context = self._context
        column = context.labels[-1]
        lines = [line for line in sheet_rows if context.sheet.label(line, column)]
        heads = [line for line in lines if self._is_head(context.sheet.label(line, column))]
        self._subprojects = subprojects(context.sheet, column, context.amounts, lines, heads)

    def row(self, entry: Entry) -> RowAt | None:
        """A row in the one above it."""
        context = self._context
        start, last = len(context.at.above), context.known_latest
        for definition, pattern in context.items:
            depth = len(pattern) - 1
            if depth and (last is None or last.pattern[start : start + depth] != pattern[:-1]):
                continue
            if depth and pattern[-2] == "project" and entry.sheet_row not in self._subprojects:
                continue
            above = last.path[start : start + depth] if last is not None else ()
            return context.new_row((*above, entry.text), definition, pattern, entry.sheet_row, entry.text)
        return None


class ProjectRows:
    """A project: any name that is nothing else; a second one of the same name is told apart by its number."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def row(self, entry: Entry) -> RowAt | None:
        """The project."""
        context = self._context
        if "project" not in context.repeated:
            return None
        definition, pattern = context.repeated["project"]
        name = context.projects.setdefault(normal(entry.text), entry.text)
        path = context.free((*context.path(pattern[:-1]), name))
        return context.new_row(path, definition, pattern, entry.sheet_row, entry.text)
