"""What is said to the user, and what the system knows of windows and processes; not through Excel, it may be busy."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from xltool.errors import ExcelRefused

TITLE = "xltool"


class Screen(Protocol):
    """Dialogs in front of Excel, and the system's processes."""

    def tell(self, text: str) -> None:
        """Show a text until the user has read it."""

    def ask(self, question: str) -> bool:
        """Show a question; whether the user said 是."""

    def process_of(self, window: int) -> int:
        """The process that a window belongs to; 0 if there is no such window."""

    def alone(self, process: int) -> AbstractContextManager[bool]:
        """Whether no other action is under way in this Excel; none begins before this one is over."""

    def start(self, command: Sequence[str]) -> str:
        """Start a program that goes on after us; returns what it complained of if it ended at once, else ""."""


def screen_of(window: int) -> Screen:
    """Dialogs in front of this window. Raises ExcelRefused where there is no Excel that could be driven."""
    if sys.platform == "win32":
        from xltool.addin.windows import WindowsScreen

        return WindowsScreen(window)
    raise ExcelRefused("Excel 里的按钮只能在 Windows 上用：请用 xltool serve 打开的页面。")
