"""Run by the bundle's own Python under Wine: starts its programs as Windows does, and notes what came of it."""

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
import winreg
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import win32con
import win32gui

assert sys.platform == "win32"

BUNDLE = Path(sys.prefix).parents[1]
XLTOOL = BUNDLE / "program" / "xltool.exe"
WILD = "a&b%PATH%^! 预算.xlsx"
NAMES = [WILD, "a&calc.xlsx", "C:\\单位 (甲)\\b.xlsx", "", "尾\\", 'q"uote', "-o", "*.xlsx"]
NAMES += [f"单位{number} 预算%TEMP%.xlsx" for number in range(40)]
PATIENCE = 60
ANSWERS = {"well": 0, "rejected": 0x80010001, "retry later": 0x8001010A, "ignored": 0x800AC472, "gone": 0x800706BA}
"""How a server of COM answers, by the number of its error."""


def main() -> None:
    os.environ["ECHOED"] = str(Path("echoed.json").resolve())
    os.environ["APPDATA"] = str(Path("data").resolve())
    os.environ["BROWSER"] = str(BUNDLE / "回声.exe")  # a browser that notes the address
    told = {
        "names": handed_on(NAMES),
        "imports": imports(),
        "asked": {name: asked(number) for name, number in ANSWERS.items()},
        "help": command_line("--help"),
        "new": command_line("new", "qinglong-2024", "-o", "空白 预算.xlsx"),
        "check": checked(),
        "check dropped": dropped_on_check(),
        "clear": dropped("清除标注.exe", WILD),
        "clear nothing": dropped("清除标注.exe"),
        "page": page(),
        "install": dropped("安装到 Excel.exe"),
        "pressed": pressed("check", "0"),
        "opened by hand": dropped("program/xltool-addin.exe"),
        "alone": alone(),
        "windows 7": on_windows_7(),
        "too many": too_many(),
    }
    Path("told.json").write_text(json.dumps(told), encoding="utf-8")


def start(program: Path, names: Sequence[str]) -> "subprocess.Popen[bytes]":
    """Start a program as Explorer does: it has no console, and no input and output."""
    return subprocess.Popen([program, *names], creationflags=subprocess.DETACHED_PROCESS)


def handed_on(names: Sequence[str]) -> dict[str, object]:
    code = start(BUNDLE / "回声.exe", names).wait(PATIENCE)
    seen = json.loads(Path("echoed.json").read_text(encoding="utf-8"))
    return {"sent": names, "code": code, **seen}


def imports() -> dict[str, object]:
    import highspy
    import pandas
    import win32com.client
    import xlwings

    return {
        "win32com": win32com.client.__name__,
        "is pro": xlwings.__pro__,
        "sum": float(pandas.Series([1.5, 2.5]).sum()),
        "highs": hasattr(highspy, "Highs"),
    }


class Server:
    """Something that COM may ask for things, as it may Excel."""

    _public_methods_ = ("Item",)
    _public_attrs_ = ("Count", "StatusBar")
    Count, StatusBar = 2, "before"
    Item = staticmethod("sheet {}".format)


def asked(number: int) -> list[str]:
    """What our ways of asking and telling make of a server that answers so (0: that does what it is asked).

    What pywin32 raises of it differs: an attribute that is missing, a thing that is no collection.
    """
    import win32com.client
    import xlwings._xlwindows as native
    from win32com.server.exception import COMException
    from win32com.server.policy import DesignatedWrapPolicy
    from win32com.server.util import wrap

    from xltool.addin.excel.com import ComError, assign, each, is_gone, patiently, xlwings
    from xltool.errors import ExcelRefused

    class Answering(DesignatedWrapPolicy):
        def _getidsofnames_(self, *given: object) -> object:
            return self.done(super()._getidsofnames_, *given)

        def _invokeex_(self, *given: object) -> object:
            return self.done(super()._invokeex_, *given)

        def done(self, step: Callable[..., object], *given: object) -> object:
            if number:
                raise COMException("busy", scode=number - (1 << 32))
            return step(*given)

    def outcome(step: Callable[[Any], object]) -> str:
        server = native.COMRetryObjectWrapper(win32com.client.Dispatch(wrap(Server(), usePolicy=Answering)))
        try:
            return str(patiently(lambda: step(server), ()))
        except ExcelRefused:
            return "busy"
        except ComError as error:
            return "gone" if is_gone(error) else str(error)

    xlwings()
    steps = (lambda it: it.StatusBar, lambda it: assign(it, "StatusBar", "now"), lambda it: [*each(it)])
    return [outcome(step) for step in steps]


