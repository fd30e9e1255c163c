"""Names made comparable: as different people and programs type the same heading, label or 科目名称."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_ORDINAL = re.compile(r"^(?:[一二三四五六七八九十]+、|[(][一二三四五六七八九十\d]+[)]|\d+[.、])")
_NOTE = re.compile(
    r"(?:附注|备注|注释|注|说明)[\d一二三四五六七八九十()]*[:.、,;]"
    r"|备?注(?=$|\d|本|此|以上|上述|我|无|因|由|按|各|金额|单位)"
)
"""注 begins words too (注册费, 注销): a note says by what follows that it is one."""

_QUOTES = str.maketrans("", "", "“”\"'‘’「」")


@lru_cache(maxsize=4096)
def normal(text: str) -> str:
    """A label made comparable: full-width letters, digits and brackets as half-width, no blanks, no quotes."""
    if text.isascii() and text.isalnum():  # most codes: nothing to do
        return text
    return "".join(unicodedata.normalize("NFKC", text).split()).translate(_QUOTES)


def bare(text: str) -> str:
    """A normal label without its ordinal ("一、", "1.", "(一)") and without a leading "其中:"."""
    return _ORDINAL.sub("", normal(text).removeprefix("其中:"))


def is_note(text: str) -> bool:
    """Whether a line of a table is a note (注：…) and no row."""
    return bool(_NOTE.match(normal(text)))
