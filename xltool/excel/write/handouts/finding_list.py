"""The 问题清单 that officers pass around: a line for each problem, to be sorted, filtered, printed, and explained."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from xltool.csv_text import csv_bytes
from xltool.errors import FileRefused
from xltool.excel.write import styles
from xltool.excel.write.cells import MOST_LINKS, put, put_merged
from xltool.excel.write.handouts.links import put_link, seen_from, url
from xltool.excel.write.styles import Look, Styles
from xltool.excel.write.table.paper import ACROSS
from xltool.excel.write.table.sheet import set_up_print
from xltool.model import LAST_ROW, CellRef, Severity
from xltool.saving import save_file
from xltool.source.acceptances import COLUMNS

TITLE = "问题清单"
NUMBER, FILE, TABLE, CELL, SEVERITY, RULE = "序号", "文件", "表", "单元格", "程度", "规则"
PROBLEM, EXPECTED, FOUND, ACTION = "问题", "应为", "现为", "处理"
REASON, WHO, DATE, CODE = (COLUMNS.words[name][0] for name in ("reason", "who", "date", "code"))
"""The headings of the columns; those of reasons are read again."""

CORRECT, EXPLAIN, EXPLAINED, CORRECTED = "须改正", "改正或说明", "已说明", "已改正"
"""What is to be done about a problem; the last is for people to choose."""

_ABOUT = (
    "警告没有错的，在“说明”里写明理由（错误要改正，写说明不算），再检查时写 --accepted 和本清单的文件名；"
    "“核对码”不要改动，各栏的先后可以改。"
)
_WIDTHS = {
    NUMBER: 5,
    FILE: 18,
    TABLE: 18,
    CELL: 8,
    SEVERITY: 5,
    RULE: 20,
    PROBLEM: 44,
    EXPECTED: 12,
    FOUND: 12,
    REASON: 26,
    WHO: 8,
    DATE: 11,
    ACTION: 10,
    CODE: 13,
}
_HEADING_ROW = 3
_FIGURE = re.compile(r"-?[0-9]{1,3}(?:,?[0-9]{3})*(?:\.[0-9]+)?")
_TINTS = {Severity.ERROR: styles.WRONG, Severity.WARNING: styles.DOUBTFUL}


class ListedFinding(NamedTuple):
    """One line: `file` is the workbook that the link leads to, `cell` None for what stands in no cell.

    `severity` decides the colour of `texts`, which are by heading.
    """

    file: Path
    cell: CellRef | None
    severity: Severity
    texts: dict[str, str]


def refuse_other_endings(target: Path) -> None:
    """Raise FileRefused for a file name that does not say how to write the list."""
    if target.suffix.lower() not in (".csv", ".xlsx"):
        raise FileRefused(f"不知道怎样写“{target.name}”：问题清单的文件名应以 .xlsx 或 .csv 结尾。")


def save_findings(listed: Sequence[ListedFinding], target: Path) -> None:
    """Write the list to `target`, whose ending chooses .xlsx or .csv; with a column 文件 if there are several.

    Raises FileRefused.
    """
    refuse_other_endings(target)
    several = len({one.file for one in listed}) > 1
    headings = [heading for heading in _WIDTHS if heading != FILE or several]
    lines = [
        {NUMBER: str(number), FILE: seen_from(target, str(one.file)), **one.texts}
        for number, one in enumerate(listed, 1)
    ]
    if target.suffix.lower() == ".csv":
        save_file(target, csv_bytes([headings, *([_value(one, line[one]) for one in headings] for line in lines)]))
    elif len(lines) > LAST_ROW - _HEADING_ROW:
        raise FileRefused(f"问题有 {len(lines)} 个，一张工作表放不下：请把清单的文件名写成以 .csv 结尾。")
    else:
        save_file(target, _workbook(headings, list(zip(listed, lines, strict=True)), target))


def _workbook(headings: Sequence[str], lines: Sequence[tuple[ListedFinding, dict[str, str]]], target: Path) -> bytes:
    buffer = io.BytesIO()
    workbook = Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet, look = workbook.add_worksheet(TITLE), Styles(workbook)
    last = len(headings)
    put_merged(sheet, 1, 1, 1, last, TITLE, look(styles.TITLE))
    put_merged(sheet, 2, 1, 2, last, _ABOUT, look(styles.NOTE))
    sheet.set_row(0, 30)
    sheet.set_row(1, styles.row_height([(_ABOUT, sum(_WIDTHS[heading] for heading in headings))]))
    for column, heading in enumerate(headings, 1):
        put(sheet, _HEADING_ROW, column, heading, look(styles.HEADING))
        sheet.set_column(column - 1, column - 1, _WIDTHS[heading])
    for row, (one, texts) in enumerate(lines, _HEADING_ROW + 1):
        whole = [(texts[heading], _WIDTHS[heading]) for heading in headings if heading != CODE]
        sheet.set_row(row - 1, styles.row_height(whole))
        for column, heading in enumerate(headings, 1):
            _put(sheet, row, column, heading, one, texts[heading], look, target)
    _set_up(sheet, headings, _HEADING_ROW + len(lines))
    workbook.close()
    return buffer.getvalue()


def _put(
    sheet: Worksheet, row: int, column: int, heading: str, one: ListedFinding, text: str, look: Styles, target: Path
) -> None:
    if heading == CELL and one.cell is not None:
        address = url(seen_from(target, str(one.file)), one.cell) if row <= MOST_LINKS else None
        put_link(sheet, row, column, address, text, look(styles.CENTRED, styles.LINKED if address else {}))
    else:
        value = _value(heading, text)
        put(sheet, row, column, value, look(*_looks(heading, one, value)))


def _value(heading: str, text: str) -> str | Decimal:
    """What stands in a column; figures are numbers, so that they are sorted as such."""
    is_figure = heading == NUMBER or (heading in (EXPECTED, FOUND) and _FIGURE.fullmatch(text))
    return Decimal(text.replace(",", "")) if is_figure else text


def _looks(heading: str, one: ListedFinding, value: str | Decimal) -> tuple[Look, ...]:
    """Where a reason may be written, the cell has the colour of cells to be filled in."""
    if heading == NUMBER:
        return (styles.NUMBERING,)
    if isinstance(value, Decimal):
        exponent = value.as_tuple().exponent
        return styles.AMOUNT, styles.amount_format(-exponent if isinstance(exponent, int) else 0, "zero")
    if heading == SEVERITY:
        return styles.CENTRED, {} if one.texts[ACTION] == EXPLAINED else _TINTS[one.severity]
    if heading in (REASON, WHO, DATE) and one.texts[ACTION] != CORRECT:
        return styles.TEXT, {"bg_color": styles.INPUT_TINT}
    if heading == CODE:
        return styles.CODE, styles.CUT_OFF, {"font_color": styles.HELPER_GREY}
    return (styles.CENTRED,) if heading in (CELL, ACTION) else (styles.TEXT,)


def _set_up(sheet: Worksheet, headings: Sequence[str], last: int) -> None:
    action = headings.index(ACTION)
    choices = {"validate": "list", "source": [CORRECT, EXPLAIN, EXPLAINED, CORRECTED], "show_error": False}
    sheet.data_validation(_HEADING_ROW, action, max(last, _HEADING_ROW + 1) - 1, action, choices)
    sheet.autofilter(_HEADING_ROW - 1, 0, max(last, _HEADING_ROW + 1) - 1, len(headings) - 1)
    sheet.freeze_panes(_HEADING_ROW, 0)
    sheet.repeat_rows(_HEADING_ROW - 1)
    sheet.print_area(0, 0, last - 1, len(headings) - 2)  # without the codes
    set_up_print(sheet, ACROSS)
