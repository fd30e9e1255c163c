"""Writes a comparison as a workbook: 增减表 with live formulas, a chart of the largest changes, lists of the rest."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from xltool.errors import FileRefused
from xltool.excel.write import styles
from xltool.excel.write.cells import put, put_merged
from xltool.excel.write.styles import Styles
from xltool.excel.write.table.paper import ACROSS
from xltool.excel.write.table.sheet import PROTECTION, set_up_print
from xltool.merge.compare.change_chart import write_chart
from xltool.merge.compare.change_sheet import write_changes
from xltool.merge.compare.comparison import Comparison
from xltool.model import Value, column_letters
from xltool.saving import save_file
from xltool.template.spec import DIMENSION_NAMES

TEXTS, ROWS, INCOMPARABLE, PAIRS = "文字变化", "行的增减", "无法对比", "改名和科目变动"
_HEADING_ROW = 3
_MOST_LINES = 1_000_000
"""Of one sheet; Excel has 1,048,576."""

_CREATED = datetime(2000, 1, 1)
"""The same input gives the same bytes, so the file does not say when it was made."""


def write_comparison(comparison: Comparison, target: Path) -> None:
    """Write the workbook to `target`, in one step. Raises FileRefused if it cannot be, or no sheet is so long."""
    longest = max(map(len, (comparison.figures, comparison.texts, comparison.rows, comparison.incomparable)))
    if longest > _MOST_LINES:
        raise FileRefused(f"有 {longest} 处不同，一张工作表列不下：请不写 -o，用 --json 写成文件。")
    save_file(target, comparison_bytes(comparison))


def comparison_bytes(comparison: Comparison) -> bytes:
    """The content of the .xlsx file; lists that would be empty have no sheet."""
    buffer = io.BytesIO()
    settings = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    font = {"font_name": styles.FONT, "font_size": 10}
    workbook = Workbook(buffer, {**settings, "default_format_properties": font})
    workbook.set_properties({"title": title(comparison), "company": comparison.new.unit, "created": _CREATED})
    look = Styles(workbook)
    sheet = workbook.add_worksheet("增减表")
    rows = write_changes(comparison, title(comparison), look, sheet)
    _finish(sheet)
    if comparison.largest(1):
        chart = workbook.add_worksheet("增减图")
        write_chart(comparison, rows, look, workbook, chart)
        _finish(chart)
    for name, text, headings, lines in _lists(comparison):
        if lines:
            listed = workbook.add_worksheet(name)
            _write_list(look, listed, text, headings, lines)
            _finish(listed)
    sheet.activate()
    workbook.close()
    return buffer.getvalue()


def title(comparison: Comparison) -> str:
    """What stands above the table: of two years, or before and after."""
    old, new = comparison.old, comparison.new
    return f"{new.year}年预算与{old.year}年预算增减表" if old.year != new.year else f"{new.year}年预算前后增减表"


def _finish(sheet: Worksheet) -> None:
    set_up_print(sheet, ACROSS)
    sheet.protect("", PROTECTION)


_List = tuple[str, str, dict[str, float], Sequence[Sequence[Value]]]


def _lists(comparison: Comparison) -> list[_List]:
    """Name, explanation, headings with widths, and lines of each sheet besides 增减表."""
    where: dict[str, float] = {"表": 28, "行": 44, "栏": 22}
    which = ("旧", "新")
    texts = [(one.table, one.row, one.column, _text(one.old), _text(one.new), one.note) for one in comparison.texts]
    rows = [(one.table, one.row, "新增" if one.is_new else "去掉") for one in comparison.rows]
    apart = [
        (which[one.is_new], one.table, one.row or "整张表", one.column, Decimal(one.figures), one.reason)
        for one in comparison.incomparable
    ]
    pairs: list[Sequence[Value]] = [("科目变动", text, "", None, "已照此对应") for text in comparison.moved]
    pairs += [
        ("改名", one, other, None, "编码相同，或已指明，已作为同一个比较") for one, other in comparison.renamed.items()
    ]
    pairs += [
        (
            f"{DIMENSION_NAMES[one.dimension]}，可能改名",
            one.old,
            one.new,
            Decimal(str(one.likeness)),
            f"没有作为同一个比较。确实是同一个的，重做时加上 --same “{one.old}={one.new}”",
        )
        for one in comparison.proposals
    ]
    return [
        (TEXTS, "两份预算里不同的文字。", {**where, "旧": 44, "新": 44, "说明": 20}, texts),
        (ROWS, "只有一份预算有的行；它们的数在“增减表”里，按另一份是 0 计算。", {**where, "栏": 0, "增减": 10}, rows),
        (
            INCOMPARABLE,
            "有数而不能对比的：另一份预算里没有口径相同的。",
            {"哪一份": 8, **where, "个数": 8, "原因": 60},
            apart,
        ),
        (PAIRS, "怎样对应的：名称和编码变了的。", {"类别": 18, "旧": 44, "新": 44, "相似度": 9, "说明": 60}, pairs),
    ]


def _text(value: Value) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else value or ""


def _write_list(
    look: Styles, sheet: Worksheet, text: str, headings: dict[str, float], lines: Sequence[Sequence[Value]]
) -> None:
    shown = {heading: width for heading, width in headings.items() if width}
    put_merged(sheet, 1, 1, 1, len(shown), sheet.name, look(styles.TITLE))
    put_merged(sheet, 2, 1, 2, len(shown), text, look(styles.NOTE))
    sheet.set_row(0, 30)
    for column, (heading, width) in enumerate(shown.items(), 1):
        put(sheet, _HEADING_ROW, column, heading, look(styles.HEADING))
        sheet.set_column(column - 1, column - 1, width)
    for row, line in enumerate(lines, _HEADING_ROW + 1):
        for column, value in enumerate(line, 1):
            put(sheet, row, column, value, look(styles.NUMBERING if isinstance(value, Decimal) else styles.TEXT))
        texts = [(str(value or ""), width) for value, width in zip(line, shown.values(), strict=True)]
        sheet.set_row(row - 1, styles.row_height(texts))
    sheet.freeze_panes(_HEADING_ROW, 0)
    sheet.autofilter(_HEADING_ROW - 1, 0, _HEADING_ROW + len(lines) - 1, len(shown) - 1)
    sheet.repeat_rows(_HEADING_ROW - 1)
    sheet.ignore_errors({"number_stored_as_text": f"A1:{column_letters(len(shown))}{_HEADING_ROW + len(lines)}"})
