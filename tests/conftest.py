"""What holds for every test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.budgets import QINGLONG, filled
from tests.excel.libreoffice.office import Office
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


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """LibreOffice, started once."""
    office = Office(tmp_path_factory.mktemp("office"))
    yield office
    office.quit()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that need what is slow to start begin: xdist gives the first share of all to one process, which starts it.

    That is LibreOffice, and bundles with Wine.
    """
    slow = {"office", "edited_folder", "windows_folder", "linux_folder"}
    items.sort(key=lambda item: slow.isdisjoint(getattr(item, "fixturenames", ())))


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    """The published budget, which has errors, under a name with a space."""
    return filled(QINGLONG, tmp_path).rename(tmp_path / "信访局 2024预算.xlsx")
