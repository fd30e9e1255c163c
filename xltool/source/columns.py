"""What may stand in a column: words or figures."""

from __future__ import annotations

import re
from decimal import Decimal

from xltool.model import Value
from xltool.template.spec import FIGURES, Column

_NUMBER = re.compile(r"[+-]?\d[\d,，]*(?:\.\d+)?\s*[%％]?")


def fits(value: Value, column: Column) -> bool:
    """Whether a column may hold this: words, or a number; a text that may be either fits everything."""
    if column.kind in FIGURES:
        return figure_in(value, column) is not None
    if column.kind == "text" and not column.words:
        return True
    return isinstance(value, str) and not _NUMBER.fullmatch(value.strip())


def figure_in(value: Value, column: Column) -> Decimal | None:
    """The figure that a cell's content is in a column, None if it is none; 98% is a share only, 98 is none."""
    if not isinstance(value, str):
        return value
    text = value.strip()
    if not _NUMBER.fullmatch(text):
        return None
    number = Decimal(text.rstrip("%％").strip().replace(",", "").replace("，", ""))
    if text.endswith(("%", "％")):
        return number.scaleb(-2) if column.kind == "percent" else None
    return None if column.kind == "percent" and abs(number) > 1 else number
