"""Says which tables were recognised in a workbook, where each is, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence

from xltool.excel.read.overview import How, SheetSeen
from xltool.layout.book import Book
from xltool.layout.layout import Layout, TableAt
from xltool.report.table import aligned

_HOW = {
    How.NAME: "确定：xltool 生成的表",
    How.TITLE: "确定：标题相符",
    How.DECORATED: "确定：标题相符，前后另有编号、单位或年度",
    How.SHEET: "请核对：没有模板里的标题，按工作表的名称认出",
    How.HEADINGS: "请核对：没有标题，按栏目认出",
    How.COPY: "没有读：是“{}”的副本",
    How.NOTHING: "没有认出：标题和栏目与哪一张表都不符",
}
_HEADING = ["工作表", "表", "行", "栏", "单位", "怎样认出"]


def tables_text(book: Book, seen: Sequence[SheetSeen]) -> str:
    """One line for each sheet, then the tables of the template that are nowhere."""
    template, layout = book.template, book.layout
    lines = [f"{template.title}（{template.id}）", "", *aligned([_HEADING, *(_line(one, layout) for one in seen)])]
    found = {table.table.id for table in layout.tables.values()}
    missing = [f"“{table.name or table.id}”" for table in template.tables.values() if table.id not in found]
    if missing:
        lines += ["", f"没有找到的表：{'、'.join(missing)}。"]
    return "\n".join(lines)


def _line(seen: SheetSeen, layout: Layout) -> list[str]:
    name = f"{seen.sheet}（隐藏）" if seen.is_hidden else seen.sheet
    told = _HOW[seen.how].format(seen.original)
    if seen.table is None:
        return [name, "", "", "", "", told]
    return [name, seen.table.table.name or seen.table.table.id, *_extent(seen.table, layout), told]


def _extent(table: TableAt, layout: Layout) -> list[str]:
    """How many rows and columns each block has that were recognised, and its amount unit."""
    rows = "＋".join(str(len(block.rows)) for block in table.blocks)
    columns = "＋".join(str(len(block.columns)) for block in table.blocks)
    units = dict.fromkeys(layout.amount_unit(block.index) for block in table.blocks)
    return [rows, columns, "、".join(units)]
