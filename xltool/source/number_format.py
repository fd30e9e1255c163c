"""What a number format of a cell shows of a number: how many decimals, or nothing at all."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from typing import NamedTuple

_LITERAL = re.compile(r'"[^"]*"|\\.|[_*].|\[[^\]]*\]', re.DOTALL)
_DIGITS = re.compile(r"[0#?](?:[0#?,]*[0#?])?(,*)(?:\.([0#?]*)(,*))?(%?)")
_OTHER = re.compile(r"General|[ymdhsEe/@]|G/通用格式", re.IGNORECASE)

_MOST_DIGITS = 10
"""Of the number of a style."""

_LONGEST = 255
"""Letters that a format has at most."""

_WIDE = Context(prec=2 * _LONGEST)
"""Digits enough for the decimals of any format."""


class CellFormats(NamedTuple):
    """The number formats of the cells of a sheet: `formats` by the number of a style, and the styles by address.

    The styles are read when the first cell is asked for.
    """

    formats: Sequence[str]
    styles: Callable[[], Mapping[str, str]]

    def at(self, address: str) -> str:
        """The format of a cell; the usual one of those that have not any other."""
        return self._of(self.styles().get(address, ""))

    def least(self, styles: Iterable[str]) -> Shown | None:
        """What shows least of some styles: what that shows whole, all of them do. None if each shows all there is."""
        used = {self._of(style) for style in styles}
        found = [how for one in used for sign in (1, -1) if (how := shown(one, sign)) is not None]
        return min(found, key=Shown.rank, default=None)

    def _of(self, style: str) -> str:
        is_known = style.isdecimal() and len(style) < _MOST_DIGITS and int(style) < len(self.formats)
        return self.formats[int(style)] if is_known else "General"


class Shown(NamedTuple):
    """A part of a number format: it shows numbers times 10**`power` with so many decimals; None shows no number."""

    decimals: int | None
    power: int = 0

    def of(self, number: Decimal) -> Decimal:
        """What is left of a number: the one that is shown, in the number's own size; 0 if none is."""
        if self.decimals is None:
            return Decimal(0)
        return number.quantize(_step(self.decimals + self.power), ROUND_HALF_UP, _WIDE)

    def rank(self) -> tuple[bool, int]:
        """What orders formats by how much they show; first those that never show all of a number in its own size."""
        return self.decimals is not None and self.power == 0, (self.decimals or 0) + self.power

    def shows_all_of(self, number: Decimal) -> bool:
        """Whether nothing of a number is left away, and it is shown in its own size, not as a share."""
        return self.power == 0 and self.of(number) == number

    def text(self, number: Decimal) -> str:
        """How a number is shown, without what stands around it."""
        if self.decimals is None:
            return "显示空白"
        text = f"{self.of(number).scaleb(self.power):,.{self.decimals}f}"
        return f"按千缩小，显示 {text}" if self.power < 0 else f"显示 {text}%" if self.power else f"显示 {text}"


@lru_cache(maxsize=256)
def _step(decimals: int) -> Decimal:
    return Decimal(1).scaleb(-decimals)


@lru_cache(maxsize=256)
def shown(number_format: str, sign: int) -> Shown | None:
    """How a format shows positive numbers (`sign` 1) or negative ones (-1).

    None where it shows all there is (General), or something else than decimals: dates, fractions, texts.
    """
    if re.search(r"\[[<>=]", number_format):
        return None
    positive, *others = _LITERAL.sub("", number_format[:_LONGEST]).split(";")
    section = others[0] if sign < 0 and others else positive
    if _OTHER.search(section):
        return None
    found = _DIGITS.search(section)
    if found is None:
        return Shown(None)
    thousands = len(found[1]) + len(found[3] or "")
    return Shown(len(found[2] or ""), 2 * len(found[4]) - 3 * thousands)
