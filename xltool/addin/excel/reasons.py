"""The sheet 审核说明 in the open workbook, with the reasons that `excel.mark.kept_sheet` writes in a file."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from xltool.addin.excel.com import patiently
from xltool.addin.excel.finding import OpenBook
from xltool.addin.excel.quiet import quiet
from xltool.diagnose.accepting import Kept
from xltool.errors import ExcelRefused
from xltool.excel.mark.kept_sheet import HEADING_ROW, WIDTHS, content, names
from xltool.model import column_letters

_TEXT = "@"
_TOP = -4160  # xlTop
_OTHERWISE = "请先撤消保护，或保存后点“打开页面”，在那里写说明"


def ensure_may_keep(book: OpenBook, sheet: str) -> None:
    """Raise ExcelRefused if the sheet with the reasons cannot be added ("": there is none), or not be written."""
    if sheet:
        if patiently(lambda: book.book.sheets[sheet].api.ProtectContents):
            raise ExcelRefused(f"“{sheet}”表受保护，不能存说明：{_OTHERWISE}。")
    elif patiently(lambda: book.book.api.ProtectStructure or book.book.api.MultiUserEditing):
        raise ExcelRefused(f"工作簿的结构受保护，或是共享工作簿，不能加“{next(names())}”表：{_OTHERWISE}。")


def keep_reasons(book: OpenBook, kept: Sequence[Kept], sheet: str) -> None:
    """Write the reasons into the sheet that has them now, or into a new one behind all others. What is shown, and what
    is selected there, stays."""
    with quiet(book.app):
        taken = patiently(lambda: {one.name.lower() for one in book.book.sheets})
        name = sheet or next(one for one in names() if one not in taken)
        patiently(partial(_write, book, content(kept), name))


def _write(book: OpenBook, lines: Sequence[Sequence[str]], name: str) -> None:
    native = next((one.api for one in book.book.sheets if one.name == name), None)
    if native is None:
        shown = book.book.sheets.active
        native = book.book.sheets.add(name, after=book.book.sheets[-1]).api
        shown.api.Activate()
        _shape(native)
    native.Cells.ClearContents()
    cells = native.Range(f"A1:{column_letters(len(WIDTHS))}{len(lines)}")
    cells.NumberFormat = _TEXT  # before the texts come: none of them is a formula or a number
    cells.Value = tuple((*line, *[""] * (len(WIDTHS) - len(line))) for line in lines)


def _shape(native: Any) -> None:
    """Widths, wrapped lines and bold headings."""
    for number, width in enumerate(WIDTHS.values(), 1):
        native.Columns(number).ColumnWidth = width
    native.Rows(f"{HEADING_ROW + 2}:1048576").WrapText = True
    native.Cells.VerticalAlignment = _TOP
    for row in (1, HEADING_ROW + 1):
        native.Rows(row).Font.Bold = True
