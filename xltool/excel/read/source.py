"""Opens a workbook as a source: its sheets, read when they are asked for, and what is noted in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from xml.etree import ElementTree

from xltool.excel.file.guard import opened
from xltool.excel.file.package import Package
from xltool.excel.file.parts import Workbook, find_workbook
from xltool.excel.read.dates import number_formats, shows_dates
from xltool.excel.read.sheet_xml import Allowance, Shared, read_sheet
from xltool.excel.read.texts import shared_texts
from xltool.source.sheet import TITLE_NAME, Sheet, Source

_NOTES = "docProps/custom.xml"
_NOTED = re.compile(r"xltool\.(\w+)")
_UNITS = ("元", "万元")
_CELL = re.compile(r"(?:'((?:[^']|'')+)'|([^'!]+))!\$?[A-Z]+\$?[0-9]+")


def open_workbook(path: Path) -> Source:
    """The workbook at `path`. Raises FileRefused if it is not one that can be read; so may each of its sheets."""
    package = opened(path)
    workbook = find_workbook(package)
    root = ElementTree.fromstring(package.read(workbook.part))
    sheets = [one for one in root.iterfind("{*}sheets/{*}sheet") if one.get("name") in workbook.sheets]
    hidden = frozenset(one.get("name", "") for one in sheets if one.get("state", "visible") != "visible")
    is_1904 = any(one.get("date1904") in ("1", "true") for one in root.iterfind("{*}workbookPr"))
    return Source(path, _Sheets(package, workbook, is_1904), hidden, _noted(package), _originals(root))


class _Sheets(Mapping[str, Sheet]):
    """The worksheets of a package; each is read once."""

    def __init__(self, package: Package, workbook: Workbook, since_1904: bool) -> None:
        if len(set(workbook.sheets.values())) < len(workbook.sheets):
            raise package.refused(workbook.part, "里两张工作表是同一个部件")
        self._package = package
        self._workbook = workbook
        self._since_1904 = since_1904
        self._allowance = Allowance()
        self._read: dict[str, Sheet] = {}

    def __getitem__(self, name: str) -> Sheet:
        if name not in self._read:
            xml = self._package.read(self._workbook.sheets[name])
            self._read[name] = read_sheet(name, xml, self._shared, self._allowance)
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._workbook.sheets)

    def __len__(self) -> int:
        return len(self._workbook.sheets)

    @cached_property
    def _shared(self) -> Shared:
        texts, styles = self._workbook.texts, self._workbook.styles
        formats = number_formats(ElementTree.fromstring(self._package.read(styles))) if styles else []
        dates = frozenset(str(style) for style, shown in enumerate(formats) if shows_dates(shown))
        return Shared(shared_texts(self._package.read(texts)) if texts else {}, dates, self._since_1904)


def _originals(workbook: ElementTree.Element) -> frozenset[str]:
    """The sheets with a title cell that `xltool new` has named.

    A copy that Excel makes of a sheet gets names of its own, which hold in that sheet only.
    """
    named = [
        _CELL.fullmatch((one.text or "").strip())
        for one in workbook.iterfind("{*}definedNames/{*}definedName")
        if one.get("name", "").startswith(TITLE_NAME) and one.get("localSheetId") is None
    ]
    return frozenset((cell[1] or "").replace("''", "'") or cell[2] for cell in named if cell)


def _noted(package: Package) -> dict[str, str]:
    """What `xltool new` noted in the workbook, as far as it makes sense; empty for other workbooks."""
    if not package.has(_NOTES):
        return {}
    noted = {}
    for one in ElementTree.fromstring(package.read(_NOTES)):
        name = _NOTED.fullmatch(one.get("name", ""))
        if name:
            noted[name[1]] = "".join(one.itertext()).strip()
    if noted.get("amount_unit", _UNITS[0]) not in _UNITS:
        del noted["amount_unit"]
    if not re.fullmatch(r"20[0-9]{2}", noted.get("year", "2000")):
        del noted["year"]
    return noted
