"""A long table as one sheet of a workbook, written line by line."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from xlsxwriter.workbook import Workbook

from xltool.errors import FileRefused
from xltool.excel.file.xmltext import escape
from xltool.excel.write.cells import refuse_too_long
from xltool.excel.write.workbook import CREATED
from xltool.layout.long_table import Line
from xltool.model import LAST_ROW, column_letters

_WIDTHS = dict.fromkeys(Line._fields, 12) | {
    "unit": 24,
    "file": 30,
    "template": 16,
    "table": 24,
    "row": 32,
    "column": 32,
}
_WIDTHS |= {"value": 16, "yuan": 18, "text": 24, "sheet": 20}
_LETTERS = [column_letters(column) for column in range(1, len(_WIDTHS) + 1)]
_SHEET, _END = "xl/worksheets/sheet1.xml", b"</sheetData>"
_CODE = re.compile("_x[0-9A-Fa-f]{4}_")
"""What Excel would take for the code of a character."""

_DIMENSION = re.compile(rb"<dimension [^>]*/>")
"""It would have to be known before the lines are; no program needs it."""


def refuse_too_long_texts(lines: Iterable[Line]) -> None:
    """Raise FileRefused for a text that a cell cannot hold."""
    for line in lines:
        for field in (line.row, line.column, line.text):
            refuse_too_long(field, f"表“{line.table}”里")


@contextmanager
def sheet_file(path: Path) -> Iterator[Callable[[Sequence[Line]], None]]:
    """Figures are numbers, and no text is taken for a formula or a link. The same lines give the same bytes.

    XlsxWriter makes all but the lines: there may be a million, which take it minutes. Raises FileRefused when there are
    more than a sheet can hold.
    """
    last, part = 1, ZipInfo(_SHEET)
    part.compress_type = ZIP_DEFLATED
    with ZipFile(path, "w") as package:
        with package.open(part, "w", force_zip64=True) as sheet:
            sheet.write(_frame(last)[_SHEET].partition(_END)[0])

            def write(lines: Sequence[Line]) -> None:
                nonlocal last
                if last + len(lines) > LAST_ROW:
                    raise FileRefused(
                        f"数据超过 {LAST_ROW - 1:,} 行，一张工作表放不下：请改写成 .csv、.parquet 或 .sqlite 文件。"
                    )
                sheet.write("".join(_row(row, line) for row, line in enumerate(lines, last + 1)).encode())
                last += len(lines)

            yield write
            parts = _frame(last)
            sheet.write(b"".join(parts.pop(_SHEET).partition(_END)[1:]))
        for name, content in parts.items():
            package.writestr(ZipInfo(name), content, ZIP_DEFLATED)


def _frame(last: int) -> dict[str, bytes]:
    """The parts of a workbook that has nothing but the headings yet; `last` is the row that it will end in."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(buffer, options) as workbook:
        workbook.set_properties({"created": CREATED})
        sheet = workbook.add_worksheet("数")
        for column, width in enumerate(_WIDTHS.values()):
            sheet.set_column(column, column, width)
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, Line._fields, workbook.add_format({"bold": True}))
        sheet.autofilter(0, 0, last - 1, len(_WIDTHS) - 1)
    with ZipFile(buffer) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    parts[_SHEET] = _DIMENSION.sub(b"", parts[_SHEET])
    return parts


def _row(row: int, line: Line) -> str:
    cells = [
        f'<c r="{letters}{row}" {_text(field)}'
        if isinstance(field, str)
        else f'<c r="{letters}{row}"><v>{float(field)!r}</v></c>'
        for letters, field in zip(_LETTERS, line, strict=True)
        if field is not None and field != ""
    ]
    return f'<row r="{row}">{"".join(cells)}</row>'


@lru_cache(1 << 14)
def _text(text: str) -> str:
    """What stands in a cell with a text, from behind its address on: most lines have the same texts."""
    return f't="inlineStr"><is><t xml:space="preserve">{escape(_CODE.sub(_escaped, text))}</t></is></c>'


def _escaped(code: re.Match[str]) -> str:
    return f"_x005F{code[0]}"
