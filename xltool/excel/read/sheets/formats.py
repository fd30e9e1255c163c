"""Which number format each cell of a worksheet has."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from xltool.excel.read.sheets.plain import is_plain, plain
from xltool.model import column_number

_STYLED = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})" s="([0-9]{1,9})"')


def cell_formats(xml: bytes, formats: Sequence[str]) -> Mapping[tuple[int, int], str]:
    """By row and column, the formats of the cells of a proved part that have not the usual style.

    `formats` are those of the styles by number.
    """
    found = {}
    for letters, row, style in _STYLED.findall(xml if is_plain(xml) else plain(xml)):
        number = int(style)
        if number < len(formats):
            found[int(row), column_number(letters.decode())] = formats[number]
    return found
