"""The bar that says how far many files are: on a screen only, and never among what is said."""

from __future__ import annotations

import os
import pty
import re
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

FILES = 8
TOLD = re.compile("“单位[0-9].xlsx”其实是文本文件[^\r\n\x1b]*\r\n")


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """Files that are no workbooks: each is a line."""
    paths = [tmp_path / f"单位{number}.xlsx" for number in range(FILES)]
    for path in paths:
        path.write_text("not a workbook")
    return [str(path) for path in paths]


def check(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "xltool", "check", "--dry-run", *arguments]


class Screen:
    """A terminal of 80 columns, and a command whose standard error it shows."""

    def __init__(self, command: list[str]) -> None:
        self.master, its = pty.openpty()
        environment = {**os.environ, "TERM": "xterm", "COLUMNS": "80"}
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=its, env=environment)
        os.close(its)

    def shown_until(self, sign: str) -> str:
        """What it shows until that sign comes, or the end."""
        shown = b""
        with suppress(OSError):  # the end
            while sign.encode() not in shown and (more := os.read(self.master, 65536)):
                shown += more
        return shown.decode(errors="replace")

    def end(self) -> tuple[int, bytes]:
        """The exit code, and what went to standard output."""
        output, _ = self.process.communicate(timeout=60)
        os.close(self.master)
        return self.process.returncode, output


def test_a_screen_has_a_bar_below_what_is_said(files: list[str]) -> None:
    screen = Screen(check(*files))
    shown = screen.shown_until("the end")
    assert screen.end() == (2, f"共 {FILES} 个文件：没有问题 0 个，有问题 0 个，没能完成 {FILES} 个。\n".encode())
    assert "检查 " in shown and f"{FILES}/{FILES}" in shown
    assert len(TOLD.findall(shown)) == FILES
    assert shown.endswith("\x1b[?25h\r\x1b[1A\x1b[2K")  # the cursor is there again, and no bar is left


def test_a_pipe_has_none(files: list[str]) -> None:
    done = subprocess.run(
        check(*files), capture_output=True, encoding="utf-8", env={**os.environ, "FORCE_COLOR": "1"}, timeout=60
    )
    assert "\x1b" not in done.stdout + done.stderr
    assert len(done.stderr.splitlines()) == FILES


def test_json_on_the_screen_has_none(files: list[str]) -> None:
    screen = Screen(check("--json", "-", *files))
    assert "\x1b" not in screen.shown_until("the end")
    assert screen.end()[0] == 2


INTERRUPTED = """
from rich.console import Console
from xltool.cli import output

def interrupted(self):
    raise KeyboardInterrupt

with output.progress(range(9), 9, "检查") as steps:
    for step in steps:
        Console.clear_live = interrupted
        output.complain("……")
"""
"""A command that is interrupted as soon as the bar is no more, before the cursor is there."""


def test_the_cursor_is_there_again_whenever_it_is_interrupted() -> None:
    screen = Screen([sys.executable, "-c", INTERRUPTED])
    shown = screen.shown_until("the end")
    screen.end()
    assert "KeyboardInterrupt" in shown
    assert shown.rindex("\x1b[?25h") > shown.rindex("\x1b[?25l")


def test_interrupting_leaves_no_bar(tmp_path: Path) -> None:
    """Nobody reads what is shown, so that the command is not over before it is interrupted."""
    screen = Screen(check(*(str(tmp_path / f"没有{number}.xlsx") for number in range(2000))))
    shown = screen.shown_until("/2000")
    screen.process.send_signal(signal.SIGINT)
    shown += screen.shown_until("the end")
    assert screen.end() == (130, b"")
    assert "已中断。" in shown
    assert shown.rindex("\x1b[?25h") > shown.rindex("\x1b[?25l")
