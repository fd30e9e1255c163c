"""The program that the ribbon starts: `xltool-addin ACTION WINDOW`, without a console."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence

from xltool.addin import run
from xltool.addin.screen import screen_of

_FOR_EXCEL = "这个程序由 Excel 里的“预算工具”选项卡启动：请在 Excel 里点按钮。"


def main() -> None:
    """Do it; the process ends with the exit code."""
    sys.exit(started_with(sys.argv[1:]))


def started_with(arguments: Sequence[str]) -> int:
    """Do what the launcher asks for (addin/vba/XltoolLauncher.bas); returns the exit code. Raises as `run` does."""
    if len(arguments) == 2 and re.fullmatch(r"-?[0-9]+", arguments[1]):  # Windows counts its windows below 0 too
        return run(arguments[0], int(arguments[1]))
    screen_of(0).tell(_FOR_EXCEL)  # a user who has found it in its folder
    return 2
