"""One file out of the folder of a bundle, the same bytes every time, and the hashes of all that is in it."""

from __future__ import annotations

import gzip
import hashlib
import os
import subprocess
import tarfile
import time
from collections import Counter
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from bundle.packages import ROOT
from bundle.refused import BundleRefused

HASHES = "SHA256SUMS.txt"
"""The file of a bundle that holds the SHA-256 of every other one, as `sha256sum -c` reads it."""


def note_hashes(folder: Path) -> None:
    """Write down the hash of every file in `folder`. Raises BundleRefused where Windows would take two for one."""
    names = [path.relative_to(folder).as_posix() for path in _files(folder) if path.name != HASHES]
    twice = [name for name, count in Counter(name.casefold() for name in names).items() if count > 1]
    if twice:
        raise BundleRefused(f"只有大小写不同的文件：{'、'.join(twice)}。")
    lines = [f"{sha256(folder / name)}  {name}\n" for name in names]
    (folder / HASHES).write_text("".join(lines), encoding="utf-8", newline="\n")


def sha256(file: Path) -> str:
    """The SHA-256 of a file, as hexadecimal digits."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def when() -> int:
    """The time that all files get, in seconds since 1970: SOURCE_DATE_EPOCH, or that of the last commit.

    Not always the same one: Python takes a compiled file for current as long as the time and the size of its source
    are those it remembers, and people unpack a new bundle over an old one.
    """
    if "SOURCE_DATE_EPOCH" in os.environ:
        return int(os.environ["SOURCE_DATE_EPOCH"])
    git = ["git", "log", "-1", "--format=%ct"]
    return int(subprocess.run(git, cwd=ROOT, check=True, capture_output=True, text=True).stdout)


def pack_zip(folder: Path, target: Path) -> None:
    """Write the folder as a zip, for Windows."""
    moment = time.gmtime(when())[:6]
    with ZipFile(target, "w", ZIP_DEFLATED, compresslevel=9) as packed:
        for path in _files(folder):
            entry = ZipInfo(f"{folder.name}/{path.relative_to(folder).as_posix()}", moment)
            entry.external_attr = 0o644 << 16
            entry.compress_type = ZIP_DEFLATED
            packed.writestr(entry, path.read_bytes())


def pack_tar(folder: Path, target: Path) -> None:
    """Write the folder as a tar.gz, which keeps what is a program."""
    moment = when()
    with (
        target.open("wb") as file,
        gzip.GzipFile("", "wb", fileobj=file, mtime=moment) as compressed,
        tarfile.open(fileobj=compressed, mode="w", format=tarfile.PAX_FORMAT) as packed,
    ):
        for path in _files(folder):
            entry = tarfile.TarInfo(f"{folder.name}/{path.relative_to(folder).as_posix()}")
            entry.size, entry.mtime = path.stat().st_size, moment
            entry.mode = 0o755 if os.access(path, os.X_OK) else 0o644
            with path.open("rb") as content:
                packed.addfile(entry, content)


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())
