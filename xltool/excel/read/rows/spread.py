"""Rows whose paths are spread over several columns: indicators by their levels, groups of rows by their labels."""

from __future__ import annotations

from collections.abc import Iterator

from xltool.excel.read.rows.context import Context, Entry
from xltool.excel.read.rows.fixed import FixedRows
from xltool.layout.block import RowAt
from xltool.layout.outline import INDICATOR_DEPTH
from xltool.model import Path
from xltool.template.names import is_grand_total, normal
from xltool.template.spec import Row


class IndicatorRows:
    """Indicators; an outer level that is left blank is that of the row above."""

    def __init__(self, context: Context) -> None:
        self._context = context
        columns = [at.sheet_column for at in context.at.columns if at.definition.kind == "path" and at.sheet_column]
        self._columns = columns if len(columns) == INDICATOR_DEPTH else []

    def row(self, entry: Entry) -> RowAt | None:
        """The indicator; None for a line without its own name."""
        context = self._context
        if not self._columns or not context.sheet.label(entry.sheet_row, self._columns[-1]):
            return None
        last = context.latest
        before = last.path[len(context.at.above) :] if last is not None else ("",) * INDICATOR_DEPTH
        names = tuple(
            context.sheet.label(entry.sheet_row, column) or above
            for column, above in zip(self._columns, before, strict=True)
        )
        definition = context.repeated["indicator"].row
        return context.new_row(names, definition, ("indicator",) * INDICATOR_DEPTH, entry.sheet_row, names[-1])


class GroupedRows:
    """Rows in groups, each label in a column of its own; what is left blank is as in the row above."""

    def __init__(self, context: Context, fixed: FixedRows) -> None:
        self._context = context
        self._fixed = fixed
        self._shown = [""] * (len(context.labels) - 1)

    def row(self, entry: Entry) -> RowAt | None:
        """The row that the labels on a line lead to."""
        context = self._context
        names = [context.sheet.label(entry.sheet_row, column) for column in context.labels]
        *outer, own = names
        is_alone = bool(names[0]) and (not any(names[1:]) or self._is_one_cell(entry.sheet_row))
        if is_alone and (total := self._fixed.row(Entry(entry.sheet_row, names[0]))):
            return total
        if not own:
            return None
        self._shown = [name or (self._shown[i] if context.found else "") for i, name in enumerate(outer)]
        found = next(iter(self._nested(context.rows, [*self._shown, own], (), ())), None)
        if found is None:
            return None
        path, pattern, definition = found
        for name, kind in zip(path, pattern, strict=True):
            self._met(kind).setdefault(normal(name), name)
        return context.new_row(path, definition, pattern, entry.sheet_row, own)

    def _is_one_cell(self, sheet_row: int) -> bool:
        """Whether the labels of a line are merged into one, as that of a total."""
        merged = self._context.sheet.merged
        starts = {merged.get((sheet_row, column)) for column in self._context.labels}
        return len(starts) == 1 and None not in starts

    def _nested(
        self, rows: tuple[Row, ...], names: list[str], path: Path, pattern: Path
    ) -> Iterator[tuple[Path, Path, Row]]:
        """The rows that names, from the outermost on, can stand for; those not met before come first, and of these a
        fixed row (小计) before a project that would be called so."""
        context = self._context
        candidates: list[tuple[Path, Path, Row]] = []
        for row in rows:
            if not names or not (row.each or context.label_fits(row, names[0]) or self._is_total(row, names[0])):
                continue
            plain = normal(names[0])
            met = self._met(row.each).get(plain) or (context.same_unit(plain) if row.each == "unit" else "")
            name = met or names[0]
            here = (*path, name if row.each else row.id)
            kinds = (*pattern, row.each or row.id)
            if row.group:
                candidates += self._nested(row.rows, names[1:], here, kinds)
            elif len(names) == 1:
                candidates.append((here, kinds, row))
        return iter(
            sorted(candidates, key=lambda item: ((*context.at.above, *item[0]) in context.found, bool(item[2].each)))
        )

    def _is_total(self, row: Row, name: str) -> bool:
        """Whether the department's group is called 合计."""
        return "{department}" in row.label and is_grand_total(name) and not self._context.names_department

    def _met(self, kind: str) -> dict[str, str]:
        """The units or the projects met so far; none of any other kind."""
        return {"unit": self._context.units, "project": self._context.projects}.get(kind, {})
