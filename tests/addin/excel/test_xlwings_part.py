"""Only the BSD part of xlwings is used, only inside `xltool.addin`, and not what it would do to a user's Excel."""

from __future__ import annotations

import ast
import atexit
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests import ROOT
from tests.addin.excel.fake.com import error
from xltool.addin import run
from xltool.addin.excel.com import ComError, patiently, why, xlwings
from xltool.errors import ExcelRefused

OURS = [file for folder in ("xltool", "addin") for file in sorted((ROOT / folder).rglob("*.py"))]


def imported(file: Path) -> Iterator[str]:
    """Every module that a file which speaks of xlwings imports."""
    source = file.read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(source if "xlwings" in source else "")):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{one.name}" for one in node.names)


def test_the_part_with_another_licence_is_off_for_everyone(tmp_path: Path) -> None:
    """Also for one who owns a key of it."""
    program = (
        "import sys\n"
        "from xltool.addin.excel.com import xlwings\n"
        "assert xlwings().__pro__ is False\n"
        "assert not [name for name in sys.modules if name.startswith('xlwings.pro') and sys.modules[name]]\n"
    )
    key = {"XLWINGS_LICENSE_KEY": "noncommercial", "HOME": str(tmp_path), "PATH": ""}
    done = subprocess.run(
        [sys.executable, "-c", program], env=key, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert not [*tmp_path.rglob("*xlwings*")]


def test_nothing_of_ours_imports_that_part_or_writes_a_key() -> None:
    assert not [file for file in OURS if any(name.startswith("xlwings.pro") for name in imported(file))]
    assert not [
        file for file in OURS if "license" in file.read_text(encoding="utf-8").lower() and "xlwings" in file.name
    ]


def test_xlwings_is_imported_only_inside_the_addin() -> None:
    users = {file.parent for file in OURS if any(name.split(".")[0] == "xlwings" for name in imported(file))}
    assert users <= {ROOT / "xltool/addin/excel", ROOT / "xltool/addin/actions"}


def test_no_button_waits_for_pandas() -> None:
    """xlwings imports it where it can, and then each button would take a second more, or four; others still may."""
    program = (
        "import sys\n"
        "from xltool.addin.excel.com import xlwings\n"
        "xlwings()\n"
        "print([name for name in ('pandas', 'numpy', 'PIL', 'matplotlib') if name in sys.modules])\n"
        "import numpy\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("[]\n", "")


def test_importing_the_addin_imports_nothing_heavy() -> None:
    program = "import sys, xltool.addin; print([one for one in ('xlwings', 'pandas', 'ctypes') if one in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_no_excel_is_ended_and_a_busy_one_not_asked_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    native = SimpleNamespace(N_COM_ATTEMPTS=0, cleanup=lambda: None)
    called_off: list[object] = []
    monkeypatch.setattr(xlwings(), "_xlwindows", native, raising=False)
    monkeypatch.setattr(atexit, "unregister", called_off.append)
    xlwings()
    assert native.N_COM_ATTEMPTS == 1
    assert called_off == [native.cleanup]


class ExcelBusyError(Exception):
    """What xlwings itself raises in one of its ways to find out that Excel is busy."""


def test_both_ways_of_being_busy_are_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    native = SimpleNamespace(N_COM_ATTEMPTS=0, cleanup=print, ExcelBusyError=ExcelBusyError)
    monkeypatch.setattr(xlwings(), "_xlwindows", native, raising=False)
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    answers: list[Exception] = [ExcelBusyError(), error(0x800AC472), error(0x8001010A)]

    def step() -> str:
        if answers:
            raise answers.pop()
        return "done"

    assert patiently(step) == "done"
    answers[:] = [ExcelBusyError() for _ in range(9)]
    with pytest.raises(ExcelRefused, match="Excel 正忙"):
        patiently(step)


@pytest.mark.parametrize(
    ("details", "told"),
    [
        ((0, "Microsoft Excel", "磁盘已满。", "xlmain11.chm", 0, -2146827284), "磁盘已满"),
        ((0, None, None, None, 0, -2146827284), "发生意外"),
        (None, "发生意外"),
    ],
)
def test_what_excel_says_of_an_error_is_part_of_the_sentence(details: tuple[object, ...] | None, told: str) -> None:
    assert why(ComError(-2147352567, "发生意外。", details, None)) == told


@pytest.mark.skipif(sys.platform == "win32", reason="on Windows there may be an Excel")
def test_where_there_is_no_excel_the_page_is_named() -> None:
    with pytest.raises(ExcelRefused, match="只能在 Windows 上用：请用 xltool serve 打开的页面"):
        run("check", 0)
