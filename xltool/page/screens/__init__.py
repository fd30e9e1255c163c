"""The screens of the page, one file each: what is asked for in a form, and what came of it."""

from __future__ import annotations

from xltool.page.screens import check, clear, codes, compare, manual, merge, new, rules
from xltool.page.screens.screen import Screen

SCREENS: tuple[Screen, ...] = (
    check.SCREEN,
    merge.SCREEN,
    compare.SCREEN,
    new.SCREEN,
    clear.SCREEN,
    codes.SCREEN,
    rules.SCREEN,
    manual.SCREEN,
)
"""In the order of the menu."""
