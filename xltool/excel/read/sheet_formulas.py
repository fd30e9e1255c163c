"""The formulas and error values of a sheet, straight from its XML: the fast reader gives only values."""

from __future__ import annotations

import re
from functools import lru_cache

from xltool.excel.file.xmltext import prefix, unescape
from xltool.source.sheet import SheetFormulas

_ERROR_CELL = re.compile(rb'<(?:\w+:)?c\b([^>]*\bt="e"[^>]*)>(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v>([^<]*)<', re.DOTALL)
_REFERENCE = re.compile(rb'\br="([A-Z]+\d+)"')
_SHARED = re.compile(rb'\bsi="(\d+)"')


@lru_cache(maxsize=4)
def _formula_cell(root: bytes) -> re.Pattern[bytes]:
    """A cell with a formula; `root` is the prefix of the sheet's names, as a part of the pattern it would slow it."""
    text = rb"<%sc\b([^>]*)>\s*<%sf\b([^>]*?)(?:/>|>([^<]*)</%sf>)(\s*<%sv\b[^>]*>[^<])?"
    return re.compile(text.replace(b"%s", re.escape(root)))


def scan(xml: bytes) -> SheetFormulas:
    """Read the formulas and error values of one worksheet part; shared formulas are written out for each cell."""
    texts: dict[str, str] = {}
    without_value: set[str] = set()
    shared: dict[bytes, tuple[str, str]] = {}
    root = prefix(xml)
    if b"<" + root + b"f" in xml:
        for match in _formula_cell(root).finditer(xml):
            cell = _reference(match[1])
            if not cell:
                continue
            text = unescape(match[3] or b"")
            group = _SHARED.search(match[2])
            if group and text:
                shared[group[1]] = (cell, text)
            elif group and group[1] in shared:
                text = _moved(*shared[group[1]], cell)
            texts[cell] = text
            if match[4] is None:
                without_value.add(cell)
    errors = {}
    if b't="e"' in xml:
        errors = {_reference(match[1]): unescape(match[2]) for match in _ERROR_CELL.finditer(xml)}
    return SheetFormulas(texts, without_value, errors)


def _reference(attributes: bytes) -> str:
    match = _REFERENCE.search(attributes)
    return match[1].decode() if match else ""


def _moved(origin: str, text: str, cell: str) -> str:
    """A shared formula as it reads in another cell of its group."""
    from openpyxl.formula.translate import Translator

    return str(Translator(f"={text}", origin).translate_formula(cell)).removeprefix("=")