def command_line(*words: str) -> dict[str, object]:
    done = subprocess.run([XLTOOL, *words], input=b"", stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    return {"code": done.returncode, "said": done.stdout.decode("utf-8")}


def checked() -> dict[str, object]:
    shutil.copyfile("预算.xlsx", WILD)
    return command_line("check", WILD)


def dropped_on_check() -> dict[str, object]:
    """So many that several processes share the work."""
    broken = [f"坏 {number}.xlsx" for number in range(8)]
    for name in broken:
        Path(name).write_bytes(b"no workbook")
    running = start(BUNDLE / "检查.exe", [str(Path(name).resolve()) for name in (WILD, *broken)])
    window, told = awaited()
    (address,) = json.loads(Path("echoed.json").read_text(encoding="utf-8"))["arguments"]
    shown = Path(urllib.request.url2pathname(address.removeprefix("file:")))
    pages = {page.name: page.read_text(encoding="utf-8") for page in shown.parent.glob("*.html")}
    close(window)
    return {**told, "code": running.wait(PATIENCE), "shown": shown.name, "pages": pages, "left": shown.exists()}


def dropped(program: str, *names: str) -> dict[str, object]:
    """Drop files on a launcher, and read and close the dialog that comes."""
    running = start(BUNDLE / program, [str(Path(name).resolve()) for name in names])
    return {**dialog(), "code": running.wait(PATIENCE)}


def pressed(action: str, window: str) -> dict[str, object]:
    """Press a button of the ribbon, where there is no Excel."""
    running = start(BUNDLE / "program" / "xltool-addin.exe", [action, window])
    return {**dialog(), "code": running.wait(PATIENCE)}


def dialog() -> dict[str, object]:
    """Read the dialog that comes, and close it."""
    window, told = awaited()
    close(window)
    return told


def awaited() -> tuple[int, dict[str, object]]:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        window = win32gui.FindWindow("#32770", None)
        if window and (title := win32gui.GetWindowText(window)) and (text := sentence(window)):
            return window, {"title": title, "text": text}
        time.sleep(0.05)
    return 0, {"title": None, "text": None}


def close(window: int) -> None:
    until = time.monotonic() + PATIENCE
    win32gui.PostMessage(window, win32con.WM_COMMAND, win32con.IDOK, 0)
    while win32gui.IsWindow(window) and time.monotonic() < until:
        time.sleep(0.02)


def sentence(window: int) -> str:
    """The text of a dialog, which has buttons before it has that."""
    found: list[str] = []
    win32gui.EnumChildWindows(window, lambda child, _: found.append(win32gui.GetWindowText(child)), None)
    return max(found, key=len) if any(len(text) > len("&Continue") for text in found) else ""


def page() -> dict[str, object]:
    """Open the page by its launcher, with a browser that asks for what it is given; check a workbook there."""
    running, address = page_opened()
    second, again = page_opened()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    with browser.open(address, timeout=PATIENCE) as answer:
        text, root = answer.read().decode("utf-8"), answer.url.rpartition("/")[0]
    head = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.xlsx"\r\n\r\n'
    form = head + Path("预算.xlsx").read_bytes() + b"\r\n--x--\r\n"
    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    with browser.open(urllib.request.Request(root + "/check", form, kind)) as answer:
        where = answer.url
    result, until = "data-work", time.monotonic() + PATIENCE
    while "data-work" in result and time.monotonic() < until:
        time.sleep(0.2)
        with browser.open(where, timeout=PATIENCE) as answer:
            result = answer.read().decode("utf-8")
    with browser.open(urllib.request.Request(root + "/quit", b"")):
        code = running.wait(PATIENCE)
    left = [*Path(os.environ["LOCALAPPDATA"], "xltool", "page").glob("*/*")]
    return {
        "address": address,
        "again": again,
        "codes": [code, second.wait(PATIENCE)],
        "text": text,
        "checked": result,
        "left": len(left),
    }


def page_opened() -> "tuple[subprocess.Popen[bytes], str]":
    """Start the launcher of the page: its process, and the address that the browser is given."""
    Path("echoed.json").unlink()
    started, until = start(BUNDLE / "打开页面.exe", []), time.monotonic() + PATIENCE
    while not Path("echoed.json").exists() and time.monotonic() < until:
        time.sleep(0.05)
    time.sleep(0.2)
    return started, json.loads(Path("echoed.json").read_text(encoding="utf-8"))["arguments"][0]


def alone() -> dict[str, object]:
    """A launcher that somebody took out of its folder."""
    folder = Path("桌面").resolve()
    folder.mkdir()
    shutil.copy(BUNDLE / "检查.exe", folder)
    return dropped(str(folder / "检查.exe"))


def on_windows_7() -> dict[str, object]:
    with winreg.CreateKey(winreg.HKEY_CURRENT_USER, r"Software\Wine\AppDefaults\从 Excel 卸载.exe") as settings:
        winreg.SetValueEx(settings, "Version", 0, winreg.REG_SZ, "win7")
    return dropped("从 Excel 卸载.exe")


def too_many() -> dict[str, object]:
    """As much as Windows allows in a command line, so that ours has no room for it."""
    program = BUNDLE / "检查.exe"
    running = start(program, ["x" * (32_760 - len(subprocess.list2cmdline([program, ""])))])
    return {**dialog(), "code": running.wait(PATIENCE)}


main()
