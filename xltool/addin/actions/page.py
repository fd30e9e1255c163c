"""打开页面, 新建工作簿: the local page, in a program that goes on after us; a blank workbook is made on its 生成."""

from __future__ import annotations

import sys

from xltool.addin.screen import Screen
from xltool.errors import ExcelRefused

_ISOLATED, _SAFE = "-I", "-P"
_NEW = "生成"


def open_page(screen: Screen) -> int:
    """Start the page, or show the one that runs; returns 0. Raises ExcelRefused if it does not start."""
    return _opened(screen)


def open_new(screen: Screen) -> int:
    """The same, where a workbook is made."""
    return _opened(screen, "--at", _NEW)


def _opened(screen: Screen, *where: str) -> int:
    apart = _ISOLATED if sys.flags.isolated else _SAFE  # as we were started: xltool is found in the same places
    if trouble := screen.start([sys.executable, apart, "-m", "xltool", "serve", *where]):
        raise ExcelRefused(trouble)
    return 0
