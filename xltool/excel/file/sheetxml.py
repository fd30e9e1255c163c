"""The worksheet part: where each kind of element belongs, and reading the sizes of rows and columns."""

import re

from xltool.excel.file.xmltext import TAG, Element, attribute, children, insert_before, prefix

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
_CELL = re.compile(r"\$?([A-Z]{1,3})\$?([1-9]\d*)")
_COLUMNS = 16384
_PIXELS_OF_A_DIGIT = 7  # a column's width counts digits of the usual 11-point font
_PIXELS_OF_A_POINT = 4 / 3


class Sizes:
    """Pixels of a sheet's columns and rows, counted from 0; hidden ones have none."""

    def __init__(self, xml: bytes) -> None:
        parts = {local_name(child): child for child in children(xml)}
        default = parts.get(b"sheetFormatPr")
        tag = xml[default.start : default.end] if default else b""
        self._width = _pixels(attribute(tag, "defaultColWidth"), _PIXELS_OF_A_DIGIT, 64)
        self._height = _pixels(attribute(tag, "defaultRowHeight"), _PIXELS_OF_A_POINT, 20)
        self._widths = _column_widths(xml, parts.get(b"cols"), self._width)
        # only the tags are collected here: a note looks at the few rows beside its cell
        data = parts.get(b"sheetData")
        row = re.compile(rb"""<%srow\s(?:[^>]*?\s)?r=["'](\d+)["'][^>]*>""" % prefix(xml))
        rows = row.finditer(xml, data.start, data.end) if data else ()
        self._rows = {int(row[1]) - 1: row[0] for row in rows}
        self._heights: dict[int, int] = {}

    def width(self, column: int) -> int:
        return self._widths.get(column, self._width)

    def height(self, row: int) -> int:
        if row not in self._heights:
            tag = self._rows.get(row, b"")
            high = 0 if _is_hidden(tag) else _pixels(attribute(tag, "ht"), _PIXELS_OF_A_POINT, self._height)
            self._heights[row] = high
        return self._heights[row]


def insert(xml: bytes, name: str, element: bytes) -> bytes:
    """The sheet with one more element where its kind belongs, before others of its kind."""
    rank = _RANK[name.encode()]
    later = (child.start for child in children(xml) if _rank(xml, child) >= rank)
    return insert_before(xml, next(later, None), element)


def of_kind(xml: bytes, name: str) -> list[Element]:
    """The sheet's elements of that kind."""
    return [child for child in children(xml) if local_name(child) == name.encode()]


def position(cell: str) -> tuple[int, int]:
    """Row and column of a cell such as "B5", counted from 0."""
    found = _CELL.fullmatch(cell.strip().upper())
    if found is None:
        raise ValueError(f"not a cell: {cell}")
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]) - 1, column - 1


def cell_name(row: int, column: int) -> str:
    """The cell at a row and a column counted from 0: "B5"."""
    letters, column = "", column + 1
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{row + 1}"


def local_name(element: Element) -> bytes:
    """An element's name without its prefix."""
    return element.name[element.name.find(b":") + 1 :]


def _column_widths(xml: bytes, cols: Element | None, default: int) -> dict[int, int]:
    widths = {}
    for found in TAG.finditer(xml, cols.start, cols.end) if cols else ():
        tag = found[0]
        first, last = attribute(tag, "min"), attribute(tag, "max")
        if first and last and first.isdigit() and last.isdigit():
            shown = 0 if _is_hidden(tag) else _pixels(attribute(tag, "width"), _PIXELS_OF_A_DIGIT, default)
            widths.update(dict.fromkeys(range(int(first) - 1, min(int(last), _COLUMNS)), shown))
    return widths


def _is_hidden(tag: bytes) -> bool:
    return b"hidden" in tag and attribute(tag, "hidden") in ("1", "true")


def _pixels(size: str | None, unit: float, default: int) -> int:
    try:
        return round(float(size) * unit) if size else default
    except (ValueError, OverflowError):
        return default


def _rank(xml: bytes, child: Element) -> int:
    """An mc:AlternateContent (form controls) stands where what it wraps belongs."""
    if local_name(child) != b"AlternateContent":
        return _RANK.get(local_name(child), -1)
    inner = (_RANK.get(tag[2][tag[2].find(b":") + 1 :], -1) for tag in TAG.finditer(xml, child.start, child.end))
    return next((rank for rank in inner if rank >= 0), -1)
