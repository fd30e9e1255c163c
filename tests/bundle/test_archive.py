"""The file that is handed out: the same bytes from the same folder, and the hash of every file in it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from zipfile import ZipFile

import pytest

from bundle import archive
from bundle.refused import BundleRefused


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "xltool-1.0"
    (folder / "program").mkdir(parents=True)
    (folder / "使用说明.txt").write_text("说明", encoding="utf-8")
    (folder / "program" / "python").write_bytes(b"#!/bin/sh\n")
    (folder / "program" / "python").chmod(0o755)
    return folder


def test_the_same_folder_gives_the_same_bytes_whenever_it_was_made(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    for number in range(2):
        for file in folder.rglob("*"):
            os.utime(file, (number * 10**8, number * 10**8))
        archive.pack_zip(folder, tmp_path / f"{number}.zip")
        archive.pack_tar(folder, tmp_path / f"{number}.tar.gz")
    for kind in ("zip", "tar.gz"):
        assert (tmp_path / f"0.{kind}").read_bytes() == (tmp_path / f"1.{kind}").read_bytes()


def test_files_of_another_version_have_another_time(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Unpacked over an old bundle, a source of the same size would else be run as it was compiled before."""
    times = []
    for epoch in ("1700000000", "1700086400"):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
        archive.pack_zip(folder, tmp_path / "packed.zip")
        with ZipFile(tmp_path / "packed.zip") as packed:
            times.append(packed.infolist()[0].date_time)
    assert times == [(2023, 11, 14, 22, 13, 20), (2023, 11, 15, 22, 13, 20)]


def test_a_tar_keeps_what_is_a_program(folder: Path, tmp_path: Path) -> None:
    archive.pack_tar(folder, tmp_path / "packed.tar.gz")
    (tmp_path / "unpacked").mkdir()
    subprocess.run(["tar", "-xzf", tmp_path / "packed.tar.gz", "-C", tmp_path / "unpacked"], check=True)
    unpacked = tmp_path / "unpacked" / "xltool-1.0"
    assert os.access(unpacked / "program" / "python", os.X_OK)
    assert not os.access(unpacked / "使用说明.txt", os.X_OK)


def test_the_hashes_tell_a_file_that_was_changed(folder: Path) -> None:
    archive.note_hashes(folder)
    verify = ["sha256sum", "--check", "--quiet", archive.HASHES]
    assert subprocess.run(verify, cwd=folder, check=False).returncode == 0
    (folder / "program" / "python").write_bytes(b"#!/bin/sh\nrm")
    assert subprocess.run(verify, cwd=folder, check=False, capture_output=True).returncode == 1


def test_files_that_windows_takes_for_one_are_refused(folder: Path) -> None:
    (folder / "program" / "Python").touch()
    with pytest.raises(BundleRefused, match="大小写"):
        archive.note_hashes(folder)
