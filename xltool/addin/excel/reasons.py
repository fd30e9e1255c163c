"""The sheet 审核说明 in the open workbook, with the reasons that `excel.mark.kept_sheet` writes in a file."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from xltool.addin.excel.com import assign, each, patiently
from xltool.addin.excel.finding import OpenBook
from xltool.addin.excel.quiet import quiet
from xltool.diagnose.accepting import Kept
from xltool.errors import ExcelRefused
from xltool.excel.mark.kept_sheet import HEADING_ROW, WIDTHS, content, names
from xltool.model import column_letters

_TEXT = "@"
_TOP = -4160  # xlTop
_VISIBLE = -1  # xlSheetVisible
_LAST_ROW = 1_048_576
_OTHERWISE = "请先撤消保护，或保存后点“打开页面”，在那里写说明"


def ensure_may_keep(book: OpenBook, sheet: str) -> None:
    """Raise ExcelRefused if the sheet with the reasons cannot be added ("": there is none), or not be written."""
    if sheet:
        if patiently(lambda: book.book.sheets[sheet].api.ProtectContents):
            raise ExcelRefused(f"“{sheet}”表受保护，不能存说明：{_OTHERWISE}。")
    elif patiently(lambda: book.book.api.ProtectStructure or book.book.api.MultiUserEditing):
        raise ExcelRefused(f"工作簿的结构受保护，或是共享工作簿，不能加“{next(names())}”表：{_OTHERWISE}。")


def keep_reasons(book: OpenBook, kept: Sequence[Kept], sheet: str) -> None:
    """Write the reasons into the sheet that has them now, or into a new one behind all that are shown. What is shown,
    and what is selected there, stays."""
    with quiet(book.app):
        native = patiently(lambda: book.book.sheets[sheet].api) if sheet else _added(book)
        patiently(partial(_write, native, content(kept)))


def _added(book: OpenBook) -> Any:
    """A new sheet, made step by step: what an Excel that is busy then has done already is not done twice."""
    sheets, shown = patiently(lambda: (book.book.api.Worksheets, book.book.api.ActiveSheet))
    there = patiently(lambda: [(one, one.Name.lower(), one.Visible) for one in each(sheets)])
    last = next(one for one, _, visible in reversed(there) if visible == _VISIBLE)  # a hidden one cannot be moved
    native = patiently(lambda: sheets.Add(Before=last))
    taken = {name for _, name, _ in there}
    patiently(partial(assign, native, "Name", next(one for one in names() if one not in taken)))
    patiently(lambda: last.Move(Before=native))
    patiently(lambda: shown.Activate())
    patiently(partial(_shape, native))
    return native


def _write(native: Any, lines: Sequence[Sequence[str]]) -> None:
    """Put these lines in place of those that are there, which are not gone before."""
    cells = native.Range(f"A1:{column_letters(len(WIDTHS))}{len(lines)}")
    assign(cells, "NumberFormat", _TEXT)  # before the texts come: none of them is a formula or a number
    assign(cells, "Value", tuple((*line, *[""] * (len(WIDTHS) - len(line))) for line in lines))
    native.Rows(f"{len(lines) + 1}:{_LAST_ROW}").ClearContents()


def _shape(native: Any) -> None:
    """Widths, wrapped lines and bold headings."""
    for number, width in enumerate(WIDTHS.values(), 1):
        assign(native.Columns(number), "ColumnWidth", width)
    assign(native.Rows(f"{HEADING_ROW + 2}:{_LAST_ROW}"), "WrapText", True)
    assign(native.Cells, "VerticalAlignment", _TOP)
    for row in (1, HEADING_ROW + 1):
        assign(native.Rows(row).Font, "Bold", True)
