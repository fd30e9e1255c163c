"""What a cell's raw value means: labels, codes, amounts typed in every way people type them."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import NamedTuple

from xltool.template.names import compact, visible
from xltool.template.word_lists import says_empty

Raw = float | int | str | bool | date | datetime | time | timedelta
"""A cell as it was read; "" is a blank cell."""

_BLANK = ("无", "/", "\\")
_AMOUNT = r"[¥￥]?([+-]?)[¥￥]?([0-9]{1,3}(?:,[0-9]{3}){1,4}|[0-9]{1,15})?(\.[0-9]{1,40})?"
_PLAIN = r"-?[0-9]{1,15}(?:\.[0-9]{1,40})?"  # an amount too, and most are so
_BEYOND = 1e15
"""No amount is as large, in 元 or 万元; and Excel keeps no more than 15 digits."""

_NOTHING = 1e-20
"""What is smaller was left over by a calculation."""

_MOST_QUOTED = 40
"""Letters of a text; those of a cell may be 32,767."""


class Amount(NamedTuple):
    """A cell of an amount column: its number, whether it was typed as text, or what is wrong with it."""

    value: Decimal | None
    is_text: bool = False
    problem: str = ""


def label(raw: Raw) -> str:
    """A cell as text: 2014001.0 is "2014001"; outer blanks and invisible characters are dropped."""
    if isinstance(raw, str):
        return visible(raw).strip() if raw else raw
    if isinstance(raw, float) and raw.is_integer():
        return str(int(raw))
    return str(raw)


def shortened(text: str) -> str:
    """A text as a sentence quotes it."""
    return text if len(text) <= _MOST_QUOTED else f"{text[:_MOST_QUOTED]}…"


def is_blank(raw: Raw) -> bool:
    """Whether nothing can be seen in a cell."""
    return raw == "" or (isinstance(raw, str) and not label(raw))


def amount(raw: Raw) -> Amount:
    """The number in a cell of an amount column; floats are taken at the 15 digits that Excel keeps."""
    if isinstance(raw, bool):
        return Amount(None, problem=f"是逻辑值 {str(raw).upper()}，不是金额")
    if isinstance(raw, float | int):
        return Amount(from_float(raw)) if is_amount(raw) else Amount(None, problem=f"的数 {raw:.15g} 太大，不是金额")
    if isinstance(raw, str):
        return _amount_of_text(raw)
    return Amount(None, problem="是日期或时间，不是金额")


def is_amount(number: float) -> bool:
    """Whether a stored number can be an amount: it is finite, and no larger than any budget."""
    return -_BEYOND < number < _BEYOND


def from_float(number: float) -> Decimal:
    """The decimal number that Excel shows for a stored float."""
    if -_NOTHING < number < _NOTHING:
        return Decimal(0)
    text = repr(number)
    return Decimal(f"{number:.15g}" if len(text) > 16 else text.removesuffix(".0"))


def _amount_of_text(raw: str) -> Amount:
    if re.fullmatch(_PLAIN, raw):
        return Amount(Decimal(raw), is_text=True)
    text = "" if any(letter.isdigit() and not letter.isdecimal() for letter in raw) else compact(raw)  # 5² is not 52
    if (text in _BLANK or not text.strip("-—–")) and (text or not label(raw)):
        return Amount(None)
    if not text[:1].isdecimal() and says_empty(raw):
        return Amount(None)
    negative = text.startswith("(") and text.endswith(")")
    match = re.fullmatch(_AMOUNT, (text[1:-1] if negative else text).replace("−", "-"))
    if match is None or not (match[2] or match[3]):
        return Amount(None, problem=f"的内容“{shortened(label(raw))}”不能读成金额")
    digits = (match[2] or "0").replace(",", "") + (match[3] or "")
    sign = "-" if negative or match[1] == "-" else ""
    return Amount(Decimal(sign + digits), is_text=True)  # multiplying by -1 would round it


def join_code(parts: list[str], before: str) -> str:
    """A code split over the columns 类, 款 and 项, as one; a part left blank is that of the row before.

    "201", "40", "1" -> "2014001"; "", "40", "" after "2013802" -> "20140". "" if a part is known from nowhere.
    """
    filled = [i for i, part in enumerate(parts) if part]
    if not filled or not all(part.isdecimal() for part in parts if part):
        return ""
    last = filled[-1]
    widths = (3, 2, 2)
    if len(parts[last]) > widths[last]:
        return parts[last]
    code = ""
    for part, width in zip(parts[: last + 1], widths, strict=False):
        above = before[len(code) : len(code) + width] if before.startswith(code) else ""
        code += part.zfill(width) if part else above.ljust(width, " ")
    return code if code.isdecimal() and len(code) == sum(widths[: last + 1]) else ""
