"""What a draft is made from: each visible sheet with its values, merged cells, formulas and looks."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from xltool.excel.read.formulas.formula_terms import Terms, terms_of
from xltool.model import column_letters
from xltool.source.cells import Raw, amount
from xltool.source.looks import Looks
from xltool.source.sheet import Sheet, Source

_PADDING = 0.71
"""Files say how wide a column is together with the padding of its cells."""

_MOST_ADDED = 500_000
"""Cells that the formulas of a sheet add up, one by one."""

_FULL_WIDTH_SPACE = "\u3000"
_DIGITS = re.compile(r"0(?:\.(0+))?")


class Rect(NamedTuple):
    """A cell, merged or not, as a rectangle; all inclusive."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass
class Page:
    """One sheet: its cells and their looks."""

    sheet: Sheet
    looks: Looks
    others: Mapping[str, Sheet] = field(default_factory=dict)
    _terms: dict[tuple[int, int], Terms | None] = field(default_factory=dict)
    _added: int = 0

    @cached_property
    def _merged(self) -> Mapping[tuple[int, int], Rect]:
        """Top left cell -> the merged range that begins there."""
        found: dict[tuple[int, int], Rect] = {}
        for (row, column), start in self.sheet.merged.items():
            known = found.get(start, Rect(*start, *start))
            found[start] = Rect(*start, max(known.bottom, row), max(known.right, column))
        return found

    def rect(self, row: int, column: int) -> Rect:
        """The merged range that the cell is part of, or the cell alone."""
        start = self.sheet.merged.get((row, column))
        return self._merged[start] if start else Rect(row, column, row, column)

    @cached_property
    def height(self) -> int:
        """The number of the last row with anything in it, merged cells included."""
        return max([self.sheet.height, *(row for row, _ in self.sheet.merged)])

    @cached_property
    def last_column(self) -> int:
        """The number of the last column with anything in it, merged cells included."""
        return max([self.sheet.width, *(column for _, column in self.sheet.merged)])

    def is_merged(self, row: int) -> bool:
        """Whether any cell of the row is merged with others."""
        return row in self._merged_rows

    @cached_property
    def _merged_rows(self) -> frozenset[int]:
        return frozenset(row for row, _ in self.sheet.merged)

    def raw(self, row: int, column: int) -> Raw:
        """The cell's value, that of its merged range if it is part of one."""
        return self.sheet.whole(row, column)

    def text(self, row: int, column: int) -> str:
        """The cell as text, blanks at its ends dropped; "" for a number that is no whole number."""
        return self.sheet.label(row, column)

    def number(self, row: int, column: int) -> Decimal | None:
        """The amount in the cell itself; None if there is none."""
        return amount(self.sheet.raw(row, column)).value

    def is_number(self, row: int, column: int) -> bool:
        """Whether the cell holds a number rather than text."""
        return type(self.raw(row, column)) in (float, int)

    def terms(self, row: int, column: int) -> Terms | None:
        """What the formula of the cell adds up; None if it has no formula, or one that is no sum.

        In a sheet whose formulas add up more cells than any table has, those asked for last are taken for no sums.
        """
        at = row, column
        if at not in self._terms:
            text = self.sheet.formulas.texts.get(f"{column_letters(column)}{row}")
            is_sum = text is not None and self._added < _MOST_ADDED
            self._terms[at] = terms_of(text, self.sheet.name, self._codes_of) if text is not None and is_sum else None
            self._added += len(self._terms[at] or ())
        return self._terms[at]

    def has_formula(self, row: int, column: int) -> bool:
        """Whether the cell has a formula."""
        return f"{column_letters(column)}{row}" in self.sheet.formulas.texts

    def _codes_of(self, sheet: str, column: int) -> Sequence[str]:
        at = self.others.get(sheet)
        return [] if at is None else at.downward(column)

    def font_size(self, row: int, column: int) -> float:
        """In points."""
        return self.looks.cell(row, column).font_size

    def indent(self, row: int, column: int) -> int:
        """By how many Chinese characters the cell's text is moved in, by its format or by blanks before it."""
        raw = self.sheet.raw(row, column)
        typed = raw[: len(raw) - len(raw.lstrip())] if isinstance(raw, str) else ""
        blanks = sum(2 if letter == _FULL_WIDTH_SPACE else 1 for letter in typed)
        return round(self.looks.cell(row, column).indent * 3 / 4) + blanks // 2

    def number_format(self, row: int, column: int) -> str:
        """The cell's number format, as Excel writes it; General if it has none."""
        return self.looks.cell(row, column).number_format

    def decimals(self, row: int, column: int) -> int | None:
        """The decimals that the cell's format prints; None if the format does not say."""
        shown = _DIGITS.search(self.number_format(row, column).partition(";")[0])
        return len(shown[1] or "") if shown else None

    def note(self, row: int, column: int) -> str:
        """The note on a cell, marks of ours left out."""
        return self.looks.notes.get((row, column), "")

    def choices(self, row: int, column: int) -> tuple[str, ...]:
        """The texts of the cell's drop-down list, if they are written in the list itself."""
        return self.looks.choices(row, column)

    def is_set_off(self, row: int, column: int) -> bool:
        """Whether blanks were typed before the cell's text."""
        raw = self.raw(row, column)
        return isinstance(raw, str) and raw[:1].isspace()

    def width(self, column: int) -> float | None:
        """The column's width as Excel shows it, to half a digit; None if it is the sheet's usual one."""
        width = self.looks.width(column)
        return None if width is None else max(round(2 * (width - _PADDING)) / 2, 1.0)


def pages(source: Source) -> list[Page]:
    """The visible sheets of a workbook that can hold a table. Raises FileRefused if they cannot be read."""
    return [
        Page(source.sheets[name], source.looks[name], source.sheets)
        for name in source.with_tables
        if name not in source.hidden
    ]
