"""What a row and a column of a 汇总 are called beside the tables: by all that they stand under."""

from __future__ import annotations

from xltool.excel.write.checks import lines
from xltool.layout.block import Place
from xltool.layout.geometry import heading_text
from xltool.layout.layout import Layout
from xltool.layout.outline import group_label
from xltool.model import member_name

_BETWEEN = "·"


def row_words(place: Place, layout: Layout) -> str:
    """The row with what it is nested in: 市信访局本级·2010308 信访事务."""
    block = layout.blocks[place.block]
    path = block.rows[place.row].path
    above = []
    for end in range(1, len(path)):
        r = block.row_index.get(path[:end])
        group = group_label(block.block.rows, path[:end], layout.outline)
        above.append(group or (r is not None and block.rows[r].label.strip()) or member_name(path[end - 1]))
    return _BETWEEN.join([*above, lines.row_words(place, layout)])


def column_words(place: Place, layout: Layout) -> str:
    """The headings above a column, the outermost first; the one column of a form has none."""
    block = layout.blocks[place.block]
    column = block.columns[place.column].definition
    if column.kind == "field":
        return ""
    headings = [heading_text(block.table, column.path[:end]) for end in range(1, len(column.path) + 1)]
    return layout.outline.text(_BETWEEN.join(headings))
