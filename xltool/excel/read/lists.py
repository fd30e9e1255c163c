"""Reads a list made by hand as Excel saves it: CSV, or the sheets of a workbook."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from xltool.excel.read.sheets.source import open_workbook
from xltool.input_file import list_content_of
from xltool.source.cells import Raw, from_float, is_amount, label
from xltool.source.lists import Columns, Line, ListRow, lines_below, text_lines
from xltool.source.sheet import Sheet

_TEXTS = (".csv", ".txt", ".tsv")


def list_lines(path: Path, columns: Columns) -> Iterator[Line] | None:
    """The lines of the list at `path`, of every sheet that has its headings; None if none has.

    Raises FileRefused, for a text file also while lines are read, if the file cannot be read.
    """
    if path.suffix.lower() in _TEXTS:
        return text_lines(list_content_of(path), columns, f"“{path.name}”")
    sheets = [lines_below(_rows(sheet), columns) for sheet in open_workbook(path).sheets.values()]
    found = [lines for lines in sheets if lines is not None]
    return chain.from_iterable(found) if found else None


def _rows(sheet: Sheet) -> Iterator[ListRow]:
    for row, cells in enumerate(sheet.cells, 1):
        yield ListRow(f"“{sheet.name}”表第 {row} 行", [_typed(raw) for raw in cells])


def _typed(raw: Raw) -> str:
    """A cell as a CSV file would have it."""
    if isinstance(raw, str):
        return raw
    if isinstance(raw, float | int) and not isinstance(raw, bool) and is_amount(raw):
        return f"{from_float(raw):f}"
    return label(raw)
