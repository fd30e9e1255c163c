"""Opens a workbook as a source: its sheets, read when they are asked for, and what is noted in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import TypeVar
from urllib.parse import unquote
from xml.etree import ElementTree

from xltool.excel.file.guard import opened
from xltool.excel.file.package import Package
from xltool.excel.file.parts import external_targets, find_workbook, relationships
from xltool.excel.read.sheets.dates import number_formats, shows_dates
from xltool.excel.read.sheets.sheet_xml import Allowance, Shared, read_sheet
from xltool.excel.read.sheets.texts import shared_texts
from xltool.source.looks import CellLook, Looks
from xltool.source.number_format import CellFormats
from xltool.source.our_sheets import OUR_SHEETS
from xltool.source.sheet import TITLE_NAME, Sheet, Source

_Value = TypeVar("_Value")
_NOTES = "docProps/custom.xml"
_NOTED = re.compile(r"xltool\.(\w+)")
_UNITS = ("元", "万元")
_MOST_DIGITS = 6
"""Of the number of a sheet."""

_CELL = re.compile(r"(?:'((?:[^']|'')+)'|([^'!]+))!\$?[A-Z]+\$?[0-9]+")


def open_workbook(source: Path | Package) -> Source:
    """The workbook at a path, or in a package that is open already.

    Raises FileRefused if it is not one that can be read; so may each of its sheets.
    """
    opening = _Opened(source if isinstance(source, Package) else opened(source))
    names = opening.workbook.sheets
    return Source(
        opening.package.source,
        _OnDemand(names, opening.sheet),
        _OnDemand(names, opening.looks),
        opening.in_states("hidden", "veryHidden"),
        _noted(opening.package),
        _originals(opening.root),
        opening.in_states("veryHidden"),
        _OnDemand(names, opening.formats),
        opening.is_manual,
        tuple(opening.other_workbooks()),
        dict(opening.names()),
    )


class _Opened:
    """A package, and what its sheets share."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.workbook = find_workbook(package)
        self.root = package.tree(self.workbook.part)
        self._allowance = Allowance()
        if len(set(self.workbook.sheets.values())) < len(self.workbook.sheets):
            raise package.refused(self.workbook.part, "里两张工作表是同一个部件")

    def sheet(self, name: str) -> Sheet:
        return read_sheet(name, self.package.read(self.workbook.sheets[name]), self._shared, self._allowance)

    def looks(self, name: str) -> Looks:
        from xltool.excel.read.sheets.looks import read_looks

        return read_looks(self.package, self.workbook.sheets[name], self._styles)

    def formats(self, name: str) -> CellFormats:
        from xltool.excel.read.sheets.formats import styles_of_cells

        part = self.workbook.sheets[name]
        return CellFormats(self._number_formats, cache(lambda: styles_of_cells(self.package.read(part))))

    def in_states(self, *states: str) -> frozenset[str]:
        """The names of the sheets that are hidden in one of these ways."""
        sheets = self.root.iterfind("{*}sheets/{*}sheet")
        return frozenset(one.get("name", "") for one in sheets if one.get("state") in states)

    @property
    def is_manual(self) -> bool:
        return any(one.get("calcMode") == "manual" for one in self.root.iterfind("{*}calcPr"))

    def other_workbooks(self) -> Iterator[str]:
        """The file names of the workbooks that formulas refer to by numbers."""
        links = {link.id: link.target for link in relationships(self.package, self.workbook.part)}
        for one in self.root.iterfind("{*}externalReferences/{*}externalReference"):
            identifier = next((value for key, value in one.attrib.items() if key.endswith("}id")), "")
            targets = external_targets(self.package, links.get(identifier, ""))
            yield re.split(r"[/\\]", unquote(targets[0]))[-1] if targets else ""

    def names(self) -> Iterator[tuple[tuple[str, str], str]]:
        """The names that formulas may use, and what they stand for; not those of the lists that we put in."""
        sheets = [one.get("name", "") for one in self.root.iterfind("{*}sheets/{*}sheet")]
        for one in self.root.iterfind("{*}definedNames/{*}definedName"):
            name, text, at = one.get("name", ""), (one.text or "").strip(), one.get("localSheetId", "")
            cell = _CELL.match(text)
            is_ours = name.startswith(TITLE_NAME) or (cell and (cell[1] or cell[2]) in OUR_SHEETS)
            if text and not is_ours and not name.startswith("_xlnm.") and len(at) < _MOST_DIGITS:
                if not at:
                    yield ("", name.lower()), text
                elif at.isdecimal() and int(at) < len(sheets):
                    yield (sheets[int(at)], name.lower()), text

    @cached_property
    def _shared(self) -> Shared:
        texts, styles = self.workbook.texts, self.workbook.styles
        formats = number_formats(self.package.tree(styles)) if styles else []
        dates = frozenset(str(style) for style, shown in enumerate(formats) if shows_dates(shown))
        is_1904 = any(one.get("date1904") in ("1", "true") for one in self.root.iterfind("{*}workbookPr"))
        return Shared(shared_texts(self.package.read(texts)) if texts else {}, dates, is_1904)

    @cached_property
    def _number_formats(self) -> list[str]:
        from xltool.excel.read.sheets.formats import visible_formats

        return visible_formats(self.package.tree(self.workbook.styles)) if self.workbook.styles else []

    @cached_property
    def _styles(self) -> list[CellLook]:
        from xltool.excel.read.sheets.looks import read_styles

        return read_styles(self.package, self.workbook.styles)


class _OnDemand(Mapping[str, _Value]):
    """What is read when it is first asked for, by name."""

    def __init__(self, names: Collection[str], read: Callable[[str], _Value]) -> None:
        self._names = names
        self._read = read
        self._known: dict[str, _Value] = {}

    def __getitem__(self, name: str) -> _Value:
        if name not in self._names:
            raise KeyError(name)
        if name not in self._known:
            self._known[name] = self._read(name)
        return self._known[name]

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


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
    for one in package.tree(_NOTES):
        name = _NOTED.fullmatch(one.get("name", ""))
        if name:
            noted[name[1]] = "".join(one.itertext()).strip()
    if noted.get("amount_unit", _UNITS[0]) not in _UNITS:
        del noted["amount_unit"]
    if not re.fullmatch(r"[1-9][0-9]{0,2}", noted.get("version", "1")):
        del noted["version"]
    if not re.fullmatch(r"20[0-9]{2}", noted.get("year", "2000")):
        del noted["year"]
    if not re.fullmatch("[0-2]", noted.get("decimals", "0")):
        del noted["decimals"]
    return noted
