"""Lets XlsxWriter write thousands of sheets, and a million cells, in the time and memory that they need."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from io import BytesIO, StringIO

from xlsxwriter.exceptions import DuplicateWorksheetName
from xlsxwriter.packager import Packager
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

_MADE_FROM = {
    "_write_sheet_data": "table",
    "_write_merge_cells": "merge",
    "_write_conditional_formats": "cond_formats",
    "_write_data_validations": "validations",
    "_write_hyperlinks": "hyperlinks",
}
"""What writes the parts of a sheet that take the most memory, and what it is made from."""


class _Bytes(StringIO):
    """What XlsxWriter takes for a text in memory, as the bytes of the file: a StringIO takes four for each letter."""

    def __init__(self) -> None:
        super().__init__()
        self.content = BytesIO()

    def write(self, text: str, /) -> int:
        """Append a text."""
        return self.content.write(text.encode())


class _Packed:
    """Bytes that are needed once more."""

    def __init__(self, content: bytes) -> None:
        self._packed = zlib.compress(content, 1)

    def getvalue(self) -> bytes:
        """As they were."""
        return zlib.decompress(self._packed)


def keep_small(workbook: Workbook) -> None:
    """Have a workbook look names up among those of its sheets, and keep the parts of its file packed."""
    _look_names_up(workbook)
    packager: Callable[[], Packager] = workbook._get_packager
    workbook._get_packager = lambda: _packing(packager())


def new_sheet(workbook: Workbook, name: str) -> Worksheet:
    """A sheet whose formulas are written as they are.

    XlsxWriter looks through each for the functions that Excel stores under other names (_xlfn…), for longer than it
    takes to write all the rest. None of our formulas has one.
    """
    sheet = workbook.add_worksheet(name)
    sheet._prepare_formula = _as_it_is
    return sheet


def _as_it_is(formula: str, _: bool = False) -> str:
    return formula.removeprefix("=")


def keep_packed(sheet: Worksheet) -> None:
    """Keep what is in a sheet that is filled as it will be in the file, packed: objects take a hundred times as much.

    The sheets of a workbook have to be filled one after the other: their order is that of the numbers of the formats.
    """
    for name in ("_write_cols", *_MADE_FROM):
        setattr(sheet, name, _kept(sheet, getattr(sheet, name)))
    for source in _MADE_FROM.values():
        if not (sheet.charts and source == "table"):  # charts look their figures up
            getattr(sheet, source).clear()
    sheet.merged_cells.clear()


def _kept(sheet: Worksheet, write: Callable[[], None]) -> Callable[[], None]:
    """Writes what `write` would, once."""
    sheet.fh = _Bytes()
    write()
    packed = [_Packed(sheet.fh.content.getvalue())]
    return lambda: sheet.fh.content.write(packed.pop().getvalue())


def _look_names_up(workbook: Workbook) -> None:
    """XlsxWriter compares the name of a new sheet with each of the others."""
    check, all_sheets, taken = workbook._check_sheetname, workbook.worksheets, set[str]()

    def checked(name: str, is_chart: bool = False) -> str:
        if name.lower() in taken:
            raise DuplicateWorksheetName(name)
        taken.add(name.lower())
        workbook.worksheets = list  # none to compare with
        try:
            return str(check(name, is_chart))
        finally:
            workbook.worksheets = all_sheets

    workbook._check_sheetname = checked


def _packing(packager: Packager) -> Packager:
    """A packager that packs each part when the next one begins, until all are put into the file."""
    parts: list[tuple[BytesIO | _Packed, str, bool]] = packager.filenames

    def new_part(name: str) -> _Bytes:
        if parts:
            content, before, is_binary = parts.pop()
            parts.append((_Packed(content.getvalue()), before, is_binary))
        part = _Bytes()
        parts.append((part.content, name, True))
        return part

    packager._filename = new_part
    return packager
