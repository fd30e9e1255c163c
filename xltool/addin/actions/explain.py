"""说明: why the warning at the selected cell is right, kept in the sheet 审核说明 as `xltool check --keep` does."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from xltool.addin.actions.check import mark
from xltool.addin.excel.com import ComError, is_refusal, patiently
from xltool.addin.excel.examining import as_it_is_now, copied, ensure_may_change, examined, sheet_with_reasons
from xltool.addin.excel.finding import OpenBook
from xltool.addin.excel.input_box import typed
from xltool.addin.excel.quiet import saying
from xltool.addin.excel.reasons import ensure_may_keep, keep_reasons
from xltool.addin.screen import Screen
from xltool.addin.undo import may_be_emptied
from xltool.api.books import marked_cells, reasons_to_keep
from xltool.diagnose.accepting import code_of, may_be_explained
from xltool.errors import ExcelRefused
from xltool.model import Acceptance, CellRef, Finding
from xltool.report.text import summary

if TYPE_CHECKING:
    from xltool.diagnose.report import Report


def explain(book: OpenBook, screen: Screen) -> int:
    """Ask for the reason, keep it and mark anew; returns 0. Raises ExcelRefused if there is no such warning or the
    workbook lets no sheet be added, and what reading the copy raises."""
    cell = patiently(lambda: _selected(book))
    with saying(book.app, "xltool 正在检查……"):
        copy = copied(book)
        report = examined(copy)
    warning, others = _warning_at(report, cell)
    kept_in = sheet_with_reasons(copy)
    ensure_may_change(book, copy)  # before somebody writes a reason in vain
    ensure_may_keep(book, kept_in)
    problem = f"{warning.rule} {warning.name}：{warning.statement}"
    reason = typed(book.app, "说明", "为什么没有错：", problem)
    if not reason:
        return 0
    who = patiently(lambda: str(book.app.api.UserName))
    acceptance = Acceptance(str(code_of(warning, report.book)), reason, who, date.today().isoformat())
    report = examined(copy, [acceptance])
    if not may_be_emptied(screen):
        return 0
    ensure_may_change(book, copy)
    keep_reasons(book, reasons_to_keep(report), kept_in)
    copy = as_it_is_now(book, copy)
    told = [f"已存入“审核说明”表：{reason}", *([f"这一格还有 {others} 个警告，请再点“说明”。"] if others else [])]
    screen.tell("\n".join([*told, summary(report), *mark(book, screen, copy, report)]))
    return 0


def _selected(book: OpenBook) -> CellRef:
    """The selected cell. Raises ExcelRefused if it is in another workbook, or no cell is (a sheet that is a chart)."""
    try:
        cell = book.app.api.ActiveCell
    except ComError as error:
        if not is_refusal(error):
            raise
        cell = None
    if cell is None or cell.Worksheet.Parent.FullName != book.full_name:
        raise ExcelRefused("没有选中单元格：请选中有警告（黄色）的那一格，再点“说明”。")
    return CellRef(cell.Worksheet.Name, cell.Row, cell.Column)


def _warning_at(report: Report, cell: CellRef) -> tuple[Finding, int]:
    """The warning at a cell that may be explained, and how many more there are."""
    there = [finding for finding in report.findings if finding.is_open and cell in marked_cells(finding)]
    warnings = [finding for finding in there if may_be_explained(finding)]
    if not warnings:
        why = "只有错误，错误要改正，不能用说明代替" if there else "没有警告要说明"
        raise ExcelRefused(f"“{cell.in_book}”{why}：请选中有警告（黄色）的那一格，再点“说明”。")
    return warnings[0], len(warnings) - 1
