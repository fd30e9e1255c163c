"""Finds which rows and columns of a worksheet part are not shown: hidden by hand, or by a filter."""

from __future__ import annotations

import re

from xltool.source.sheet import Hidden

_HIDDEN = rb'(?=[^>]*\shidden="(?:1|true)")'
_ROW = re.compile(rb"<row" + _HIDDEN + rb'[^>]*>\s*<c r="[A-Z]{1,3}([0-9]{1,7})"')
_COLUMNS = re.compile(rb"<col" + _HIDDEN + rb'(?=[^>]*\smin="([0-9]{1,5})")(?=[^>]*\smax="([0-9]{1,5})")[^>]*>')


def hidden_lines(xml: bytes) -> Hidden:
    """What is hidden in a part in the plain form, of the rows that have cells."""
    if b"hidden=" not in xml:
        return Hidden()
    columns = tuple((int(first), int(last)) for first, last in _COLUMNS.findall(xml))
    return Hidden(frozenset(map(int, _ROW.findall(xml))), columns)
