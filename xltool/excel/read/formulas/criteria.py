"""The criteria of SUMIF and SUMIFS, as far as they are about texts: codes, names, and patterns of these."""

from __future__ import annotations

from collections.abc import Callable

from xltool.excel.read.formulas.syntax import NotUnderstood
from xltool.template.names import normal

Criterion = Callable[[str], bool]
"""Whether a normal text meets it."""


def criterion(written: str) -> Criterion:
    """What a criterion such as `201??`, `=小计` or `<>201*` asks of a text. Raises NotUnderstood for orders (`>0`)."""
    if written.startswith("<>"):
        meets = _equals(written[2:])
        return lambda text: not meets(text)
    if written.startswith(("<", ">")):
        raise NotUnderstood
    return _equals(written.removeprefix("="))


def _equals(written: str) -> Criterion:
    wanted = normal(written).casefold()
    pieces = wanted.split("*")
    if not wanted or "~" in wanted or len(pieces) > 3:
        raise NotUnderstood
    if len(pieces) == 1:
        return lambda text: _alike(wanted, text.casefold())
    first, *middle, last = pieces
    if middle:
        if first or last or "?" in middle[0]:
            raise NotUnderstood
        return lambda text: middle[0] in text.casefold()
    return lambda text: _begins_and_ends(first, last, text.casefold())


def _begins_and_ends(first: str, last: str, text: str) -> bool:
    if len(text) < max(len(first) + len(last), 1):
        return False
    return _alike(first, text[: len(first)]) and _alike(last, text[len(text) - len(last) :])


def _alike(pattern: str, text: str) -> bool:
    """Whether a text has the letters of a pattern, "?" being any."""
    return len(pattern) == len(text) and all(
        wanted in ("?", letter) for wanted, letter in zip(pattern, text, strict=True)
    )
