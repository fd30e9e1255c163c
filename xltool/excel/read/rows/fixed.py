"""Rows that every workbook of a format has: known by their labels, or, in a block without labels, by their order."""

from __future__ import annotations

from collections.abc import Iterator

from xltool.excel.read.rows.context import Context, Entry
from xltool.layout.block import RowAt
from xltool.model import Path, column_letters
from xltool.source.cells import amount
from xltool.template.names import bare, is_grand_total, normal
from xltool.template.spec import Row
from xltool.template.spellings import spellings


class FixedRows:
    """Labelled rows: of several that a label fits, the next one below the last that was found."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._rows = list(fixed_rows(context.rows))
        self._last = -1
        self._placeholders = [i for i, (row, _) in enumerate(self._rows) if "{" in row.label]
        self._labels: dict[str, list[int]] = {}
        self._bare: dict[str, list[int]] = {}
        self._also: dict[str, list[int]] = {}
        for i, (row, _) in enumerate(self._rows):
            if "{" not in row.label:
                self._labels.setdefault(normal(row.label), []).append(i)
                for name in {bare(row.label), normal(row.id)}:
                    self._bare.setdefault(name, []).append(i)
                for name in {bare(text) for text in spellings(row.label, row.also)}:
                    self._also.setdefault(name, []).append(i)

    def row(self, entry: Entry) -> RowAt | None:
        """The fixed row that a label means."""
        following = self._next(entry.text)
        if following is None:
            return None
        self._last = following
        definition, pattern = self._rows[following]
        return self._context.new_row(self._path(following), definition, pattern, entry.sheet_row, entry.text)

    def nameless_total(self, entry: Entry) -> RowAt | None:
        """The total of all in the first row, where nobody wrote its name."""
        context, (definition, pattern) = self._context, self._rows[0] if self._rows else (None, ())
        if definition is None or context.found or not definition.sum or len(pattern) > 1 or context.names_department:
            return None
        is_total = "{department}" in definition.label or is_grand_total(definition.label)
        if not is_total or not any(self._has_amount(entry.sheet_row, column) for column in context.amounts):
            return None
        self._last = 0
        return context.new_row(self._path(0), definition, pattern, entry.sheet_row, "")._replace(is_guessed=True)

    def _has_amount(self, sheet_row: int, column: int) -> bool:
        sheet = self._context.sheet
        is_formula = f"{column_letters(column)}{sheet_row}" in sheet.formulas.texts
        return is_formula or bool(amount(sheet.raw(sheet_row, column)).value)

    def knows(self, text: str) -> bool:
        """Whether the next row labelled so is one of the table, and not one that is there already."""
        following = self._next(text)
        return following is not None and self._path(following) not in self._context.found

    def _next(self, text: str) -> int | None:
        found = self._context.found
        fitting = self._fitting(text) or self._grand_total(text)
        after = [i for i in fitting if i > self._last] or [i for i in fitting if self._path(i) not in found]
        return after[0] if after else None

    def _grand_total(self, text: str) -> list[int]:
        """The total of all under another name than its own, such as 合计 for that of the department, or 某局合计 in the
        first row; as long as it is not there."""
        is_first = not self._context.found and normal(text).endswith(("合计", "总计"))
        if not is_grand_total(text) and not is_first:
            return []
        totals = [
            i
            for i, (row, pattern) in enumerate(self._rows)
            if row.sum and len(pattern) == 1 and (is_grand_total(row.label) or "{department}" in row.label)
        ]
        if len(totals) != 1 or self._path(totals[0]) in self._context.found:
            return []
        has_own_row = "{department}" in self._rows[totals[0]][0].label and self._context.names_department
        return [] if has_own_row else totals

    def fits(self, text: str) -> bool:
        """Whether any fixed row may be labelled so."""
        return bool(self._fitting(text))

    def _fitting(self, text: str) -> list[int]:
        found = {*self._labels.get(normal(text), ()), *self._bare.get(bare(text), ())}
        found.update(i for i in self._placeholders if self._context.label_fits(self._rows[i][0], text))
        others = [i for i in self._placeholders if not found and self._context.year_fits(self._rows[i][0], text)]
        return sorted(found) or self._also.get(bare(text), []) or others

    def _path(self, index: int) -> Path:
        return self._context.path(self._rows[index][1])


class NamelessRows:
    """The fixed rows of a block without labels, one below the other."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._next = fixed_rows(context.rows)

    def row(self, entry: Entry) -> RowAt | None:
        """The next fixed row."""
        following = next(self._next, None)
        if following is None:
            return None
        definition, pattern = following
        return self._context.new_row(pattern, definition, pattern, entry.sheet_row, "")


def fixed_rows(rows: tuple[Row, ...], above: Path = ()) -> Iterator[tuple[Row, Path]]:
    """Every row that does not repeat, those below others too, with its pattern."""
    for row in rows:
        here = (*above, row.each or row.id)
        if not row.each:
            yield row, here
        yield from fixed_rows(row.rows, here)
