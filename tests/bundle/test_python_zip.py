"""The Python that goes into the bundle for Windows is the official one, or there is no bundle."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from bundle import windows
from bundle.refused import BundleRefused
from tests import ROOT


def zipped(path: Path, *names: str) -> tuple[Path, str]:
    """A zip with empty files of these names, and its SHA-256."""
    with ZipFile(path, "w") as packed:
        for name in names:
            packed.writestr(name, "")
    return path, hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_zip_with_another_hash_is_refused(tmp_path: Path) -> None:
    python, found = zipped(tmp_path / "python.zip", "python313.dll")
    for expected in (None, "0" * 64):
        with pytest.raises(BundleRefused, match=found):
            windows.assemble(python, expected, tmp_path / "bundle")
    assert not (tmp_path / "bundle").exists()


def test_without_it_is_said_where_it_is_to_be_put(tmp_path: Path) -> None:
    with pytest.raises(BundleRefused, match=r"python-3\.13\.\d+-embed-amd64\.zip.*放到"):
        windows.assemble(tmp_path / "python.zip", None, tmp_path / "bundle")


@pytest.mark.parametrize("names", [["readme.txt"], ["python313.dll", "../python.exe"], ["python313.dll", "a/b.py"]])
def test_a_zip_that_is_laid_out_otherwise_is_refused(tmp_path: Path, names: list[str]) -> None:
    python, found = zipped(tmp_path / "python.zip", *names)
    with pytest.raises(BundleRefused, match="embeddable"):
        windows.assemble(python, found, tmp_path / "bundle")


def test_who_builds_reads_the_reason_in_one_sentence(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "bundle", "windows", "--python-zip", str(tmp_path / "no.zip"), "-o", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("没有官方的 Python：") and done.stderr.count("\n") == 1


def test_what_is_no_zip_is_refused(tmp_path: Path) -> None:
    python = tmp_path / "python.zip"
    python.write_bytes(b"<html>")
    with pytest.raises(BundleRefused, match="不完整"):
        windows.assemble(python, hashlib.sha256(b"<html>").hexdigest(), tmp_path / "bundle")
