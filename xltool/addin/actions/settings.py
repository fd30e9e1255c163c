"""设置: which program the ribbon starts, and where it writes."""

from __future__ import annotations

import platform
import sys

from xltool import __version__
from xltool.addin.screen import Screen
from xltool.api.failures import log_file
from xltool.template.user_folder import user_folder


def show(screen: Screen) -> int:
    """Tell; returns 0."""
    lines = [
        f"xltool {__version__}（Python {platform.python_version()}）",
        f"程序：{sys.executable}",
        f"自己的模板、科目和设置：{user_folder()}",
        f"出错记录：{log_file()}",
        "",
        "检查在本机进行，不联网，不发送任何内容。",
        "没有要设置的：标注的颜色和规则与 xltool check 相同。",
    ]
    screen.tell("\n".join(lines))
    return 0
