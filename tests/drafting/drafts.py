"""Workbooks to draft templates from, written as text (one CSV file a sheet), and how a draft is compared."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from tests import CASE_FILES
from xltool.model import FactKey, Value
from xltool.model import Path as Names
from xltool.template.names import bare, normal
from xltool.template.spec import Column, Part, Row, Table, Template

CASES = CASE_FILES / "drafts"
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
    if is_code or not text.removeprefix("-").replace(".", "", 1).isdecimal():
        return text or None
    return float(text)


def alike(table: Table) -> Table:
    """A table with ids made of what is printed, and without what its author decides: other ids, the rules that sums
    name, which rows a new workbook has, where amounts below zero are legitimate, which texts are never numbers, how
    names are spelt besides, and what the lines of an older template were."""
    blocks = tuple(
        block._replace(columns=tuple(map(_column, block.columns)), rows=_rows(block.rows)) for block in table.blocks
    )
    note = "有" if table.empty_note else ""
    return table._replace(
        id="", sheet="", headings={}, empty_note=note, blocks=blocks, also=(), headings_also={}, same_as=()
    )


def _column(column: Column) -> Column:
    parts = tuple(Part(_normal(part.path), part.sign) for part in column.sum)
    return column._replace(
        path=_normal(column.path), sum=parts, rule="", negative=False, words=False, also=(), merge="", same_as=()
    )


def _normal(path: Names) -> Names:
    return tuple(normal(name) for name in path)


def _rows(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    names = {row.id: _name(row) for row in rows if row.id}
    return tuple(
        row._replace(
            id=_name(row) if row.id else "",
            sum=tuple(Part(tuple(names.get(name, name) for name in part.path), part.sign) for part in row.sum),
            rule="",
            also=(),
            merge="",
            same_as=(),
            negative=False,
            optional=False,
            rows=_rows(row.rows),
        )
        for row in rows
    )


def _name(row: Row) -> str:
    """What is printed for a row, "?" if nothing is."""
    return bare(row.label) or "?"


def negative_names(template: Template) -> set[tuple[str, str]]:
    """Table title and name of the columns and rows in which amounts below zero are legitimate."""
    found = set()
    for table in template.tables.values():
        for block in table.blocks:
            found |= {(table.title, normal(column.id)) for column in block.columns if column.negative}
            found |= {(table.title, _name(row)) for row in _all(block.rows) if row.negative}
    return found


def _all(rows: tuple[Row, ...]) -> Iterator[Row]:
    for row in rows:
        yield row
        yield from _all(row.rows)


def renamed(facts: dict[FactKey, Value], old: Template, new: Template) -> dict[FactKey, Value]:
    """The facts of one template under the ids of another one with the same tables."""
    tables = {one.id: (one, other) for one, other in zip(old.tables.values(), new.tables.values(), strict=True)}
    columns: dict[tuple[str, Names], Names] = {}
    rows: dict[tuple[str, str], str] = {}
    for one, other in tables.values():
        for block, again in zip(one.blocks, other.blocks, strict=True):
            columns |= {(one.id, a.path): b.path for a, b in zip(block.columns, again.columns, strict=True)}
            pairs = zip(_all(block.rows), _all(again.rows), strict=True)
            rows |= {(one.id, a.id): b.id for a, b in pairs if a.id}
    return {
        FactKey(
            tables[key.table][1].id,
            tuple(rows.get((key.table, name), name) for name in key.row),
            columns.get((key.table, key.column), key.column),
        ): value
        for key, value in facts.items()
    }
