"""Which number format each cell of a worksheet has."""

from __future__ import annotations

import re
from collections.abc import Sequence

from xltool.excel.read.sheets.plain import is_plain, plain
from xltool.source.number_format import CellFormats

_STYLED = re.compile(r'<c r="([A-Z]{1,3}[0-9]{1,7})" s="([0-9]{1,9})"')


def cell_formats(xml: bytes, formats: Sequence[str]) -> CellFormats:
    """Those of the cells of a proved part; `formats` are those of the styles by number."""
    return CellFormats(dict(_STYLED.findall((xml if is_plain(xml) else plain(xml)).decode())), formats)
