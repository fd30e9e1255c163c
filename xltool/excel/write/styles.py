"""How the generated workbook looks: fonts, colours, borders and number formats, each said once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook

from xltool.widths import lines_needed

Look = Mapping[str, Any]

FONT = "宋体"
INPUT_TINT = "#FFFBE6"
HEADING_TINT = "#F2F2F2"
HELPER_GREY = "#7F7F7F"
LINK_BLUE = "#0563C1"
WRONG_FILL, WRONG_FONT = "#FFC7CE", "#9C0006"
DOUBTFUL_FILL, DOUBTFUL_FONT = "#FFEB9C", "#9C5700"
RIGHT_FONT = "#006100"

_TEXT: Look = {"font_name": FONT, "font_size": 10, "valign": "vcenter"}
_BOX: Look = {**_TEXT, "border": 1}

PLAIN: Look = _TEXT
WRAPPED: Look = {**_TEXT, "text_wrap": True}
TITLE: Look = {**_TEXT, "font_size": 18, "bold": True, "align": "center"}
NUMBER_OF_TABLE: Look = {**_TEXT, "font_size": 11}
HEADER_LEFT: Look = {**_TEXT, "align": "left"}
HEADER_CENTRE: Look = {**_TEXT, "align": "center"}
HEADER_RIGHT: Look = {**_TEXT, "align": "right"}
HEADING: Look = {**_BOX, "bold": True, "align": "center", "text_wrap": True, "bg_color": HEADING_TINT}
SIDE: Look = {**HEADING, "bg_color": "#FFFFFF"}
NUMBERING: Look = {**_BOX, "align": "center"}
LABEL: Look = {**_BOX, "text_wrap": True}
CENTRED: Look = {**_BOX, "align": "center", "text_wrap": True}
CODE: Look = {**_BOX, "align": "left", "num_format": "@"}
AMOUNT: Look = {**_BOX, "align": "right"}
TEXT: Look = {**_BOX, "text_wrap": True, "num_format": "@"}
LONG_TEXT: Look = {**TEXT, "valign": "top"}
NOTE: Look = {**_TEXT, "align": "left", "text_wrap": True}
HELPER_HEADING: Look = {**_TEXT, "font_color": HELPER_GREY, "align": "center", "bottom": 4}
HELPER: Look = {**_TEXT, "font_color": HELPER_GREY, "num_format": "@"}
LINKED: Look = {"font_color": LINK_BLUE, "underline": 1}
LINK: Look = {**_TEXT, **LINKED}
BOXED_BLANK: Look = {"border": 1}
BOXED_LINK: Look = {**_BOX, **LINKED, "align": "center"}
INPUT: Look = {"locked": False, "bg_color": INPUT_TINT}
CUT_OFF: Look = {"align": "fill"}
"""Text that is too long for its cell ends at its edge, though the next cell is empty."""

BOLD: Look = {"bold": True}
WRONG: Look = {"bg_color": WRONG_FILL, "font_color": WRONG_FONT}
DOUBTFUL: Look = {"bg_color": DOUBTFUL_FILL, "font_color": DOUBTFUL_FONT}
RIGHT: Look = {"font_color": RIGHT_FONT}
SMALL_NOTE: Look = {"author": "", "font_name": FONT, "font_size": 9, "x_scale": 1.2, "y_scale": 0.6}

LINE_HEIGHT = 15.0
"""Points for one line of 10-point text."""

LONGEST_ROW = 400
"""Points; Excel has no row higher than 409."""

SENTINEL_HEIGHT = 4
"""Height of the thin row that ends a run: a row inserted above it is inside every sum of the run."""


class Styles:
    """The workbook's cell formats; equal looks share one format."""

    def __init__(self, workbook: Workbook) -> None:
        """Make every text of the workbook, also in cells without a format of ours, the same font."""
        self._workbook = workbook
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}

    def __call__(self, *looks: Look) -> Format:
        """The format of these looks laid over each other."""
        merged: dict[str, Any] = {}
        for look in looks:
            merged |= look
        key = tuple(sorted(merged.items()))
        if key not in self._formats:
            self._formats[key] = self._workbook.add_format(merged)
        return self._formats[key]


def amount_format(decimals: int, zero: str) -> Look:
    """Thousands separators; `zero` is "blank" (a zero is not printed) or "zero"."""
    digits = "#,##0" + ("." + "0" * decimals if decimals else "")
    return {"num_format": f"{digits};-{digits};" if zero == "blank" else digits}


def percent_format(decimals: int, zero: str) -> Look:
    """A share as a percentage."""
    digits = "0" + ("." + "0" * decimals if decimals else "") + "%"
    return {"num_format": f"{digits};-{digits};" if zero == "blank" else digits}


def indented(characters: int) -> Look:
    """Moved in by so many Chinese characters (an indent of Excel is about three quarters of one)."""
    return {"align": "left", "indent": round(characters * 4 / 3)} if characters else {}


def row_height(texts: Iterable[tuple[str, float]]) -> float:
    """The height of a row in which each text, in a column of that width, is seen whole, if a row can be so high."""
    lines = max((lines_needed(text, width) for text, width in texts), default=1)
    return min(LONGEST_ROW, LINE_HEIGHT * lines + 3)
