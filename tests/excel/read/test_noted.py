"""What is noted in a workbook counts only as far as it makes sense; else what is printed counts."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl.packaging.custom import StringProperty

import xltool
from tests.budgets import PINGSHAN, SELFEVAL, template
from tests.edited_budgets import ours
from xltool.equations.filling import blank
from xltool.excel.read.sheets.source import open_workbook
from xltool.excel.write.added import AddedSheet
from xltool.excel.write.workbook import write
from xltool.layout.outline import default_outline

NONSENSE = [
    *(("amount_unit", text) for text in ("x", "亿元", "元\n万元", "万" * 9000)),
    *(("year", text) for text in ("x", "202", "20245", "٢٠٢٤", "²⁰²⁴", "1899", "9" * 9000)),
    *(("decimals", text) for text in ("x", "-1", "12", "²", "9" * 9000)),
]


@pytest.mark.parametrize(("name", "text"), NONSENSE, ids=lambda text: text[:8])
def test_nonsense_is_passed_over(name: str, text: str, tmp_path: Path) -> None:
    workbook = ours(tmp_path, SELFEVAL)
    if f"xltool.{name}" in workbook.custom_doc_props.names:
        del workbook.custom_doc_props[f"xltool.{name}"]
    workbook.custom_doc_props.append(StringProperty(name=f"xltool.{name}", value=text))
    path = tmp_path / "预算.xlsx"
    workbook.save(path)
    assert name not in open_workbook(path).noted
    book = xltool.read(path)
    assert (book.outline.year, book.outline.amount_unit) == (2021, "万元")
    xltool.check(book)


@pytest.mark.parametrize("decimals", [0, 1, None])
def test_the_decimals_of_all_amounts_are_noted_and_read_again(decimals: int | None, tmp_path: Path) -> None:
    spec = template(PINGSHAN)
    outline = default_outline(spec)._replace(amount_unit="元", decimals=decimals)
    filled = blank(spec, outline)
    write(*filled, tmp_path / "预算.xlsx", [AddedSheet("舍位说明", "舍位", lambda job, sheet: None)])
    layout = xltool.read(tmp_path / "预算.xlsx").layout
    printed = {layout.decimals(place) for block in layout.blocks for place in block.figures(("amount",))}
    assert printed == {2 if decimals is None else decimals}
