"""Reads a list made by hand as Excel saves it: CSV, or the sheets of a workbook."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from xltool.excel.read.sheets.source import open_workbook
from xltool.input_file import list_content_of
from xltool.source.lists import Columns, ListLine, lines_below, sheet_rows, text_lines

_TEXTS = (".csv", ".txt", ".tsv")


def list_lines(path: Path, columns: Columns) -> Iterator[ListLine] | None:
    """The lines of the list at `path`, of every sheet that has its headings; None if none has.

    Raises FileRefused, for a text file also while lines are read, if the file cannot be read.
    """
    if path.suffix.lower() in _TEXTS:
        return text_lines(list_content_of(path), columns, f"“{path.name}”")
    sheets = [
        lines_below(sheet_rows(sheet.name, sheet.cells), columns) for sheet in open_workbook(path).sheets.values()
    ]
    found = [lines for lines in sheets if lines is not None]
    return chain.from_iterable(found) if found else None
