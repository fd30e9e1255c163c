"""How wide a text is, counted in letters: a Chinese character takes the room of two."""

from __future__ import annotations

from functools import cache
from unicodedata import combining, east_asian_width

_WIDE_IN_CHINESE_FONTS = "“”‘’…—≥≤"


def on_screen(text: str) -> int:
    """The columns that a text takes on a terminal."""
    return sum(map(_letter_on_screen, text))


def on_paper(text: str) -> int:
    """The width of a text in a Chinese font, where marks like “ are as wide as characters."""
    return sum(map(_letter_on_paper, text))


def lines_needed(text: str, width: float) -> int:
    """How many lines a text takes in a column of `width`."""
    return sum(max(1, -(-round(on_paper(line) * 10) // round(max(width - 0.6, 2) * 10))) for line in text.split("\n"))


@cache
def _letter_on_screen(letter: str) -> int:
    return 2 if east_asian_width(letter) in "WF" else not combining(letter)


@cache
def _letter_on_paper(letter: str) -> int:
    return _letter_on_screen(letter) + (letter in _WIDE_IN_CHINESE_FONTS)
