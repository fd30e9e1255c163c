"""Workbooks to draft templates from, written as text: one CSV file a sheet."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

CASES = Path(__file__).parent / "cases" / "drafts"
_LEFT, _ABOVE = "<", "^"
"""A cell that is merged with the one left of it, or above it."""


def workbook_of(folder: Path, target: Path) -> Path:
    """The workbook of a case: values only, cells merged where the files say so, no styles."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.worksheets[0])
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            _fill(workbook.create_sheet(path.stem), list(csv.reader(file)))
    workbook.save(target)
    return target


def _fill(sheet: Worksheet, rows: list[list[str]]) -> None:
    ends: dict[tuple[int, int], tuple[int, int]] = {}
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            start = _start(rows, r, c)
            if start == (r, c):
                sheet.cell(r + 1, c + 1, _value(text))
            else:
                last = ends.get(start, start)
                ends[start] = (max(last[0], r), max(last[1], c))
    for (top, left), (bottom, right) in ends.items():
        sheet.merge_cells(start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1)


def _start(rows: list[list[str]], r: int, c: int) -> tuple[int, int]:
    """The first cell of the merged range that a cell is in."""
    while rows[r][c] in (_LEFT, _ABOVE):
        r, c = (r, c - 1) if rows[r][c] == _LEFT else (r - 1, c)
    return r, c


def _value(text: str) -> float | str | None:
    """A number, unless it is one written as text, such as the 款 "05"."""
    is_code = text.startswith("0") and text != "0" and "." not in text
    if is_code or not text.replace(".", "", 1).isdecimal():
        return text or None
    return float(text)
