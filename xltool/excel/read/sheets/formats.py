"""Which number format each cell of a worksheet has, and which cells cannot be read for their colour."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from xltool.excel.file.xmltext import whole_number
from xltool.excel.read.sheets.dates import number_formats
from xltool.excel.read.sheets.plain import is_plain, plain

_STYLED = re.compile(r'<c r="([A-Z]{1,3}[0-9]{1,7})" s="([0-9]{1,9})"')
_LIGHT = re.compile("(?:[E-F][0-9A-F]){2}[C-F][0-9A-F]")
"""White, and the pale yellow of cells to fill in."""

_NOTHING = ";;;"

_BUILT_IN = {
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    5: '"$"#,##0_);("$"#,##0)',
    6: '"$"#,##0_);[Red]("$"#,##0)',
    7: '"$"#,##0.00_);("$"#,##0.00)',
    8: '"$"#,##0.00_);[Red]("$"#,##0.00)',
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    14: "mm-dd-yy",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "m/d/yy h:mm",
    37: "#,##0_);(#,##0)",
    38: "#,##0_);[Red](#,##0)",
    39: "#,##0.00_);(#,##0.00)",
    40: "#,##0.00_);[Red](#,##0.00)",
    41: '_(* #,##0_);_(* (#,##0);_(* "-"_);_(@_)',
    42: '_("$"* #,##0_);_("$"* (#,##0);_("$"* "-"_);_(@_)',
    43: '_(* #,##0.00_);_(* (#,##0.00);_(* "-"??_);_(@_)',
    44: '_("$"* #,##0.00_);_("$"* (#,##0.00);_("$"* "-"??_);_(@_)',
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mmss.0",
    48: "##0.0E+0",
    49: "@",
}
"""The number formats that files name by number only (ECMA-376 Part 1, 18.8.30), and the currencies Excel adds."""


def format_texts(styles: ElementTree.Element) -> list[str]:
    """The number format of each cell format of a styles part; General for those that have none we know."""
    found = number_formats(styles)
    return [one if isinstance(one, str) else _BUILT_IN.get(one, "General") for one in found]


def visible_formats(styles: ElementTree.Element) -> list[str]:
    """The number format of each style; for white letters on a ground as light one that shows nothing."""
    whites = [_is_white(font.find("{*}color")) for font in styles.iterfind("{*}fonts/{*}font")]
    grounds = [_is_light(fill.find("{*}patternFill")) for fill in styles.iterfind("{*}fills/{*}fill")]
    found = []
    for style, shown in zip(styles.iterfind("{*}cellXfs/{*}xf"), format_texts(styles), strict=True):
        font, fill = whole_number(style.get("fontId")) or 0, whole_number(style.get("fillId")) or 0
        is_unseen = font < len(whites) and whites[font] and (fill >= len(grounds) or grounds[fill])
        found.append(_NOTHING if is_unseen else shown)
    return found


def _is_white(colour: ElementTree.Element | None) -> bool:
    if colour is None or colour.get("tint", "0").strip("0.-") != "":
        return False
    return (
        colour.get("rgb", "").upper().endswith("FFFFFF") or colour.get("theme") == "0" or colour.get("indexed") == "9"
    )


def _is_light(fill: ElementTree.Element | None) -> bool:
    """Whether a cell has no ground of its own, or one on which white letters cannot be read."""
    if fill is None or fill.get("patternType", "none") == "none":
        return True
    colour = fill.find("{*}fgColor")
    rgb = colour.get("rgb", "")[-6:].upper() if colour is not None else ""
    return fill.get("patternType") == "solid" and (_LIGHT.fullmatch(rgb) is not None or _is_white(colour))


def styles_of_cells(xml: bytes) -> dict[str, str]:
    """The number of the style of each cell of a proved part that has one, by address."""
    return dict(_STYLED.findall((xml if is_plain(xml) else plain(xml)).decode()))
