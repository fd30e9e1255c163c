"""A list as people save it from Excel or a text editor, in every form that is read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from openpyxl import Workbook

from xltool.csv_text import csv_text

Rows = Sequence[Sequence[str]]

_ENCODINGS = {
    "UTF-8": "utf-8",
    "CSV UTF-8": "utf-8-sig",
    "CSV": "gb18030",
    "Unicode 文本": "utf-16",
    "制表符": "gb18030",
}

FORMS = (*_ENCODINGS, "工作簿", "工作簿里编码是数")


def save_list(folder: Path, rows: Rows, form: str, stem: str = "名册") -> Path:
    """Save `rows`, the first of them the headings, with a title above and a blank line at the end."""
    rows = [[f"某部门{stem}"], *rows, [""]]
    if form not in _ENCODINGS:
        return _workbook(folder / f"{stem}.xlsx", rows, as_numbers=form != "工作簿")
    has_tabs = form in ("Unicode 文本", "制表符")
    path = folder / (f"{stem}.txt" if has_tabs else f"{stem}.csv")
    text = csv_text(rows).replace("\n", "\r\n")
    path.write_bytes((text.replace(",", "\t") if has_tabs else text).encode(_ENCODINGS[form]))
    return path


def _workbook(path: Path, rows: Rows, as_numbers: bool) -> Path:
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    for row in rows:
        sheet.append([float(cell) if as_numbers and cell.isdecimal() else cell for cell in row])
    workbook.create_sheet("说明").append(["本表仅供参考"])
    workbook.save(path)
    return path
