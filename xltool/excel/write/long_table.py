"""A long table as one sheet of a workbook, written line by line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.workbook import Workbook

from xltool.errors import FileRefused
from xltool.excel.write.cells import refuse_too_long
from xltool.layout.long_table import Line
from xltool.model import LAST_ROW

_WIDTHS = dict.fromkeys(Line._fields, 12) | {
    "unit": 24,
    "file": 30,
    "template": 16,
    "table": 24,
    "row": 32,
    "column": 32,
}
_WIDTHS |= {"value": 16, "yuan": 18, "text": 24, "sheet": 20}


def refuse_too_long_texts(lines: Iterable[Line]) -> None:
    """Raise FileRefused for a text that a cell cannot hold."""
    for line in lines:
        for field in (line.row, line.column, line.text):
            refuse_too_long(field, f"表“{line.table}”里")


@contextmanager
def sheet_file(path: Path) -> Iterator[Callable[[Sequence[Line]], None]]:
    """Figures are numbers, and no text is taken for a formula or a link.

    Raises FileRefused when there are more lines than a sheet can hold.
    """
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    last = 0
    try:
        with Workbook(str(path), options) as workbook:
            sheet = workbook.add_worksheet("数")
            for column, width in enumerate(_WIDTHS.values()):
                sheet.set_column(column, column, width)
            sheet.freeze_panes(1, 0)
            sheet.write_row(0, 0, Line._fields, workbook.add_format({"bold": True}))

            def write(lines: Sequence[Line]) -> None:
                nonlocal last
                if last + len(lines) >= LAST_ROW:
                    raise FileRefused(
                        f"数据超过 {LAST_ROW - 1:,} 行，一张工作表放不下：请改写成 .csv、.parquet 或 .sqlite 文件。"
                    )
                for line in lines:
                    last += 1
                    sheet.write_row(last, 0, line)

            yield write
            sheet.autofilter(0, 0, last, len(_WIDTHS) - 1)
    except FileCreateError as error:  # it has the OSError
        raise error.args[0] from error
