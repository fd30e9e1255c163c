"""What is said of the ribbon: that it was installed or removed, and how it stands."""

from __future__ import annotations

from pathlib import Path

from xltool import __version__
from xltool.addin.install.installing import Status

_WPS = "WPS 表格没有这个选项卡：请用页面（双击“打开页面”，或运行 xltool serve），检查的结果相同。"
_AGAIN = "请再安装一次（xltool addin install，或双击“安装到 Excel”）"
_VERSIONS = {
    "absent": f"没有安装：{{}} 不存在。{_AGAIN.replace('再安装一次', '安装')}。",
    "ours": f"已安装：{{}}，与这个 xltool（{__version__}）的相同。",
    "other": f"已安装：{{}}，但与这个 xltool（{__version__}）的不同：{_AGAIN}。",
}


def installed_text(add_in: Path, program: Path) -> str:
    """What is said after it was installed."""
    return (
        f"已安装：{add_in}\n启动的程序：{program}\n"
        "打开 Excel（开着的先全部关闭），功能区里就有“预算工具”选项卡。xltool 的文件夹以后移动了位置，要再安装一次。\n"
        f"{_WPS}"
    )


def uninstalled_text(folder: Path, was_there: bool) -> str:
    """What is said after it was removed."""
    if not was_there:
        return f"没有安装过：“{folder}”里没有 xltool 的选项卡。"
    return f"已卸载：“{folder}”里没有 xltool 的选项卡了。工作簿和 xltool 的文件夹都没有动。"


def status_text(status: Status) -> str:
    """How the ribbon stands, line by line."""
    lines = [_VERSIONS[status.version].format(status.add_in)]
    if status.version != "absent":
        lines += [_started(status), *(status.blocked or ["没有发现 Excel 的设置或 Windows 的标记会拦住它。"])]
    return "\n".join([*lines, _WPS])


def _started(status: Status) -> str:
    if status.program is None:
        return f"没有写明启动哪个程序：{_AGAIN}。"
    if not status.starts:
        return f"要启动的程序不见了：{status.program}。xltool 的文件夹移动过或删掉了：在它现在的位置，{_AGAIN}。"
    return f"启动的程序：{status.program}"
