"""What the launchers for Windows have Python run: there is no console, so results come as the page or a dialog."""

from __future__ import annotations

import contextlib
import io
import sys
import time
import webbrowser
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from xltool.api.failures import Failure, attempt
from xltool.report.words.options import in_a_dialog

if TYPE_CHECKING:
    from xltool.api.batches import Outcome

_LINES = 25
"""A dialog cannot be scrolled: what is longer is cut."""

_TRIES = 40
"""So often a page is put in its place, which takes two seconds."""

_KEEP_REPORT = "问题标注在工作簿里，并在浏览器里列出。要留下这份报告，请在浏览器里另存；下次检查或打开页面时它就删去。"

_NO_BROWSER = (
    "问题标注在工作簿里。没有能打开报告的浏览器，报告在“{}”：要留下它，请复制到别处；下次检查或打开页面时它就删去。"
)

_PROGRESS = """<!DOCTYPE html>
<html lang="zh-CN">
<meta charset="utf-8">
<meta http-equiv="refresh" content="{refresh}">
<title>检查 · xltool</title>
<body style="font: 16px sans-serif; margin: 3em"><p role="status">{text}</p>
</html>
"""


def main(arguments: Sequence[str]) -> int:
    """Do what the first argument says with those that follow; returns the exit code."""
    action, *names = arguments
    if action == "addin":
        from xltool.addin.program import started_with

        return started_with(names)
    title, work = _ACTIONS[action]
    done = attempt(lambda: work(title, names))
    if isinstance(done, Failure):
        _show(title, in_a_dialog(done.sentence))
        return 2
    return 0


def _check(title: str, names: Sequence[str]) -> None:
    """Mark the workbooks dropped on the launcher, and show their findings; without any, open the page.

    The browser shows at once how far it is, and the findings when they are there; these stay when the dialog is closed.
    """
    if not names:
        return _page(title, names)
    from xltool.api.batches import check_files, totals, workbooks
    from xltool.page.private import lasting_folder

    files = workbooks(names)
    folder = lasting_folder()
    shown, report = folder / "检查.html", folder / "检查报告.html"
    outcomes: list[Outcome] = []
    _show_progress(shown, f"正在检查，共 {len(files)} 个文件。")
    is_shown = webbrowser.open(shown.as_uri())
    for outcome in check_files(files, html=report):
        outcomes.append(outcome)
        _show_progress(shown, f"正在检查：做完 {len(outcomes)} 个，共 {len(files)} 个文件。")
    told = [totals([one.code for one in outcomes]), *(in_a_dialog(one.trouble) for one in outcomes if one.trouble)]
    if report.exists():
        _show_progress(shown, "检查完了。", f"0; url={report.name}")
        told += ["", _KEEP_REPORT if is_shown else _NO_BROWSER.format(report)]
    else:
        _show_progress(shown, "没有能检查的文件，原因见对话框。", "3600")
    _show(title, told)
    return None


def _show_progress(page: Path, text: str, refresh: str = "1") -> None:
    """Write the page that the browser asks for again by itself, in one step: of half a page it would not.

    Nothing is shown anew if the browser does not let go of the page; the dialog tells all the same.
    """
    new = page.with_suffix(".new")
    new.write_text(_PROGRESS.format(text=text, refresh=refresh), encoding="utf-8")
    for _ in range(_TRIES):
        with contextlib.suppress(PermissionError):  # on Windows, while the browser reads it
            new.replace(page)
            return
        time.sleep(0.05)


def _clear(title: str, names: Sequence[str]) -> None:
    """Take our marks off the workbooks dropped on the launcher."""
    from xltool.api.batches import clear_files, workbooks

    if names:
        _show(title, [one.text or one.trouble for one in clear_files(workbooks(names))])
    else:
        _show(title, "请把标注过的工作簿拖到“清除标注”上，松开鼠标。")


def _page(title: str, names: Sequence[str]) -> None:
    """Open the page, and serve it until it is over; where no browser starts, a dialog says the address."""
    from xltool.page.server import serve

    serve(lambda told: None, lambda told: _show(title, told))


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
