"""xltool with the add-in that the sources of this checkout make."""

from __future__ import annotations

from pathlib import Path

import pytest

from addin import build
from xltool.addin.install.places import PROGRAM


@pytest.fixture(autouse=True, scope="session")
def _built() -> None:
    build.write()


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The program of the folder that runs without Python being installed, in a folder with a rare character."""
    home = tmp_path / "预算工具 㐂" / "program"
    (home / "python").mkdir(parents=True)
    monkeypatch.setattr("sys.prefix", str(home / "python"))
    monkeypatch.setattr("sysconfig.get_path", lambda *_: str(tmp_path / "nothing"))
    (home / PROGRAM).write_bytes(b"a program")
    return home / PROGRAM
