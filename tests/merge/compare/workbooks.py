"""Workbooks to compare: a format filled with a few figures, for a unit and a year."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import xltool
from tests.budgets import key
from xltool.layout.book import Book
from xltool.library import load_template
from xltool.merge.compare.compare import compare
from xltool.merge.compare.comparison import Comparison, Difference
from xltool.model import Value

UNIT = "某区信访局"
Lines = Mapping[tuple[str, str, str], Value]
"""(table, row, column), as in a long table -> value."""


def book(folder: Path, template: str, lines: Lines, year: int = 2024, amount_unit: str | None = None) -> Book:
    """A workbook with these figures, read back."""
    path = folder / f"{len(list(folder.iterdir()))}.xlsx"
    facts = {key(*line): value for line, value in lines.items()}
    xltool.fill(template, facts, path, unit=UNIT, year=year, amount_unit=amount_unit)
    return xltool.read(path)


def compared(old: Book, new: Book, *same: tuple[str, str]) -> Comparison:
    return compare(old, new, load_template, same)


def told(one: Difference) -> tuple[str, str, Value, Value]:
    """Row and column, old and new."""
    return one.row, one.column, one.old, one.new
