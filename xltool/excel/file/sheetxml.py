"""The worksheet part: where each kind of element belongs, and reading the sizes of rows and columns."""

import re
from bisect import bisect_right

from xltool.excel.file.xmltext import (
    Edit,
    Element,
    attribute,
    children,
    elements,
    insert_edit,
    inside,
    prefix,
    start_tag,
    whole_number,
)
from xltool.model import column_letters, column_number

# CT_Worksheet: Excel refuses a sheet whose elements stand in another order
_ORDER = re.findall(
    rb"\w+",
    b"sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetCalcPr sheetProtection protectedRanges scenarios "
    b"autoFilter sortState dataConsolidate customSheetViews mergeCells phoneticPr conditionalFormatting "
    b"dataValidations hyperlinks printOptions pageMargins pageSetup headerFooter rowBreaks colBreaks customProperties "
    b"cellWatches ignoredErrors smartTags drawing legacyDrawing legacyDrawingHF drawingHF picture oleObjects controls "
    b"webPublishItems tableParts extLst",
)
_RANK = {name: rank for rank, name in enumerate(_ORDER)}
_CELL = re.compile(r"\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6})")
_ROW_NUMBER = re.compile(rb"""\sr=["']([1-9][0-9]{0,6})["']""")
_ROWS, _COLUMNS = 1048576, 16384
_PIXELS_OF_A_DIGIT = 7  # a column's width counts digits of the usual 11-point font
_PIXELS_OF_A_POINT = 4 / 3


class Sizes:
    """Pixels of a sheet's columns and rows, counted from 0; hidden ones have none."""

    def __init__(self, xml: bytes) -> None:
        parts = {child.name: child for child in children(xml)}
        default = parts.get(b"sheetFormatPr")
        tag = start_tag(xml, default) if default else b""
        self._width = _pixels(attribute(tag, "defaultColWidth"), _PIXELS_OF_A_DIGIT, 64)
        self._height = _pixels(attribute(tag, "defaultRowHeight"), _PIXELS_OF_A_POINT, 20)
        self._columns = _columns(xml, parts.get(b"cols"))
        self._rows = _row_tags(xml, parts.get(b"sheetData"))
        self._widths: dict[int, int] = {}
        self._heights: dict[int, int] = {}

    def width(self, column: int) -> int:
        """A column's width."""
        if column not in self._widths:
            self._widths[column] = self._listed_width(column)
        return self._widths[column]

    def height(self, row: int) -> int:
        """A row's height."""
        if row not in self._heights:
            self._heights[row] = _shown(self._rows.get(row, b""), "ht", _PIXELS_OF_A_POINT, self._height)
        return self._heights[row]

    def _listed_width(self, column: int) -> int:
        at = bisect_right(self._columns, column, key=lambda one: one[0]) - 1
        is_listed = at >= 0 and column <= self._columns[at][1]
        return _shown(self._columns[at][2], "width", _PIXELS_OF_A_DIGIT, self._width) if is_listed else self._width


def insert(xml: bytes, name: str, element: bytes) -> Edit:
    """Put one more element where its kind belongs, before others of its kind."""
    rank = _RANK[name.encode()]
    return insert_edit(xml, next((child for child in children(xml) if _rank(xml, child) >= rank), None), element)


def of_kind(xml: bytes, name: str) -> list[Element]:
    """The sheet's elements of that kind, also those that stand in an mc:AlternateContent."""
    return elements(xml, name.encode())


def position(cell: str) -> tuple[int, int]:
    """Row and column of a cell such as "B5", counted from 0. Raises ValueError if it is none."""
    found = position_or_none(cell)
    if found is None:
        raise ValueError(f"not a cell: {cell}")
    return found


def position_or_none(reference: str) -> tuple[int, int] | None:
    """Row and column of a cell, or of the first of a range, counted from 0; None for `#REF!`, `A0` or `A:A`."""
    found = _CELL.fullmatch(reference.partition(":")[0].strip().upper())
    if found is None:
        return None
    row, column = int(found[2]), column_number(found[1])
    return (row - 1, column - 1) if row <= _ROWS and column <= _COLUMNS else None


def cell_name(row: int, column: int) -> str:
    """The cell at a row and a column counted from 0: "B5"."""
    return f"{column_letters(column + 1)}{row + 1}"


def _columns(xml: bytes, cols: Element | None) -> list[tuple[int, int, bytes]]:
    """The first and the last of each group of columns, and its tag, in their order."""
    found = []
    for one in inside(xml, cols) if cols else ():
        tag = start_tag(xml, one)
        first, last = whole_number(attribute(tag, "min")), whole_number(attribute(tag, "max"))
        if first and last:
            found.append((first - 1, last - 1, tag))
    return sorted(found)


def _row_tags(xml: bytes, data: Element | None) -> dict[int, bytes]:
    """The tag of each row; a note looks at the few beside its cell, so they are not read further here."""
    row = re.compile(rb"<%srow\s[^<>]*+>" % re.escape(prefix(xml)))
    tags = (found[0] for found in row.finditer(xml, data.inside, data.close)) if data else ()
    return {int(number[1]) - 1: tag for tag in tags if (number := _ROW_NUMBER.search(tag))}


def _shown(tag: bytes, name: str, unit: float, default: int) -> int:
    """The size that a row's or a column's tag gives it."""
    is_hidden = b"hidden" in tag and attribute(tag, "hidden") in ("1", "true")
    return 0 if is_hidden else _pixels(attribute(tag, name), unit, default)


def _pixels(size: str | None, unit: float, default: int) -> int:
    try:
        return round(float(size) * unit) if size else default
    except (ValueError, OverflowError):
        return default


def _rank(xml: bytes, child: Element) -> int:
    """An mc:AlternateContent (form controls) stands where what it wraps belongs."""
    if child.name != b"AlternateContent":
        return _RANK.get(child.name, -1)
    return next((rank for one in inside(xml, child) if (rank := _RANK.get(one.name, -1)) >= 0), -1)
