"""What is noted in a workbook counts only as far as it makes sense; else what is printed counts."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl.packaging.custom import StringProperty

import xltool
from tests.budgets import SELFEVAL
from tests.edited_budgets import ours
from xltool.excel.read.sheets.source import open_workbook

NONSENSE = [
    *(("amount_unit", text) for text in ("x", "亿元", "元\n万元", "万" * 9000)),
    *(("year", text) for text in ("x", "202", "20245", "٢٠٢٤", "²⁰²⁴", "1899", "9" * 9000)),
]


@pytest.mark.parametrize(("name", "text"), NONSENSE, ids=lambda text: text[:8])
def test_nonsense_is_passed_over(name: str, text: str, tmp_path: Path) -> None:
    workbook = ours(tmp_path, SELFEVAL)
    del workbook.custom_doc_props[f"xltool.{name}"]
    workbook.custom_doc_props.append(StringProperty(name=f"xltool.{name}", value=text))
    path = tmp_path / "预算.xlsx"
    workbook.save(path)
    assert name not in open_workbook(path).noted
    book = xltool.read(path)
    assert (book.outline.year, book.outline.amount_unit) == (2021, "万元")
    xltool.check(book)
