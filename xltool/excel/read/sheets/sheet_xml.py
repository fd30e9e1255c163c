"""Reads a worksheet part in one pass: values, formulas, error values, merged ranges, and which cells lie astray."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from xltool.errors import FileRefused
from xltool.excel.file.xmltext import without_references
from xltool.excel.read.sheets.dates import moment, moment_of_text
from xltool.excel.read.sheets.hidden import hidden_lines
from xltool.excel.read.sheets.plain import is_plain, plain
from xltool.excel.read.sheets.texts import cell_text
from xltool.model import LAST_COLUMN, LAST_ROW, CellRef, column_letters, column_number
from xltool.source.cells import Raw
from xltool.source.sheet import Sheet, SheetFormulas

if TYPE_CHECKING:
    from xltool.excel.read.sheets.shared_formula import SharedFormula

# of a cell, or a merged range, that has not the plain form only the beginning is found
_CELL = re.compile(
    r'<c(?: r="([A-Z]{1,3})([1-9][0-9]{0,6})"(?: s="([0-9]+)")?(?: t="([A-Za-z]+)")? ?(?:/>|>'
    r'\s*(?:(<f(?: [\w:]+="[^"]*")* ?/?>)(?:([^<]*)</f>)?)?'
    r'\s*(?:<v ?/>|<v(?: xml:space="preserve")?>(?:(-?[0-9]+(?:\.[0-9]+)?(?:[Ee][-+]?[0-9]+)?)|([^<]*))</v>'
    r'|<is><t(?: xml:space="preserve")?>([^<]*)</t></is>|<is><t ?/></is>)?\s*</c>)|(?=[\s/>]))'
)
_MERGED = re.compile(
    r'<mergeCell(?: ref="([A-Z]{1,3})([1-9][0-9]{0,6})(?::([A-Z]{1,3})([1-9][0-9]{0,6}))?" ?/>|(?=[\s/>]))'
)
_GROUP = re.compile(r' si="([0-9]+)"')
_NUMBER = r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[Ee][-+]?[0-9]+)?"
_DATA = re.compile(rb"<sheetData ?(/?)>")
_SLICE = 1 << 20
_TOO_LARGE = 1e300

# A table may have a note some way below it; nobody leaves this much room.
_GAP_ROWS, _GAP_COLUMNS = 1000, 100
_MOST_STRAY = 100
_LARGE_RANGE = 10_000
_MOST_ROWS = 200_000  # the longest detail tables have some ten thousand

Merged = tuple[str, str, str, str]
"""Letters and row of the first cell of a merged range, and of the last."""

Cells = dict[int, dict[int, Raw]]
"""Row -> column -> value; blank cells are not there."""


class Allowance:
    """How much may still be read of one workbook: cells from A1 to the last one, merged cells, text of formulas."""

    def __init__(self, cells: int = 5_000_000, merged: int = 500_000, formula_text: int = 8 << 20) -> None:
        self.cells = cells
        self.merged = merged
        self.formula_text = formula_text


class Shared(NamedTuple):
    """What the sheets of a workbook share: texts by number, styles that show dates, and the day they count from."""

    texts: Mapping[str, str]
    dates: Collection[str]
    since_1904: bool


def read_sheet(name: str, xml: bytes, shared: Shared, allowance: Allowance) -> Sheet:
    """The sheet that a proved part holds. Raises FileRefused if the part cannot be understood, or has too much in it.

    The message is about the sheet, without the file's name.
    """
    reading = _Reading(shared, allowance)
    merged = reading.all_cells(xml) if is_plain(xml) else None
    if merged is None:
        xml = plain(xml)
        reading = _Reading(shared, allowance)
        merged = reading.all_cells(xml)
    strange = FileRefused(f"工作表“{name}”里有看不懂的单元格：请在 Excel 或 WPS 中打开并另存后再试。")
    if merged is None:
        raise strange
    cells = {row: there for row, there in reading.cells.items() if there}
    if max(cells, default=0) > LAST_ROW or max(map(max, cells.values()), default=0) > LAST_COLUMN:
        raise strange
    stray = _take_stray(cells)
    height, width = max(cells, default=0), max((max(there, default=0) for there in cells.values()), default=0)
    allowance.cells -= height * width
    if allowance.cells < 0 or height > _MOST_ROWS:
        raise FileRefused(
            f"工作表“{name}”的数据一直到 {column_letters(width)} 栏第 {height} 行：请删除数据区以外的内容，另存后再试。"
        )
    rows = [_row(cells.get(row, {}), width) for row in range(1, height + 1)]
    starts = _starts(name, merged, height, width, allowance)
    far = tuple(CellRef(name, *at) for at in stray)
    return Sheet(name, rows, starts, reading.formulas, far, hidden_lines(xml), reading.styles)


class _Reading:
    """One pass over the cells of a sheet."""

    def __init__(self, shared: Shared, allowance: Allowance) -> None:
        self.cells: Cells = {}
        self.formulas = SheetFormulas({}, set(), {})
        self.styles: set[str] = set()
        self._shared = shared
        self._allowance = allowance
        self._groups: dict[str, SharedFormula] = {}

    def all_cells(self, xml: bytes) -> list[Merged] | None:
        """Read every cell; what is merged. None if anything has not the plain form."""
        data = _DATA.search(xml)
        if data is None:
            return None
        end = data.end() if data[1] else xml.rfind(b"</sheetData>")
        for piece in _pieces(xml, data.end(), end):
            if not self._cells(piece):
                return None
        merged: list[Merged] = _MERGED.findall(xml[end:].decode())
        return merged if all(letters for letters, *_ in merged) else None

    def _cells(self, xml: str) -> bool:
        """Read the cells in a piece of the sheet; whether all have the plain form."""
        texts, dates = self._shared.texts, self._shared.dates
        formulas, without_value = self.formulas.texts, self.formulas.without_value
        styles = self.styles
        row = "none"
        cells: dict[int, Raw] = {}
        for letters, number, style, kind, formula, text, figure, other, inline in _CELL.findall(xml):
            styles.add(style)
            if number != row:
                if not number:
                    return False
                row = number
                cells = self.cells.setdefault(int(number), {})
            if formula == "<f>" and "&" not in text:  # most formulas
                formulas[letters + number] = text
                if not (figure or other or inline):
                    without_value.add(letters + number)
            elif formula:
                self._formula(letters + number, formula, text, bool(figure or other or inline))
            if figure and (not kind or kind == "n") and style not in dates:
                size = float(figure)
                value: Raw = size if -_TOO_LARGE < size < _TOO_LARGE else figure
            elif kind == "s" and figure in texts:
                value = texts[figure]
            elif figure or other or inline:
                value = self._value(letters + number, style, kind, figure or other, inline)
            else:
                continue
            if value != "":
                cells[_column(letters)] = value
        return True

    def _formula(self, cell: str, tag: str, text: str, has_value: bool) -> None:
        if "&" in text:
            text = without_references(text)
        group = _GROUP.search(tag)
        if group and text:
            from xltool.excel.read.sheets.shared_formula import SharedFormula

            self._groups[group[1]] = SharedFormula(text, cell)
        elif group and group[1] in self._groups and self._allowance.formula_text > 0:
            text = self._groups[group[1]].at(cell)
            self._allowance.formula_text -= len(text)
        self.formulas.texts[cell] = text
        if not has_value:
            self.formulas.without_value.add(cell)

    def _value(self, cell: str, style: str, kind: str, raw: str, inline: str) -> Raw:
        """A value of any kind; a number that is none, or beyond all measure, is a text."""
        if kind in ("str", "inlineStr"):
            return cell_text(inline or raw)
        raw = raw.strip()
        if kind == "e":
            self.formulas.errors[cell] = cell_text(raw)
            return ""
        if kind == "s":
            number = raw.lstrip("0") or "0"
            if number not in self._shared.texts:
                raise FileRefused(f"单元格 {cell} 的文字找不到：请在 Excel 或 WPS 中打开并另存后再试。")
            return self._shared.texts[number]
        if kind == "b":
            return raw in ("1", "true")
        if kind == "d":
            return moment_of_text(cell_text(raw))
        size = float(raw) if re.fullmatch(_NUMBER, raw) else _TOO_LARGE
        if not -_TOO_LARGE < size < _TOO_LARGE:
            return cell_text(raw)
        return moment(size, self._shared.since_1904) if style in self._shared.dates else size


def _pieces(xml: bytes, start: int, end: int) -> Iterator[str]:
    """The cells some thousands at a time, so that what is found in them does not take much memory."""
    while start < end:
        stop = xml.find(b"<c ", start + _SLICE, end)
        stop = stop if stop >= 0 else end
        yield xml[start:stop].decode()
        start = stop


def _row(cells: Mapping[int, Raw], width: int) -> list[Raw]:
    row: list[Raw] = [""] * width
    for column, value in cells.items():
        row[column - 1] = value
    return row


def _take_stray(cells: Cells) -> list[tuple[int, int]]:
    """Take the few cells out that lie far below or far to the right of all others; their rows and columns."""
    stray = []
    row = _first_far({row: len(there) for row, there in cells.items()}, _GAP_ROWS)
    for far in [far for far in cells if row and far >= row]:
        stray += [(far, column) for column in cells.pop(far)]
    column = 0
    if max(map(max, cells.values()), default=0) > _GAP_COLUMNS:
        column = _first_far(Counter(column for there in cells.values() for column in there), _GAP_COLUMNS)
    for number, there in cells.items() if column else ():
        stray += [(number, far) for far in there if far >= column]
        cells[number] = {near: value for near, value in there.items() if near < column}
    return sorted(stray)


def _first_far(counts: Mapping[int, int], gap: int) -> int:
    """The first row (or column) beyond a wide gap behind which there are few cells; 0 if there is none."""
    numbers = sorted(counts)
    first = beyond = 0
    for before, number in zip(reversed(numbers[:-1]), reversed(numbers[1:]), strict=True):
        beyond += counts[number]
        if beyond > _MOST_STRAY:
            break
        if number - before > gap:
            first = number
    return first


def _starts(
    name: str, merged: list[Merged], height: int, width: int, allowance: Allowance
) -> dict[tuple[int, int], tuple[int, int]]:
    """From each merged cell to the first of its range.

    Of a whole row or column only what lies among the values counts, and of a range that covers a sheet nothing at all.
    """
    starts: dict[tuple[int, int], tuple[int, int]] = {}
    for letters, number, last_letters, last_number in merged:
        if not last_letters:
            continue
        left, right = sorted((_column(letters), _column(last_letters)))
        top, bottom = sorted((int(number), int(last_number)))
        if (right - left + 1) * (bottom - top + 1) > _LARGE_RANGE:
            if left < right and top < bottom:
                continue
            right, bottom = min(right, width), min(bottom, height)
        allowance.merged -= max(right - left + 1, 0) * max(bottom - top + 1, 0)
        if allowance.merged < 0:
            raise FileRefused(f"工作表“{name}”合并的单元格过多：请取消数据区以外的合并，另存后再试。")
        starts |= dict.fromkeys(product(range(top, bottom + 1), range(left, right + 1)), (top, left))
    return starts


@lru_cache(maxsize=4096)
def _column(letters: str) -> int:
    return column_number(letters)
