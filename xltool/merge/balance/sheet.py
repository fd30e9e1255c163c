"""The sheet 舍位说明: how the amounts were rounded, and every figure that is not its plain rounding."""

from __future__ import annotations

from xlsxwriter.worksheet import Worksheet

from xltool.checking.tell.words import Words
from xltool.excel.write import styles
from xltool.excel.write.added import AddedSheet
from xltool.excel.write.cells import MOST_LINKS, Job, put, put_merged
from xltool.excel.write.formulas import quoted
from xltool.merge.balance.balance import Balanced
from xltool.merge.balance.explain import RoundingStep
from xltool.merge.balance.summary import summary
from xltool.source.our_sheets import ROUNDING
from xltool.widths import lines_needed

_HEADINGS = {
    "序号": 7,
    "工作表": 20,
    "单元格": 9,
    "项目": 34,
    "准确数": 18,
    "四舍五入": 16,
    "印出的数": 16,
    "调整": 10,
    "为什么": 56,
}


def explaining_sheet(balanced: Balanced) -> AddedSheet:
    """The sheet for the workbook with these amounts."""
    return AddedSheet(ROUNDING, "哪些数没有照四舍五入，为什么", lambda job, sheet: _write(job, sheet, balanced))


def _write(job: Job, sheet: Worksheet, balanced: Balanced) -> None:
    look, width = job.styles, len(_HEADINGS)
    put_merged(sheet, 1, 1, 1, width, ROUNDING, look(styles.TITLE))
    sheet.set_row(0, 30)
    sentences = [*summary(balanced)]
    for row, text in enumerate(sentences, 2):
        put_merged(sheet, row, 1, row, width, text, look(styles.WRAPPED))
    first = len(sentences) + 3
    for column, (heading, wide) in enumerate(_HEADINGS.items(), 1):
        put(sheet, first - 1, column, heading, look(styles.HEADING))
        sheet.set_column(column - 1, column - 1, wide, look(styles.PLAIN))
    for number, change in enumerate(balanced.changes, 1):
        _write_change(job, sheet, first + number - 1, number, change)
    last = first + len(balanced.changes) - 1
    sheet.print_area(0, 0, max(last, first) - 1, width - 1)
    sheet.freeze_panes(first - 1, 0)
    sheet.repeat_rows(first - 2)
    if balanced.changes:
        sheet.autofilter(first - 2, 0, last - 1, width - 1)


def _write_change(job: Job, sheet: Worksheet, row: int, number: int, change: RoundingStep) -> None:
    look, layout, place = job.styles, job.layout, change.place
    cell = layout.cell(place)
    assert cell is not None
    put(sheet, row, 1, str(number), look(styles.NUMBERING))
    put(sheet, row, 2, cell.sheet, look(styles.LABEL))
    if number <= MOST_LINKS:
        link = f"internal:{quoted(cell.sheet)}!{cell.a1}"
        sheet.write_url(row - 1, 2, link, look(styles.BOXED_LINK), cell.a1)
    else:
        put(sheet, row, 3, cell.a1, look(styles.CENTRED))
    words = Words(layout, {})
    put(sheet, row, 4, words.line(place), look(styles.LABEL))
    printed = look(styles.AMOUNT, styles.amount_format(layout.decimals(place), "zero"))
    exact = look(styles.AMOUNT, {"num_format": "#,##0.00####"})
    for column, value, shown in ((5, change.exact, exact), (6, change.plain, printed), (7, change.printed, printed)):
        put(sheet, row, column, value, shown)
    put(sheet, row, 8, change.printed - change.plain, exact if change.unit < 1 else printed)
    put(sheet, row, 9, change.reason, look(styles.LABEL))
    lines = lines_needed(change.reason, _HEADINGS["为什么"])
    sheet.set_row(row - 1, styles.LINE_HEIGHT * lines + 4)
