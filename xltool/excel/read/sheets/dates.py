"""Which cell formats show dates or times, and the moment that a number stands for."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from xml.etree import ElementTree

from xltool.source.cells import Raw

_BUILT_IN = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_NOT_SHOWN = re.compile(r'"[^"]*"|\\.|[_*].|\[(?!h+\]|m+\]|s+\])[^\]]*\]|General', re.IGNORECASE | re.DOTALL)
_OF_DATES = re.compile(r"[ymdhs]", re.IGNORECASE)
_LAST = 2_958_466  # the day after 9999-12-31


def number_formats(styles: ElementTree.Element) -> list[str | int]:
    """The number format of each cell format of a styles part: its text, or the number of a built-in one."""
    texts = {one.get("numFmtId", ""): one.get("formatCode", "") for one in styles.iterfind("{*}numFmts/{*}numFmt")}
    used = [one.get("numFmtId", "0") for one in styles.iterfind("{*}cellXfs/{*}xf")]
    return [texts[one] if one in texts else int(one) if one.isdecimal() and len(one) < 9 else 0 for one in used]


def shows_dates(number_format: str | int) -> bool:
    """Whether a number format shows numbers as dates or times."""
    if isinstance(number_format, int):
        return number_format in _BUILT_IN
    return _OF_DATES.search(_NOT_SHOWN.sub("", number_format.partition(";")[0])) is not None


def moment(number: float, since_1904: bool) -> Raw:
    """The date, time or both that a number stands for; the number itself if it is none."""
    if not 0 <= number < _LAST:
        return number
    if number < 1:
        return (datetime.min + timedelta(seconds=round(number * 86400) % 86400)).time()
    first = datetime(1904, 1, 1) if since_1904 else datetime(1899, 12, 30 if number >= 60 else 31)
    try:
        found = first + timedelta(seconds=round(number * 86400))
    except OverflowError:
        return number
    return found.date() if found.time() == time() else found


def moment_of_text(text: str) -> Raw:
    """The moment that an ISO 8601 text stands for; the text itself if it is none."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return text
    return found.date() if found.time() == time() else found
