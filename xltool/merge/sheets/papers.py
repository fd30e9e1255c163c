"""Reads back what a 汇总 says of itself: the lines of 汇总底稿 and 报送情况, wherever their columns are by now."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import NamedTuple

from xltool.merge.consolidation import State
from xltool.merge.sheets import submissions, working_paper
from xltool.source.cells import amount
from xltool.source.our_sheets import SUBMISSIONS, WORKING_PAPER
from xltool.source.sheet import Sheet, Source
from xltool.template.names import normal

_HEADING_ROWS = 30
"""The headings are among the first rows, though some may have been inserted above."""


class Part(NamedTuple):
    """What one column of the 底稿 puts into a figure: in 元, or as it is where that is no amount.

    `cell` is where it stands in the unit's workbook ("支出总表!E12"), "" where it is the sum of several.
    """

    name: str
    value: Decimal
    cell: str
    is_adjustment: bool


class SentFile(NamedTuple):
    """What 报送情况 says of the file of a unit: the path as seen from the 汇总, and the digest of its content."""

    path: str
    sha256: str


class PaperRead(NamedTuple):
    """汇总底稿 as it is now: the headings of its columns in `units`, `adjustments` and `cells`, by sheet column."""

    sheet: Sheet
    units: Mapping[int, str]
    adjustments: Mapping[int, str]
    cells: Mapping[str, int]

    def parts(self, row: int) -> list[Part]:
        """What is added up in a line of it, blank cells left out."""
        found = []
        for columns, is_adjustment in ((self.units, False), (self.adjustments, True)):
            for column, name in columns.items():
                value = amount(self.sheet.raw(row, column)).value
                if value is not None:
                    cell = self.sheet.label(row, self.cells.get(name, 0))
                    found.append(Part(name, value, cell, is_adjustment))
        return found


def read_working_paper(source: Source) -> PaperRead | None:
    """汇总底稿, known by its headings whatever the sheet is called; None if it is not there any more."""
    wanted = {working_paper.CELL, working_paper.SUM, working_paper.RESULT}
    for sheet in _ours_first(source, WORKING_PAPER):
        row = _heading_row(sheet, wanted)
        if row:
            return _paper(sheet, row)
    return None


def _paper(sheet: Sheet, row: int) -> PaperRead:
    at = {sheet.normal(row, column): column for column in range(sheet.width, 0, -1)}
    first, middle, last = (at[normal(one)] for one in (working_paper.CELL, working_paper.SUM, working_paper.RESULT))
    names = {column: name for column in range(1, sheet.width + 1) if (name := sheet.label(row, column))}
    mark = working_paper.CELLS_OF
    return PaperRead(
        sheet,
        {column: name for column, name in names.items() if first < column < middle},
        {column: name for column, name in names.items() if middle < column < last},
        {name.removeprefix(mark): column for column, name in names.items() if column > last and name.startswith(mark)},
    )


def read_submissions(source: Source) -> dict[str, SentFile] | None:
    """The files that were added up, by the name of their unit; None if 报送情况 is not there any more."""
    wanted = [submissions.NAME, submissions.STATE, submissions.FILE, submissions.SHA256]
    for sheet in _ours_first(source, SUBMISSIONS):
        row = _heading_row(sheet, wanted)
        if row:
            at = {sheet.normal(row, column): column for column in range(sheet.width, 0, -1)}
            name, state, file, sha256 = (at[normal(one)] for one in wanted)
            return {
                sheet.label(line, name): SentFile(sheet.label(line, file), sheet.label(line, sha256))
                for line in range(row + 1, sheet.height + 1)
                if sheet.label(line, state) == State.MERGED.value
            }
    return None


def _ours_first(source: Source, name: str) -> list[Sheet]:
    """The sheets of a source, first the one of that name."""
    return [source.sheets[one] for one in sorted(source.sheets, key=lambda one: one != name)]


def _heading_row(sheet: Sheet, wanted: Collection[str]) -> int:
    """The row that has these headings; 0 if none has."""
    words = {normal(word) for word in wanted}
    rows = range(1, min(_HEADING_ROWS, sheet.height) + 1)
    return next((row for row in rows if words <= set(sheet.texts(row))), 0)
