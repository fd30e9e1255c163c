"""The worksheet part: where each kind of element belongs, and reading the sizes of rows and columns."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from xltool.excel.xmltext import TAG, Element, attribute, children

# CT_Worksheet: Excel refuses a sheet whose elements stand in another order
_ORDER = (
    "sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetCalcPr sheetProtection protectedRanges scenarios "
    "autoFilter sortState dataConsolidate customSheetViews mergeCells phoneticPr conditionalFormatting dataValidations "
    "hyperlinks printOptions pageMargins pageSetup headerFooter rowBreaks colBreaks customProperties cellWatches "
    "ignoredErrors smartTags drawing legacyDrawing legacyDrawingHF drawingHF picture oleObjects controls "
    "webPublishItems tableParts extLst"
).split()
_RANK = {name.encode(): rank for rank, name in enumerate(_ORDER)}
_CELL = re.compile(r"\$?([A-Z]{1,3})\$?([1-9]\d*)")
_ROW = re.compile(rb"<(?:[\w.-]+:)?row\s[^>]*>")
_PIXELS_OF_A_DIGIT = 7  # a column's width counts digits of the usual 11-point font
_PIXELS_OF_A_POINT = 4 / 3


class Sizes(NamedTuple):
    """Pixels of columns and rows, counted from 0; hidden ones have none."""

    columns: dict[int, int]
    rows: dict[int, int]
    column: int
    row: int

    def width(self, column: int) -> int:
        return self.columns.get(column, self.column)

    def height(self, row: int) -> int:
        return self.rows.get(row, self.row)


def insert(xml: bytes, name: str, element: bytes) -> bytes:
    """The sheet with one more element where its kind belongs, before others of its kind."""
    rank = _RANK[name.encode()]
    later = (child.start for child in children(xml) if _rank(xml, child) >= rank)
    at = next(later, xml.rfind(b"</"))
    return xml[:at] + element + xml[at:]


def of_kind(xml: bytes, name: str) -> list[Element]:
    """The sheet's elements of that kind."""
    return [child for child in children(xml) if _local(child.name) == name.encode()]


def position(cell: str) -> tuple[int, int]:
    """Row and column of a cell such as "B5", counted from 0."""
    found = _CELL.fullmatch(cell.strip().upper())
    if found is None:
        raise ValueError(f"not a cell: {cell}")
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]) - 1, column - 1


def cells_of(ranges: str) -> Iterator[tuple[int, int]]:
    """Every cell of a list of ranges such as "B5 C7:C9", as row and column."""
    for one in ranges.split():
        first, _, last = one.partition(":")
        top, left = position(first)
        bottom, right = position(last or first)
        yield from ((row, column) for row in range(top, bottom + 1) for column in range(left, right + 1))


def sizes(xml: bytes) -> Sizes:
    """How wide and how high the sheet's columns and rows are."""
    parts = {_local(child.name): child for child in children(xml)}
    default = parts.get(b"sheetFormatPr")
    tag = xml[default.start : default.end] if default else b""
    width = _pixels_wide(attribute(tag, "defaultColWidth") or "9.14")
    height = _pixels_high(attribute(tag, "defaultRowHeight") or "15")
    columns = _column_widths(xml, parts.get(b"cols"), width)
    return Sizes(columns, _row_heights(xml, parts.get(b"sheetData"), height), width, height)


def _column_widths(xml: bytes, cols: Element | None, default: int) -> dict[int, int]:
    widths = {}
    for found in TAG.finditer(xml, cols.start, cols.end) if cols else ():
        tag = found[0]
        first, last = attribute(tag, "min"), attribute(tag, "max")
        if first and last:
            wide = attribute(tag, "width")
            shown = 0 if _is_hidden(tag) else _pixels_wide(wide) if wide else default
            widths.update(dict.fromkeys(range(int(first) - 1, int(last)), shown))
    return widths


def _row_heights(xml: bytes, data: Element | None, default: int) -> dict[int, int]:
    heights, row = {}, -1
    for found in _ROW.finditer(xml, data.start, data.end) if data else ():
        tag = found[0]
        number = attribute(tag, "r")
        row = int(number) - 1 if number else row + 1
        high = attribute(tag, "ht")
        if _is_hidden(tag):
            heights[row] = 0
        elif high:
            heights[row] = _pixels_high(high)
    return heights


def _is_hidden(tag: bytes) -> bool:
    return attribute(tag, "hidden") in ("1", "true")


def _pixels_wide(characters: str) -> int:
    return round(float(characters) * _PIXELS_OF_A_DIGIT)


def _pixels_high(points: str) -> int:
    return round(float(points) * _PIXELS_OF_A_POINT)


def _rank(xml: bytes, child: Element) -> int:
    """An mc:AlternateContent (form controls) stands where what it wraps belongs."""
    if _local(child.name) != b"AlternateContent":
        return _RANK.get(_local(child.name), -1)
    inner = (_RANK.get(_local(tag[2]), -1) for tag in TAG.finditer(xml, child.start, child.end))
    return next((rank for rank in inner if rank >= 0), -1)


def _local(name: bytes) -> bytes:
    return name[name.find(b":") + 1 :]
