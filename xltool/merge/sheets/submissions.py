"""报送情况: what became of each unit of the roster, the ones that need action on top, and who spends how much."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from xlsxwriter.worksheet import Worksheet

from xltool.excel.write import styles
from xltool.excel.write.added import AddedSheet
from xltool.excel.write.cells import MOST_LINKS, Job, put, put_formula, put_merged
from xltool.excel.write.handouts.links import put_link, seen_from, url
from xltool.excel.write.styles import Look
from xltool.merge.consolidation import Consolidation, Sent, State, UnitLine
from xltool.merge.sheets.expenditure_chart import Spender, write_chart
from xltool.model import Severity, column_letters
from xltool.source.our_sheets import SUBMISSIONS
from xltool.template.spec import YUAN

NUMBER, CODE, NAME, PARENT, TYPE = "序号", "单位编码", "单位名称", "上级单位", "类型"
STATE, FILE, MODIFIED, INCOME, EXPENDITURE = "状态", "文件", "文件时间", "收入总计", "支出总计"
ERRORS, WARNINGS, ACCEPTED, NOTE, SHA256 = "错误", "警告", "已说明", "说明", "SHA-256"
"""The headings of the columns."""

HEADING_ROW = 5
_WIDTHS = {
    NUMBER: 6,
    CODE: 12,
    NAME: 28,
    PARENT: 20,
    TYPE: 7,
    STATE: 14,
    FILE: 34,
    MODIFIED: 19,
    INCOME: 16,
    EXPENDITURE: 16,
    ERRORS: 7,
    WARNINGS: 7,
    ACCEPTED: 8,
    NOTE: 36,
    SHA256: 20,
}
_AT = {heading: column for column, heading in enumerate(_WIDTHS, 1)}
_AMOUNTS = (INCOME, EXPENDITURE)
_COUNTS: Mapping[str, Callable[[Sent], int]] = {
    ERRORS: lambda sent: sent.errors,
    WARNINGS: lambda sent: sent.warnings,
    ACCEPTED: lambda sent: sent.accepted,
}
_DECIMALS = 2
_TOTALS, _GAP = 2, 5
"""Rows of totals below the last line; rows from there to the figures of the chart."""


def submissions(consolidation: Consolidation, target: Path) -> AddedSheet:
    """The sheet of a 汇总 that is written to `target`."""
    lines = consolidation.urgent_first

    def write(job: Job, sheet: Worksheet) -> None:
        last = HEADING_ROW + len(lines)
        _write_top(job, sheet, lines)
        for row, line in enumerate(lines, HEADING_ROW + 1):
            _write_line(job, sheet, row, line, target)
        _write_totals(job, sheet, lines)
        spenders = [
            Spender(row, line.unit.name, line.sent.expenditure)
            for row, line in enumerate(lines, HEADING_ROW + 1)
            if line.state is State.MERGED and line.sent is not None and line.sent.expenditure is not None
        ]
        end = write_chart(job, sheet, spenders, last + _GAP, _AT[NAME], _AT[EXPENDITURE])
        _set_up(sheet, last, max(end, last + _TOTALS))

    return AddedSheet(SUBMISSIONS, "哪些单位报送了，哪些要催报、要改，各单位支出图", write)


def _tint(line: UnitLine) -> Look:
    """Red for what is missing or wrong, amber for what was left out."""
    if line.severity is None:
        return {}
    return styles.WRONG if line.severity is Severity.ERROR else styles.DOUBTFUL


def _write_top(job: Job, sheet: Worksheet, lines: Sequence[UnitLine]) -> None:
    look, outline, last = job.styles, job.layout.outline, len(_WIDTHS)
    put_merged(sheet, 1, 1, 1, last, f"{outline.year}年{outline.department}预算{SUBMISSIONS}", look(styles.TITLE))
    sheet.set_row(0, 32)
    counts = Counter(line.state for line in lines)
    words = "，".join(f"{state.value} {counts[state]}" for state in State if counts[state])
    put_merged(sheet, 2, 1, 2, last, f"共 {len(lines)} 行：{words}。要处理的在最前面。", look(styles.NOTE))
    put_merged(sheet, 3, 1, 3, _AT[FILE], f"部门：{outline.department}", look(styles.HEADER_LEFT))
    put_merged(sheet, 3, _AT[SHA256] - 1, 3, last, f"金额单位：{outline.amount_unit}", look(styles.HEADER_RIGHT))
    for heading, column in _AT.items():
        put(sheet, HEADING_ROW, column, heading, look(styles.HEADING))


def _write_line(job: Job, sheet: Worksheet, row: int, line: UnitLine, target: Path) -> None:
    unit, sent, look, tint = line.unit, line.sent, job.styles, _tint(line)
    texts = {
        CODE: unit.code,
        NAME: unit.name,
        PARENT: unit.parent,
        TYPE: unit.type.value,
        STATE: line.state.value,
        MODIFIED: _minute(sent.modified) if sent else "",
        NOTE: line.note,
    }
    put(sheet, row, _AT[NUMBER], Decimal(row - HEADING_ROW), look(styles.NUMBERING, tint))
    for heading, text in texts.items():
        put(sheet, row, _AT[heading], text, look(styles.TEXT, tint))
    put(sheet, row, _AT[SHA256], sent.sha256 if sent else "", look(styles.CODE, styles.CUT_OFF, tint))
    file = seen_from(target, sent.path) if sent else ""
    whole = [*((text, _WIDTHS[heading]) for heading, text in texts.items()), (file, _WIDTHS[FILE])]
    sheet.set_row(row - 1, styles.row_height(whole))
    address = url(file) if file and row <= MOST_LINKS else None
    put_link(sheet, row, _AT[FILE], address, file, look(styles.TEXT, styles.LINKED if file else {}, tint))
    for heading, shown in _figure_looks().items():
        put(sheet, row, _AT[heading], _figure(job, line, heading), look(shown, tint))


def _minute(time: str) -> str:
    """2024-01-31T09:30:12+08:00 as it is read."""
    return time[:16].replace("T", " ")


def _figure_looks() -> dict[str, Look]:
    amount = {**styles.AMOUNT, **styles.amount_format(_DECIMALS, "zero")}
    return {INCOME: amount, EXPENDITURE: amount, **dict.fromkeys(_COUNTS, styles.NUMBERING)}


def _figure(job: Job, line: UnitLine, heading: str) -> Decimal | None:
    """What a line has in one of the columns that are added up, amounts in the unit of the workbook."""
    sent = line.sent
    if sent is None:
        return None
    if heading in _COUNTS:
        return Decimal(_COUNTS[heading](sent))
    yuan = sent.income if heading == INCOME else sent.expenditure
    return None if yuan is None else yuan / YUAN[job.layout.outline.amount_unit]


def _write_totals(job: Job, sheet: Worksheet, lines: Sequence[UnitLine]) -> None:
    """Of all lines, and of those that were added up: that is what the 汇总 has before 抵销."""
    look, first, last = job.styles, HEADING_ROW + 1, HEADING_ROW + len(lines)
    is_merged = f'{_column(STATE, first, last)},"{State.MERGED.value}"'
    merged = [line for line in lines if line.state is State.MERGED]
    for row, label, counted in ((last + 1, "合计", lines), (last + 2, f"其中：{State.MERGED.value}", merged)):
        for column in range(1, len(_WIDTHS) + 1):
            put(sheet, row, column, None, look(styles.LABEL))
        put(sheet, row, _AT[NAME], label, look(styles.LABEL, styles.BOLD))
        for heading, shown in _figure_looks().items():
            cells = _column(heading, first, last)
            formula = f"SUM({cells})" if counted is lines else f"SUMIFS({cells},{is_merged})"
            total = sum((_figure(job, line, heading) or Decimal(0) for line in counted), Decimal(0))
            put_formula(sheet, row, _AT[heading], formula, look(shown, styles.BOLD), total)


def _column(heading: str, first: int, last: int) -> str:
    letters = column_letters(_AT[heading])
    return f"{letters}{first}:{letters}{last}"


def _set_up(sheet: Worksheet, last: int, end: int) -> None:
    for heading, width in _WIDTHS.items():
        sheet.set_column(_AT[heading] - 1, _AT[heading] - 1, width)
    sheet.freeze_panes(HEADING_ROW, _AT[NAME])
    sheet.autofilter(HEADING_ROW - 1, 0, last - 1, len(_WIDTHS) - 1)
    sheet.repeat_rows(HEADING_ROW - 1)
    sheet.print_area(0, 0, end - 1, len(_WIDTHS) - 1)
