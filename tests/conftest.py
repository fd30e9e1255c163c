"""What holds for every test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import xltool
from tests.budgets import QINGLONG, published
from xltool.catalogue import by_year


@pytest.fixture(scope="session", autouse=True)
def nobodys_data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The user's own data are never read or written: their folder is an empty one, also for programs that tests run."""
    folder = tmp_path_factory.mktemp("data")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(folder))
        patch.setenv("APPDATA", str(folder))
        by_year.forget()
        yield folder


@pytest.fixture
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """xltool's folder in the data of a user who has none yet; what is put there is forgotten after the test."""
    home = tmp_path / "data"
    monkeypatch.setenv("XDG_DATA_HOME", str(home))
    monkeypatch.setenv("APPDATA", str(home))
    by_year.forget()
    yield home / "xltool"
    by_year.forget()


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    """The published budget, which has errors, under a name with a space."""
    path = tmp_path / "信访局 2024预算.xlsx"
    xltool.fill(QINGLONG, published(QINGLONG), path)
    return path
