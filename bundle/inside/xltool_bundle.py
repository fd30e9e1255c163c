"""What the launchers for Windows have Python run: there is no console, so results come as the page or a dialog."""

from __future__ import annotations

import contextlib
import io
import sys
import tempfile
import webbrowser
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from xltool.api.failures import Failure, attempt

_LINES = 25
"""A dialog cannot be scrolled: what is longer is cut."""


def main(arguments: Sequence[str]) -> int:
    """Do what the first argument says with those that follow; returns the exit code."""
    action, *names = arguments
    if action == "addin":
        from xltool.addin.program import started_with

        return started_with(names)
    title, work = _ACTIONS[action]
    done = attempt(lambda: work(title, names))
    if isinstance(done, Failure):
        _show(title, done.sentence)
        return 2
    return 0


def _check(title: str, names: Sequence[str]) -> None:
    """Mark the workbooks dropped on the launcher, and show their findings; without any, open the page."""
    if not names:
        return _page(title, names)
    from xltool.api.batches import check_files, totals, workbooks

    with tempfile.TemporaryDirectory(prefix="xltool-") as folder:
        report = Path(folder, "检查报告.html")
        outcomes = [*check_files(workbooks(names), html=report)]
        told = [totals([one.code for one in outcomes]), *(one.trouble for one in outcomes if one.trouble)]
        if report.exists():
            webbrowser.open(report.as_uri())
            told += [
                "",
                "问题标注在工作簿里，并在浏览器里列出。要留下这份报告，请在浏览器里另存；点“确定”以后它就删去。",
            ]
        _show(title, told)
    return None


def _clear(title: str, names: Sequence[str]) -> None:
    """Take our marks off the workbooks dropped on the launcher."""
    from xltool.api.batches import clear_files, workbooks

    if names:
        _show(title, [one.text or one.trouble for one in clear_files(workbooks(names))])
    else:
        _show(title, "请把标注过的工作簿拖到“清除标注”上，松开鼠标。")


def _page(title: str, names: Sequence[str]) -> None:
    """Open the page, and serve it until it is over."""
    from xltool.page.server import serve

    serve(lambda told: None)


def _addin(command: str) -> Callable[[str, Sequence[str]], None]:
    """Show what the command line says when it does this with the add-in."""

    def work(title: str, names: Sequence[str]) -> None:
        from xltool.cli import main

        said = io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            main(["addin", command])
        _show(title, said.getvalue())

    return work


def _show(title: str, told: str | Iterable[str]) -> None:
    """A dialog in front of the other windows."""
    lines = (told if isinstance(told, str) else "\n".join(told)).splitlines()
    rest = [f"……还有 {len(lines) - _LINES} 行。"] if len(lines) > _LINES else []
    if sys.platform == "win32":
        import ctypes

        in_front = 0x10000
        ctypes.windll.user32.MessageBoxW(None, "\n".join([*lines[:_LINES], *rest]), f"xltool　{title}", in_front)


_ACTIONS: dict[str, tuple[str, Callable[[str, Sequence[str]], None]]] = {
    "check": ("检查", _check),
    "clear": ("清除标注", _clear),
    "page": ("打开页面", _page),
    "install": ("安装到 Excel", _addin("install")),
    "uninstall": ("从 Excel 卸载", _addin("uninstall")),
}
"""What a launcher may ask for, with the title of its dialogs."""

if __name__ == "__main__":  # a process of the pool imports this module under another name
    sys.exit(main(sys.argv[1:]))
