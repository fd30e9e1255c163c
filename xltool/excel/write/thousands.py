"""Lets XlsxWriter write thousands of sheets, and a million cells, in the time and memory that they need."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from io import StringIO

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

_TOGETHER = 1 << 16
"""So many bytes are packed at a time: each time costs as much as a few cells."""


class _Packed:
    """Bytes that come bit by bit and are needed once more."""

    def __init__(self) -> None:
        self._packer: zlib._Compress | None = zlib.compressobj(1)
        self._waiting = bytearray()
        self._packed = bytearray()
        self._size = 0

    def write(self, content: bytes) -> int:
        """Append some."""
        self._size += len(content)
        self._waiting += content
        if len(self._waiting) >= _TOGETHER:
            self._pack()
        return len(content)

    def finish(self) -> None:
        """Nothing more comes: what packs them takes much more room than most of them do."""
        if self._packer is not None:
            self._pack()
            self._packed += self._packer.flush()
            self._packer = None

    def getvalue(self) -> bytes:
        """All of them."""
        self.finish()
        return zlib.decompress(self._packed, bufsize=self._size)

    def pieces(self) -> Iterator[bytes]:
        """All of them, a few at a time."""
        self.finish()
        unpacker = zlib.decompressobj()
        for start in range(0, len(self._packed), _TOGETHER):
            yield unpacker.decompress(self._packed[start : start + _TOGETHER])

    def _pack(self) -> None:
        assert self._packer is not None
        self._packed += self._packer.compress(self._waiting)
        self._waiting.clear()


class _Text(StringIO):
    """What XlsxWriter takes for a text in memory, as the bytes of the file: a StringIO takes four for each letter."""

    def __init__(self) -> None:
        super().__init__()
        self.content = _Packed()

    def write(self, text: str, /) -> int:
        """Append a text."""
        return self.content.write(text.encode())


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
    for source in (*_MADE_FROM.values(), "merged_cells", "row_info"):
        if not (sheet.charts and source == "table"):  # charts look their figures up
            getattr(sheet, source).clear()


def _kept(sheet: Worksheet, write: Callable[[], None]) -> Callable[[], None]:
    """Writes what `write` would."""
    sheet.fh = _Text()
    write()
    content: _Packed = sheet.fh.content
    content.finish()

    def write_again() -> None:
        for piece in content.pieces():
            sheet.fh.content.write(piece)

    return write_again


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
    """A packager that keeps each part packed, from when the next one begins, until all are put into the file."""
    parts: list[tuple[_Packed, str, bool]] = packager.filenames

    def new_part(name: str) -> _Text:
        if parts:
            parts[-1][0].finish()
        part = _Text()
        parts.append((part.content, name, True))
        return part

    packager._filename = new_part
    return packager
