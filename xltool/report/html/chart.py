"""The counts of a workbook as a picture: a bar for each sheet, measured in the picture's own units."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from xltool.report.html.contents import OnSheet
from xltool.widths import on_screen

WIDTH = 360
_BAR = 300
_LINE = 38
_MOST = 12
_LETTERS = 44
"""So wide may a name be, as widths on the screen are counted."""


class Bar(NamedTuple):
    """The bar of a sheet: the part of errors begins at 0, that of warnings at `errors_width`."""

    sheet: str
    top: int
    errors: int
    warnings: int
    errors_width: int
    warnings_width: int


class Chart(NamedTuple):
    """The bars of the sheets that have the most, in the order of the report; `left_out` says how many have none."""

    bars: tuple[Bar, ...]
    left_out: int
    width: int
    height: int


def chart_of(sheets: Sequence[OnSheet]) -> Chart:
    """The chart of a workbook's errors and warnings."""
    shown = sorted(sheets, key=lambda one: (one.errors, one.total), reverse=True)[:_MOST]
    most = max((one.total for one in shown), default=1)
    bars = [
        Bar(_cut(one.sheet), number * _LINE, one.errors, one.warnings, *_widths(one, most))
        for number, one in enumerate(one for one in sheets if one in shown)
    ]
    return Chart(tuple(bars), len(sheets) - len(bars), WIDTH, len(bars) * _LINE)


def _widths(one: OnSheet, most: int) -> tuple[int, int]:
    """Of both parts; what is there can be seen, however little of all it is."""
    errors, warnings = (max(count * _BAR // most, 4) if count else 0 for count in (one.errors, one.warnings))
    return errors, warnings


def _cut(name: str) -> str:
    if on_screen(name) <= _LETTERS:
        return name
    end = len(name)
    while on_screen(name[:end]) > _LETTERS - 2:
        end -= 1
    return name[:end] + "…"
