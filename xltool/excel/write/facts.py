"""Saves facts as a long table for other programs: CSV, a sheet of a workbook, or JSON."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

from xlsxwriter.workbook import Workbook

from xltool.csv_text import csv_bytes
from xltool.errors import FileRefused
from xltool.excel.write.cells import refuse_too_long
from xltool.layout.facts_csv import CELL_COLUMNS, COLUMNS, fact_lines
from xltool.model import Fact, format_path
from xltool.saving import save_file

_WIDTHS = (24, 40, 40, 16, 24, 8)


def save(facts: Iterable[Fact], target: Path) -> None:
    """Write `facts` with their cells to `target`, in one step. Raises FileRefused for an ending we do not know."""
    writers = {
        ".csv": lambda facts: csv_bytes(fact_lines(facts, with_cells=True)),
        ".xlsx": xlsx_bytes,
        ".json": json_bytes,
    }
    writer = writers.get(target.suffix.lower())
    if writer is None:
        raise FileRefused(f"不知道怎样写“{target.name}”：数据表的文件名应以 {'、'.join(writers)} 结尾。")
    save_file(target, writer(facts))


def json_bytes(facts: Iterable[Fact]) -> bytes:
    """A list of objects; amounts are exact decimals as text, a blank total is null."""
    lines = [
        {
            "table": key.table,
            "row": list(key.row),
            "column": list(key.column),
            "value": f"{value:f}" if isinstance(value, Decimal) else value,
            "sheet": cell.sheet if cell else None,
            "cell": cell.a1 if cell else None,
        }
        for key, value, cell, _ in facts
    ]
    return (json.dumps(lines, ensure_ascii=False, indent=1) + "\n").encode()


def xlsx_bytes(facts: Iterable[Fact]) -> bytes:
    """One sheet; amounts are numbers, and no text is taken for a formula or a link."""
    buffer = io.BytesIO()
    workbook = Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = workbook.add_worksheet("数")
    sheet.write_row(0, 0, (*COLUMNS, *CELL_COLUMNS), workbook.add_format({"bold": True}))
    last = 0
    for last, (key, value, cell, _) in enumerate(facts, 1):
        names = (key.table, format_path(key.row), format_path(key.column))
        fields = (*names, value, *((cell.sheet, cell.a1) if cell else ("", "")))
        for field in fields:
            refuse_too_long(str(field), f"表“{key.table}”里")
        sheet.write_row(last, 0, fields)
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    sheet.autofilter(0, 0, last, len(_WIDTHS) - 1)
    sheet.freeze_panes(1, 0)
    workbook.close()
    return buffer.getvalue()
