"""The chart of 报送情况: 支出总计 by unit, the largest first, and the figures that it shows."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from xlsxwriter.worksheet import Worksheet

from xltool.excel.write import styles
from xltool.excel.write.cells import Job, put_formula, put_merged
from xltool.model import CellRef
from xltool.template.spec import YUAN

MOST_BARS = 30
_TITLE = "各单位支出总计"
_BAR_HEIGHT, _FRAME_HEIGHT, _WIDTH, _GAP, _ROW_HEIGHT = 24, 100, 820, 60, 20
"""In pixels; the gap between bars in percent of a bar. A row is as high as Excel makes it."""


class Spender(NamedTuple):
    """A unit whose 支出总计 is known: its row on the sheet, its name, and the amount in 元."""

    row: int
    name: str
    expenditure: Decimal


def write_chart(job: Job, sheet: Worksheet, spenders: Sequence[Spender], top: int, column: int, source: int) -> int:
    """At row `top`, from `column` on: the figures, which follow those in column `source`, and the chart beside them.

    Nothing where there are less than two units to compare. Returns the last row that they take, 0 if none.
    """
    ordered = sorted(spenders, key=lambda spender: -spender.expenditure)[:MOST_BARS]
    if len(ordered) < 2:
        return 0
    look, unit = job.styles, job.layout.outline.amount_unit
    amount = look(styles.AMOUNT, styles.amount_format(2, "zero"))
    only = f"（前 {MOST_BARS} 个）" if len(spenders) > MOST_BARS else ""
    put_merged(sheet, top, column, top, column + 1, f"{_TITLE}，从大到小{only}", look(styles.HEADING))
    for row, spender in enumerate(ordered, top + 1):
        name, figure = (CellRef("", spender.row, at).a1 for at in (column, source))
        put_formula(sheet, row, column, name, look(styles.LABEL), spender.name)
        put_formula(sheet, row, column + 1, figure, amount, spender.expenditure / YUAN[unit])
    first, last = top, top + len(ordered) - 1
    chart = job.workbook.add_chart({"type": "bar"})
    chart.add_series(
        {
            "categories": [sheet.name, first, column - 1, last, column - 1],
            "values": [sheet.name, first, column, last, column],
            "data_labels": {"value": True, "num_format": "#,##0.00"},
            "gap": _GAP,
        }
    )
    font = {"name": styles.FONT, "size": 9}
    chart.set_title({"name": f"{_TITLE}（{unit}）{only}", "name_font": {**font, "size": 12}})
    chart.set_y_axis({"reverse": True, "num_font": font, "label_position": "low"})
    lowest = {} if ordered[-1].expenditure < 0 else {"min": 0}
    grid = {"visible": True, "line": {"color": styles.HEADING_TINT}}
    chart.set_x_axis(
        {"num_format": "#,##0", "num_font": font, "label_position": "high", "major_gridlines": grid} | lowest
    )
    chart.set_legend({"none": True})
    height = _FRAME_HEIGHT + _BAR_HEIGHT * len(ordered)
    chart.set_size({"width": _WIDTH, "height": height})
    sheet.insert_chart(top - 1, column + 1, chart, {"object_position": 2, "x_offset": 10})
    return top + -(-height // _ROW_HEIGHT)
