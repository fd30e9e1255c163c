"""Opens a workbook as a source: its sheets, read when they are asked for, and what is noted in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, XmlError, ZipError

from xltool.errors import FileRefused
from xltool.excel.file.guard import opened
from xltool.excel.file.package import Package
from xltool.excel.file.parts import find_workbook
from xltool.excel.file.xmltext import attribute, elements, inside, start_tag, text_of
from xltool.excel.read.sheet_formulas import scan
from xltool.source.sheet import TITLE_NAME, Sheet, Source

_PREFIX = "xltool."  # of the names of our properties
_CELL = re.compile(r"(?:'((?:[^']|'')+)'|([^'!]+))!\$?[A-Z]+\$?\d+")


def open_workbook(path: Path) -> Source:
    """The workbook at `path`. Raises FileRefused if it is not one that can be read; so may each of its sheets."""
    package = opened(path)
    return Source(path, _Sheets(package), _hidden(package), _properties(package), _originals(package))


class _Sheets(Mapping[str, Sheet]):
    """The worksheets of a package; each is read once."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._parts = find_workbook(package).sheets
        self._read: dict[str, Sheet] = {}

    def __getitem__(self, name: str) -> Sheet:
        if name not in self._read:
            self._read[name] = self._sheet(name, self._package.read(self._parts[name]))
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._parts)

    def __len__(self) -> int:
        return len(self._parts)

    @cached_property
    def _workbook(self) -> CalamineWorkbook:
        return CalamineWorkbook.from_path(str(self._package.source))

    def _sheet(self, name: str, xml: bytes) -> Sheet:
        path = self._package.source
        try:
            grid = self._workbook.get_sheet_by_name(name)
            merged = {
                (row + 1, column + 1): (top + 1, left + 1)
                for (top, left), (bottom, right) in grid.merged_cell_ranges or ()
                for row in range(top, bottom + 1)
                for column in range(left, right + 1)
            }
            return Sheet(name, grid.to_python(skip_empty_area=False), merged, scan(xml))
        except (CalamineError, PasswordError, XmlError, ZipError) as error:
            text = f"文件“{path.name}”无法读取：请在 Excel 或 WPS 中打开它，另存为 .xlsx 后再试。"
            raise FileRefused(text) from error


def _hidden(package: Package) -> frozenset[str]:
    xml = package.read(find_workbook(package).part)
    tags = [start_tag(xml, element) for element in elements(xml, b"sheet")]
    unseen = [tag for tag in tags if attribute(tag, "state") in ("hidden", "veryHidden")]
    return frozenset(attribute(tag, "name") or "" for tag in unseen)


def _originals(package: Package) -> frozenset[str]:
    """The sheets with a title cell that `xltool new` has named.

    A copy that Excel makes of a sheet gets names of its own, which hold in that sheet only.
    """
    xml = package.read(find_workbook(package).part)
    named = elements(xml, b"definedName") if TITLE_NAME.encode() in xml else ()
    cells = []
    for element in named:
        tag = start_tag(xml, element)
        if (attribute(tag, "name") or "").startswith(TITLE_NAME) and attribute(tag, "localSheetId") is None:
            cells.append(_CELL.fullmatch(text_of(xml, element).strip()))
    return frozenset((cell[1] or "").replace("''", "'") or cell[2] for cell in cells if cell)


def _properties(package: Package) -> dict[str, str]:
    """What `xltool new` noted in the workbook; empty for other workbooks."""
    if not package.has("docProps/custom.xml"):
        return {}
    xml = package.read("docProps/custom.xml")
    named = {attribute(start_tag(xml, one), "name") or "": inside(xml, one) for one in elements(xml, b"property")}
    return {
        name.removeprefix(_PREFIX): text_of(xml, values[0])
        for name, values in named.items()
        if name.startswith(_PREFIX) and values
    }
