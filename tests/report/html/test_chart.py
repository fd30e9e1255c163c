"""The bars of the counts: as long as they are many, and none so short that it is not seen."""

from __future__ import annotations

from xltool.report.html.chart import WIDTH, chart_of
from xltool.report.html.contents import OnSheet


def test_the_longest_bar_is_that_of_the_sheet_with_the_most() -> None:
    chart = chart_of([OnSheet("甲", 1, 2, ()), OnSheet("乙", 3, 3, ())])
    assert [(bar.sheet, bar.errors_width, bar.warnings_width) for bar in chart.bars] == [
        ("甲", 50, 100),
        ("乙", 150, 150),
    ]


def test_one_among_thousands_is_seen() -> None:
    few, many = chart_of([OnSheet("甲", 1, 0, ()), OnSheet("乙", 5000, 0, ())]).bars
    assert few.errors_width > 0 < many.errors_width < WIDTH


def test_of_many_sheets_those_with_most_errors_are_drawn_in_the_order_of_the_report() -> None:
    chart = chart_of([OnSheet(f"表{number}", number, 0, ()) for number in range(1, 21)])
    assert [bar.sheet for bar in chart.bars] == [f"表{number}" for number in range(9, 21)]
    assert chart.left_out == 8
    assert chart.height == chart.bars[-1].top + chart.bars[1].top


def test_a_long_name_is_cut() -> None:
    (bar,) = chart_of([OnSheet("很长的表名" * 20, 1, 0, ())]).bars
    assert bar.sheet.endswith("…") and len(bar.sheet) < 25
