"""Finds which rows and columns of a worksheet part are not shown: hidden by hand, or by a filter."""

from __future__ import annotations

import re

from xltool.source.sheet import Hidden

_HIDDEN = rb'hidden="(?:1|true)"'
_ROW = re.compile(rb"<row(?=[^>]*\s(?:" + _HIDDEN + rb'|ht="[01](?:\.[0-9]*)?"))[^>]*>\s*<c r="[A-Z]{1,3}([0-9]{1,7})"')
"""Hidden, or too low to be seen: less than two points."""

_MARK = re.compile(rb'hidden=|ht="[01]|width="0')
"""Without one of these nothing is hidden."""

_COLUMNS = re.compile(
    rb"<col(?=[^>]*\s(?:"
    + _HIDDEN
    + rb'|width="0(?:\.[0-3][0-9]*)?"))(?=[^>]*\smin="([0-9]{1,5})")(?=[^>]*\smax="([0-9]{1,5})")[^>]*>'
)


def hidden_lines(xml: bytes) -> Hidden:
    """What is hidden in a part in the plain form, of the rows that have cells."""
    if _MARK.search(xml) is None:
        return Hidden()
    columns = tuple((int(first), int(last)) for first, last in _COLUMNS.findall(xml))
    return Hidden(frozenset(map(int, _ROW.findall(xml))), columns)
