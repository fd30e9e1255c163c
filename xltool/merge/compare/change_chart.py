"""The sheet 增减图: the largest changes of what is typed in, as bars, beside the figures that they show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from xltool.excel.write import styles
from xltool.excel.write.cells import put, put_formula, put_merged
from xltool.excel.write.styles import Styles
from xltool.merge.compare.comparison import Comparison, Difference
from xltool.template.spec import YUAN

MOST_BARS = 15
_FIRST = 4
_STEPS, _ROOM = 6, Decimal("1.15")
_BAR_HEIGHT, _FRAME_HEIGHT, _WIDTH, _GAP = 26, 100, 700, 50
"""In pixels; the gap between bars in percent of a bar."""


def write_chart(
    comparison: Comparison, rows: Mapping[Difference, int], look: Styles, workbook: Workbook, sheet: Worksheet
) -> None:
    """Fill the sheet with some bars; `rows` are those of the differences in 增减表, from which the figures come."""
    bars = comparison.largest(MOST_BARS)
    unit = comparison.new.amount_unit
    put_merged(sheet, 1, 1, 1, 2, "增减最大的项目", look(styles.TITLE))
    sheet.set_row(0, 30)
    note = f"填数的格，不含合计；几张表里同一个数只取一次。单位：{unit}"
    put_merged(sheet, 2, 1, 2, 2, note, look(styles.NOTE))
    sheet.set_row(1, styles.row_height([(note, 60)]))
    sheet.set_column(0, 0, 44)
    sheet.set_column(1, 1, 16)
    put(sheet, _FIRST - 1, 1, "项目", look(styles.HEADING))
    put(sheet, _FIRST - 1, 2, "增减额", look(styles.HEADING))
    for row, one in enumerate(bars, _FIRST):
        name = "·".join(filter(None, (_last(one.row), _last(one.column))))
        put(sheet, row, 1, name, look(styles.LABEL))
        number = look(styles.AMOUNT, styles.amount_format(2, "zero"))
        put_formula(sheet, row, 2, f"增减表!F{rows[one]}", number, one.amount / YUAN[unit])
        sheet.set_row(row - 1, styles.row_height([(name, 44)]))
    chart = workbook.add_chart({"type": "bar"})
    last = _FIRST + len(bars) - 2
    chart.add_series(
        {
            "categories": [sheet.name, _FIRST - 1, 0, last, 0],
            "values": [sheet.name, _FIRST - 1, 1, last, 1],
            "data_labels": {"value": True, "num_format": "#,##0.00"},
            "gap": _GAP,
            "invert_if_negative": True,
            "invert_if_negative_color": styles.WRONG_FONT,
        }
    )
    font = {"name": styles.FONT, "size": 9}
    chart.set_title({"name": f"增减额（{unit}）", "name_font": {**font, "size": 12}})
    chart.set_y_axis({"reverse": True, "num_font": font, "label_position": "low"})
    grid = {"visible": True, "line": {"color": styles.HEADING_TINT}}
    shown = {"num_format": "#,##0.####", "num_font": font, "label_position": "high", "major_gridlines": grid}
    chart.set_x_axis({**shown, **_scale([one.amount / YUAN[unit] for one in bars])})
    chart.set_legend({"none": True})
    chart.set_size({"width": _WIDTH, "height": _FRAME_HEIGHT + _BAR_HEIGHT * len(bars)})
    sheet.insert_chart(_FIRST - 2, 2, chart, {"object_position": 2, "x_offset": 12})


def _scale(amounts: Sequence[Decimal]) -> dict[str, float]:
    """The ends and steps of the axis: round numbers that leave room for the figures beside the longest bars."""
    nothing = Decimal(0)
    low, high = min(nothing, *amounts), max(nothing, *amounts)
    least = (high - low) / _STEPS
    power = Decimal(1).scaleb(least.adjusted())
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= least)
    ends = {"min": -(-low * _ROOM // step + bool(low)), "max": high * _ROOM // step + bool(high)}
    return {name: float(steps * step) for name, steps in ends.items()} | {"major_unit": float(step)}


def _last(words: str) -> str:
    """A row or column without what it stands under."""
    return words.rpartition("·")[2]
