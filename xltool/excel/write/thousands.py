"""Has XlsxWriter write thousands of sheets, and a million cells, in the time and memory that they need.

What is replaced here are methods of its own, which it may rename: its version is bounded in pyproject.toml, and the
tests compare the files that come of it with those that it writes by itself.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping
from io import BytesIO, StringIO

from xlsxwriter.exceptions import DuplicateWorksheetName
from xlsxwriter.packager import Packager
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

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
        """All of them, a few at a time, when nothing more comes."""
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


class LargeWorkbook(Workbook):
    """A workbook whose parts are kept packed while they are made. Its sheets are `PackedSheet`."""

    def __init__(self, target: BytesIO, options: Mapping[str, object]) -> None:
        super().__init__(target, {**options, "in_memory": True})
        self._names: set[str] = set()
        self._is_naming = False

    def new_sheet(self, name: str) -> PackedSheet:
        """A new sheet, behind all others."""
        sheet: PackedSheet = self.add_worksheet(name, PackedSheet)
        return sheet

    def worksheets(self) -> list[Worksheet]:
        """All of them, but none while a new one gets its name, which would be compared with each."""
        return [] if self._is_naming else self.worksheets_objs

    def _check_sheetname(self, sheetname: str, is_chartsheet: bool = False) -> object:
        if sheetname.lower() in self._names:
            raise DuplicateWorksheetName(sheetname)
        self._names.add(sheetname.lower())
        self._is_naming = True
        try:
            return super()._check_sheetname(sheetname, is_chartsheet)
        finally:
            self._is_naming = False

    def _get_packager(self) -> Packager:
        return PackedParts()


class PackedParts(Packager):
    """Keeps each part packed, from when the next one begins, until all are put into the file."""

    def _filename(self, xml_filename: str) -> _Text:
        if self.filenames:
            self.filenames[-1][0].finish()
        part, is_binary = _Text(), True
        self.filenames.append((part.content, xml_filename, is_binary))
        return part


class PackedSheet(Worksheet):
    """A sheet that is kept as it will be in the file, packed, once it is filled: objects take a hundred times as much.

    Its formulas are written as they are. XlsxWriter looks through each for the functions that Excel stores under other
    names (_xlfn…), for longer than it takes to write all the rest. None of our formulas has one.
    """

    __slots__ = ("_kept",)  # one attribute more, and the dict of each of thousands of sheets is twice as large

    def __init__(self) -> None:
        super().__init__()
        self._kept: dict[str, _Packed] = {}

    def keep_packed(self) -> None:
        """Pack it. The sheets have to be filled one after the other: their order is that of the numbers of formats."""
        for write in (
            *(self._write_cols, self._write_sheet_data, self._write_merge_cells),
            *(self._write_conditional_formats, self._write_data_validations, self._write_hyperlinks),
        ):
            text = _Text()
            self._set_xml_writer(text)
            write()
            text.content.finish()
            self._kept[write.__name__] = text.content
        cells = [] if self.charts else [self.table]  # charts look their figures up
        rules = self.cond_formats, self.validations, self.hyperlinks
        for made_from in (*cells, self.row_info, self.merge, self.merged_cells, *rules):
            made_from.clear()

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        return formula.removeprefix("=")

    def _write_cols(self) -> None:
        self._write_once(super()._write_cols)

    def _write_sheet_data(self) -> None:
        self._write_once(super()._write_sheet_data)

    def _write_merge_cells(self) -> None:
        self._write_once(super()._write_merge_cells)

    def _write_conditional_formats(self) -> None:
        self._write_once(super()._write_conditional_formats)

    def _write_data_validations(self) -> None:
        self._write_once(super()._write_data_validations)

    def _write_hyperlinks(self) -> None:
        self._write_once(super()._write_hyperlinks)

    def _write_once(self, write: Callable[[], None]) -> None:
        """What `write` wrote when the sheet was packed."""
        kept = self._kept.pop(write.__name__, None)
        if kept is None:
            write()
            return
        for piece in kept.pieces():
            self.fh.content.write(piece)
