"""Rows of 科目: known by their codes, or, where a format prints none, by their names in the catalogue."""

from __future__ import annotations

import re

from xltool.catalogue import by_year
from xltool.excel.read.rows.context import Context, Entry
from xltool.layout.block import RowAt
from xltool.layout.outline import has_code
from xltool.source.cells import join_code
from xltool.template.binding import is_code
from xltool.template.names import bare, normal

_NAMED_CODE = re.compile(r"\s*[(\[【]?(?P<code>\d{3}(?:[-.·]?\d\d){0,2})[)\]】]?[-—_:、.\s]*(?P<name>\D.*)?", re.DOTALL)
"""A code with its name in the same cell, or with dots between 类, 款 and 项: 201一般公共服务支出, [201], 201.40.01."""


def _plain(text: str) -> str:
    """The code in a cell of codes, without what does not belong to it."""
    found = _NAMED_CODE.fullmatch(text)
    return re.sub(r"\D", "", found["code"]) if found else text


def _name_of(text: str) -> str:
    """A name without the code before it."""
    found = _NAMED_CODE.fullmatch(text)
    return found["name"] or text if found else text


class CodeRows:
    """A 科目 by its code, in the unit whose section it stands in or whose name stands beside it."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def row(self, entry: Entry) -> RowAt | None:
        """The 科目; None without a code, or with one of a level that the table does not print."""
        context = self._context
        code = self.code(entry.sheet_row)
        if not code:
            return None
        beside = context.sheet.raw(entry.sheet_row, context.column("label")) if context.column("label") else ""
        if context.has_code_column and beside and normal(str(beside)) in context.units:
            context.unit = context.units[normal(str(beside))]
        return self.coded(entry, code)

    def code(self, sheet_row: int) -> str:
        """The code on a line; "" if there is none of the block's classification."""
        context = self._context
        if not context.code_dimension:
            return ""
        if context.headings.code_columns and not context.at.helper_column:
            parts = [context.sheet.label(sheet_row, column) for column in context.headings.code_columns]
            text = join_code(parts, context.code)
        else:
            text = _plain(normal(context.sheet.label(sheet_row, context.at.code_column)))
        return text if is_code(context.code_dimension, text) else ""

    def coded(self, entry: Entry, code: str) -> RowAt | None:
        """The row of a code."""
        context = self._context
        definition, pattern = context.repeated[context.code_dimension]
        if not has_code(definition, code):
            return None
        if "unit" in pattern:
            self._ensure_unit()
        context.code = code
        path = (*context.path(pattern[:-1]), code)
        return context.new_row(path, definition, pattern, entry.sheet_row, self._name(entry, code))

    def _name(self, entry: Entry, code: str) -> str:
        """The printed name of a 科目, or, where the row was added without one, the catalogue's."""
        context = self._context
        printed = context.column("name")
        text = context.sheet.label(entry.sheet_row, printed) if printed else entry.text
        return text or by_year.names(context.code_dimension, context.year).get(code, "")

    def _ensure_unit(self) -> None:
        """A 科目 below no unit belongs to the only row above it: one unit whose 部门 row was left out."""
        context = self._context
        if context.unit:
            return
        context.unit = context.department
        head = context.latest
        if len(context.found) == 1 and head is not None and head.definition is not None and not head.definition.each:
            del context.found[head.path]
            context.unit = head.label
            unit = context.repeated["unit"].row
            context.add(context.new_row((head.label,), unit, ("unit",), head.sheet_row, head.label))


class NamedCodeRows:
    """A 科目 by its name alone: the nearest one that the catalogue has below the 科目 above."""

    def __init__(self, context: Context, codes: CodeRows) -> None:
        self._context = context
        self._codes = codes

    def row(self, entry: Entry) -> RowAt | None:
        """The 科目 of a name."""
        context = self._context
        if not context.code_dimension or context.has_code_column or normal(entry.text) in context.units:
            return None
        known = by_year.codes_by_name(context.code_dimension, context.year)
        above = [context.code[:length] for length in range(len(context.code), 0, -1)]
        for parent in (*above, ""):
            code = known.get((parent, bare(_name_of(entry.text))))
            if code:
                return self._codes.coded(entry, code)
        return None
