"""The folders of bundles, for all tests here."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.bundle import making, wine


@pytest.fixture(scope="session")
def windows_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder for Windows; tests must not change it."""
    if shutil.which("x86_64-w64-mingw32-gcc") is None:
        pytest.skip("no mingw (gcc-mingw-w64-x86-64-win32) to compile launchers with")
    return making.once(tmp_path_factory, "windows", making.windows_folder)


@pytest.fixture(scope="session")
def linux_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder for Linux; tests must not change it."""
    if shutil.which("patchelf") is None:
        pytest.skip("no patchelf to make the libraries of a bundle find each other")
    return making.once(tmp_path_factory, "linux", making.linux_folder)


@pytest.fixture(scope="session")
def under_wine(windows_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> wine.Told:
    """What programs of the folder for Windows did under Wine, all in one go: Wine is slow to start."""
    if not wine.WINE.is_file():
        pytest.skip("no wine64 to run the bundle for Windows with")
    ran = making.once(tmp_path_factory, "wine", lambda folder: wine.run(windows_folder, folder))
    return wine.told(ran)
