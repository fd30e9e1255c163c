"""打开页面, 新建工作簿: the local page, in a program that goes on after us; a blank workbook is made there."""

from __future__ import annotations

import sys

from xltool.addin.screen import Screen
from xltool.errors import ExcelRefused

_SERVE = ("-I", "-m", "xltool", "serve")


def open_page(screen: Screen) -> int:
    """Start the page, or show the one that runs; returns 0. Raises ExcelRefused if it does not start."""
    if trouble := screen.start([sys.executable, *_SERVE]):
        raise ExcelRefused(trouble)
    return 0
