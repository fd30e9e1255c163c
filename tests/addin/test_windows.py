"""The settings as Windows reads them for the launcher, and the program as it starts: in Wine, by its functions."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path, PureWindowsPath

import pytest

from xltool.addin.install.settings import settings_for

COMPILER, WINE = shutil.which("x86_64-w64-mingw32-gcc"), shutil.which("wine")
pytestmark = pytest.mark.skipif(None in (COMPILER, WINE), reason="Wine or the compiler mingw is not installed")
HERE = Path(__file__).parent
SECONDS = 120


@pytest.fixture
def wine(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a Windows of its own."""
    environment = {**os.environ, "WINEPREFIX": str(tmp_path / "wine"), "WINEDEBUG": "-all", "LC_ALL": "C.UTF-8"}
    environment["WINEDLLOVERRIDES"] = "mscoree,mshtml,winemenubuilder.exe=d"  # it asks for nothing, and adds nothing
    yield environment
    for what in ("-k", "-w"):
        subprocess.run(["wineserver", what], env=environment, check=False, timeout=SECONDS)
    shutil.rmtree(environment["WINEPREFIX"], ignore_errors=True)  # hundreds of megabytes


def compiled(source: str, target: Path, *kind: str) -> None:
    assert COMPILER
    command = [COMPILER, "-municode", "-Wall", "-Wextra", "-Werror", *kind, str(HERE / source), "-o", str(target)]
    subprocess.run(command, check=True)


def on_windows(path: Path) -> PureWindowsPath:
    return PureWindowsPath(f"Z:{path}")


def test_a_program_in_a_folder_with_a_rare_character_is_started(tmp_path: Path, wine: dict[str, str]) -> None:
    """No code page of Windows that Chinese users have holds 㐂."""
    program, settings = tmp_path / "预算 㐂" / "xltool-addin.exe", tmp_path / "用户㐂" / "xltool.ini"
    program.parent.mkdir()
    settings.parent.mkdir()
    compiled("started.c", program, "-mwindows")
    compiled("start.c", tmp_path / "start.exe")
    settings.write_bytes(settings_for(Path(str(on_windows(program)))))
    assert WINE
    command = [WINE, str(tmp_path / "start.exe"), str(on_windows(settings))]
    done = subprocess.run(command, env=wine, stdout=subprocess.PIPE, encoding="ascii", check=False, timeout=SECONDS)
    assert bytes.fromhex(done.stdout).decode("utf-16-be") == str(on_windows(program))
    assert done.returncode == 0
    started, until = program.with_name("started"), time.monotonic() + SECONDS
    while not started.exists() and time.monotonic() < until:
        time.sleep(0.1)
    assert started.read_bytes().decode("utf-16-le") == "check 123456"
