"""The texts that the cells of a workbook share."""

from __future__ import annotations

import re
from collections.abc import Mapping

from xltool.excel.file.xmltext import without_references
from xltool.excel.read.sheets.plain import is_plain, plain

# of a text that has not the plain form only the beginning is found
_TEXT = re.compile(r'<si(?:>\s*<t(?: xml:space="preserve")? ?(?:/>|>([^<]*)</t>)\s*</si>| ?/>|([\s>]))')
_CODED = r"_x([0-9A-Fa-f]{4})_"
_NOT_SEEN = dict.fromkeys((*range(9), 11, 12, *range(14, 32)))


def shared_texts(xml: bytes) -> Mapping[str, str]:
    """The shared texts by number, as it stands in the cells; the count that the part states is not looked at."""
    texts = _found(xml.decode()) if is_plain(xml) else None
    if texts is None:
        texts = _found(plain(xml).decode()) or []
    return dict(zip(map(str, range(len(texts))), texts, strict=True))


def cell_text(raw: str) -> str:
    """The text that a piece of XML stands for in a cell; what cannot be seen or is half a character is left out."""
    if "&" not in raw and "_x" not in raw and "\r" not in raw:
        return raw
    text = without_references(raw.replace("\r\n", "\n").replace("\r", "\n"))
    return re.sub(_CODED, _decoded, text)


def _found(xml: str) -> list[str] | None:
    """None if there is a text of another form."""
    found = _TEXT.findall(xml)
    return None if any(strange for _, strange in found) else [cell_text(raw) for raw, _ in found]


def _decoded(match: re.Match[str]) -> str:
    """Excel writes what XML cannot hold as `_x001B_`, and `_x005F_` for an underscore that could be read so."""
    letter = chr(int(match[1], 16))
    return "\ufffd" if "\ud800" <= letter <= "\udfff" else letter.translate(_NOT_SEEN)
