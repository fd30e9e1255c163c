"""What a row is recognised by besides its own line: its block, what stands above it, the names known so far."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple, Protocol

from xltool.excel.read.headings import Headings
from xltool.layout.block import BlockAt, RowAt
from xltool.layout.outline import Outline
from xltool.layout.plan import rows_in
from xltool.model import Path
from xltool.source.sheet import Sheet
from xltool.template.names import bare, is_grand_total, is_same_unit, normal
from xltool.template.spec import CODE_LEVELS, Row
from xltool.template.spellings import spellings

_BESIDE = ("code", "serial", "name")
"""Columns in which a label may have been typed, or left when cells were no longer merged; so may texts left of it
(单位编码)."""

_YEAR_WORDS = re.compile(r"(?:20\d\d|(?P<last>上年|去年)|(?P<this>本年|今年|当年))年?度?(?:预算|决算|执行)?数?")


class Known(NamedTuple):
    """The units and the projects met so far in a workbook: normal name -> the name as first printed."""

    units: dict[str, str]
    projects: dict[str, str]


class Entry(NamedTuple):
    """A line of the sheet that may be a row: its number, its own label, and which label column that stands in."""

    sheet_row: int
    text: str
    level: int = 0


class Kind(Protocol):
    """A kind of row, such as 科目 or projects: whether an entry is one, and which."""

    def row(self, entry: Entry) -> RowAt | None:
        """The row that an entry is; None if it is none of this kind."""


class Repeated(NamedTuple):
    """A row definition that repeats over a dimension, with the path of the definitions above it and its own."""

    row: Row
    pattern: Path


class Context:
    """The block that is read from the top down, and the rows found so far.

    `unit` and `code` are those of the rows right above; `latest` is the last row found, `known_latest` the last one
    that the template knows.
    """

    def __init__(self, sheet: Sheet, at: BlockAt, headings: Headings, outline: Outline, known: Known) -> None:
        self.sheet, self.at, self.headings = sheet, at, headings
        self.department, self.year = outline.department, outline.year
        self.units, self.projects = known
        self.unit = self.code = ""
        self.found: dict[Path, RowAt] = {}
        self.latest: RowAt | None = None
        self.known_latest: RowAt | None = None
        self._numbers: dict[Path, int] = {}
        self.rows = rows_in(at.block, at.table)
        repeated = list(_repeated_rows(self.rows))
        self.repeated = {item.row.each: item for item in repeated}
        self.items = [item for item in repeated if item.row.each == "item"]
        self.code_dimension = next((d for d in self.repeated if d in CODE_LEVELS), "")
        self._columns: dict[str, int] = {}
        self.labels = [at.columns[c].sheet_column for c in at.label_columns]
        self.label_column = self.column("label") or self.column("name")
        self.has_code_column = bool(self.column("code"))
        left = [c for c in at.columns if 0 < c.sheet_column < self.label_column and c.definition.kind == "text"]
        beside = [c for c in at.columns if c.sheet_column and c.definition.kind in _BESIDE]
        self._beside = [column.sheet_column for column in (*beside, *left)]
        self.amounts = [at.columns[c].sheet_column for c in at.block.amounts if at.columns[c].sheet_column]

    def column(self, kind: str) -> int:
        """The sheet column of the first column of a kind; 0 if there is none."""
        if kind not in self._columns:
            index = self.at.find_column(kind)
            self._columns[kind] = 0 if index is None else self.at.columns[index].sheet_column
        return self._columns[kind]

    def entry(self, sheet_row: int) -> Entry:
        """A line with its own label: that of the innermost label column in which it has one."""
        level = 0
        text = "" if self.label_column in self.labels else self.sheet.label(sheet_row, self.label_column)
        for i, column in enumerate(self.labels):
            if label := self.sheet.label(sheet_row, column):
                text, level = label, i
        return Entry(sheet_row, text, level)

    @cached_property
    def names_department(self) -> bool:
        """Whether a line below the headings has the name of the department, and no more."""
        name = normal(self.department)
        return bool(name) and name in self.printed

    @cached_property
    def printed(self) -> frozenset[str]:
        """The labels below the headings."""
        lines = range(self.headings.last_row + 1, self.sheet.height + 1)
        return frozenset(self.sheet.normal(line, column) for line in lines for column in self.labels)

    def same_unit(self, name: str) -> str:
        """The unit that other tables print in full or in short, without 本级 or with a code; that which alone is not
        printed here if it is called 合计. "" if that may be several."""
        left = {known: unit for known, unit in self.units.items() if known not in self.printed}
        found = [unit for known, unit in left.items() if is_same_unit(name, known) or is_grand_total(name)]
        return found[0] if len(found) == 1 else ""

    def text_beside(self, sheet_row: int) -> str:
        """What stands where a line should have its code, its number or the name of its 科目, or left of its label, if
        it is a text."""
        texts = (self.sheet.label(sheet_row, column) for column in self._beside)
        return next((text for text in texts if text and not text[0].isascii()), "")

    def path(self, pattern: Path) -> Path:
        """The path of a row of a pattern below the unit that the row stands in."""
        return tuple(self.unit if name == "unit" else name for name in pattern)

    def label_fits(self, row: Row, text: str) -> bool:
        """Whether a fixed row may be labelled so."""
        if "{department}" in row.label:
            return not self.department or normal(self.department) in normal(text) or normal(text) in self.units
        if "{" in row.label:
            return bool(_year_label(row.label) == _without_year(text))
        known = {bare(row.label), normal(row.id), *map(bare, spellings(row.label, row.also))}
        return normal(row.label) == normal(text) or bare(text) in known

    def year_fits(self, row: Row, text: str) -> bool:
        """Whether a row of a year may be labelled so in other words: 2024, 2024年度, 本年, 上年预算数."""
        found = _YEAR_WORDS.fullmatch(normal(text))
        is_of_year = "{year}" in row.label or "{last_year}" in row.label
        if found is None or not is_of_year or not _YEAR_WORDS.fullmatch("本年" + _year_label(row.label)):
            return False
        return found["this"] is None if "{last_year}" in row.label else found["last"] is None

    def new_row(self, path: Path, definition: Row, pattern: Path, sheet_row: int, text: str) -> RowAt:
        """A row of the template; one that is there already is not known a second time."""
        if self.at.above:
            path, pattern = (*self.at.above, *path), (self.at.table.each, *pattern)
        if path in self.found:
            path = self.free(path)
            return RowAt(path, None, path, sheet_row, text)
        return RowAt(path, definition, pattern, sheet_row, text)

    def free(self, path: Path) -> Path:
        """The path, or, if there is a row of it, the one with the next free number: "信访专项#2"."""
        if path not in self.found:
            return path
        number = self._numbers.get(path, 2)
        while (*path[:-1], f"{path[-1]}#{number}") in self.found:
            number += 1
        self._numbers[path] = number
        return (*path[:-1], f"{path[-1]}#{number}")

    def add(self, row: RowAt) -> None:
        """Take a row for found."""
        self.found[row.path] = self.latest = row
        if row.definition is not None:
            self.known_latest = row


def _repeated_rows(rows: tuple[Row, ...], above: Path = ()) -> Iterator[Repeated]:
    for row in rows:
        here = (*above, row.each or row.id)
        if row.each:
            yield Repeated(row, here)
        yield from _repeated_rows(row.rows, here)


def _year_label(label: str) -> str:
    return normal(label.replace("{last_year}", "").replace("{year}", ""))


def _without_year(text: str) -> str:
    return normal(text)[4:] if normal(text)[:4].isdecimal() else normal(text)
