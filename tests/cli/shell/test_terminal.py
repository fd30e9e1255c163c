"""What reaches the terminal: nothing that steers it, whatever the files hold, and no traceback wherever output goes."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from xltool.cli.group import xltool

STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
HOSTILE = "\u202e合计\u2066\u009b31m"


def test_files_cannot_steer_it(faulty: Path) -> None:
    """Control characters in a cell, as `_x001B_`, and turned writing in a label, a unit and a sheet's name."""
    book = openpyxl.load_workbook(faulty)
    book["收支总表"]["A7"] = f"_x001B_]0;pwned_x0007_{HOSTILE}"
    book["收入总表"]["E8"] = f"_x001B_[2J{HOSTILE}"
    book.create_sheet(f"{HOSTILE}另一张")
    book.save(faulty)
    for command in ("check --dry-run", "check --dry-run --json -", "read", "tables"):
        result = CliRunner().invoke(xltool, [*command.split(), str(faulty)])
        assert result.exit_code in (0, 1), result.stderr
        assert STEERING.findall(result.stdout) == [], command
        assert "合计" in result.stdout


def test_neither_can_what_is_typed() -> None:
    for arguments in (["\x1b[31m"], ["check", "\x1b[31m\u202e.xlsx"], ["rules", "qinglong-2024", "\x9b1"], ["\udcff"]):
        result = CliRunner().invoke(xltool, arguments)
        assert result.exit_code == 2
        assert STEERING.findall(result.stderr) == []


def run(
    *arguments: str, environment: dict[str, str] | None = None, redirection: str = ""
) -> subprocess.CompletedProcess[str]:
    """The command as a process of its own, through a shell where its output is redirected."""
    command = [sys.executable, "-m", "xltool", *arguments]
    if redirection:
        command = ["sh", "-c", f'"$@" {redirection}', "sh", *command]
    return subprocess.run(
        command, capture_output=True, encoding="utf-8", timeout=60, env={**os.environ, **(environment or {})}
    )


@pytest.mark.parametrize(
    ("redirection", "code"), [(">&-", 0), (">&- 2>&-", 0), ("> /dev/full", 2), ("| head -n 1", 0), ("2>&-", 0)]
)
@pytest.mark.parametrize("command", ["templates", "-h"])
def test_output_that_goes_nowhere(command: str, redirection: str, code: int) -> None:
    done = run(command, redirection=redirection)
    assert "Traceback" not in done.stderr
    assert done.returncode == code
    assert done.stderr == ("" if code == 0 else "无法读写文件：磁盘空间不足。\n")


@pytest.mark.parametrize(
    "environment", [{"LC_ALL": "C"}, {"LC_ALL": "POSIX", "LANG": ""}, {"PYTHONIOENCODING": "ascii"}], ids=str
)
def test_a_locale_without_chinese(environment: dict[str, str]) -> None:
    done = run("templates", environment=environment)
    assert (done.returncode, done.stderr) == (0, "")
    assert "青龙满族自治县" in done.stdout


def test_a_locale_that_cannot_name_files_in_chinese() -> None:
    done = run("rules", "qinglong-2024", environment={"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"})
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "系统的语言环境不支持中文文件名：请设置环境变量 PYTHONUTF8=1 后再试。\n"


def test_a_complaint_that_nobody_can_hear_keeps_its_code() -> None:
    assert run("check", "没有.xlsx", redirection="2> /dev/full").returncode == 2


def test_interrupted_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("xltool.api.books.check", interrupted)
    monkeypatch.setattr("xltool.api.batches.books.opened", interrupted)
    result = CliRunner().invoke(xltool, ["check", "a.xlsx"])
    assert (result.exit_code, result.stderr) == (130, "已中断。\n")
