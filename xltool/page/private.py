"""Folders that only this user may look into: where the running page is noted, where uploads and results lie."""

from __future__ import annotations

import os
import secrets
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from xltool.errors import XltoolError

_WORK = "work-"
_LOCK = ".lock"


class FolderNotPrivate(XltoolError):
    """A folder of ours belongs to somebody else, or others may look into it."""


def runtime_folder() -> Path:
    """Where it is noted which page is running; it is made if it is not there. Raises FolderNotPrivate.

    %LOCALAPPDATA% on Windows; elsewhere $XDG_RUNTIME_DIR (XDG Base Directory Specification), or, where there is none,
    a folder of this user's name among the temporary files.
    """
    if sys.platform == "win32":
        return storage_folder()
    chosen = Path(os.environ.get("XDG_RUNTIME_DIR", ""))
    return _private(chosen / "xltool") if chosen.is_absolute() and chosen.is_dir() else storage_folder()


def storage_folder() -> Path:
    """Where uploads and results lie: on a disk, which a runtime folder need not be. Raises FolderNotPrivate."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
        return _private(Path(base) / "xltool" / "page")
    return _private(Path(tempfile.gettempdir()) / f"xltool-{os.getuid()}")


def hold(lock: Path) -> int | None:
    """Lock a file, made if it is not there, until its descriptor is closed; None if another process has locked it."""
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
    try:
        _lock(descriptor)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor


@contextmanager
def workspace() -> Iterator[Path]:
    """A new private folder that is gone afterwards; those of processes that are gone are removed first."""
    folder, descriptor = _new_folder()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if descriptor is not None:
            os.close(descriptor)
        folder.with_suffix(_LOCK).unlink(missing_ok=True)


def lasting_folder() -> Path:
    """The same, but it stays when this process ends: the next that makes one removes it."""
    folder, _ = _new_folder()  # locked until this process ends
    return folder


def _new_folder() -> tuple[Path, int | None]:
    """A folder, and the descriptor of its lock."""
    storage = storage_folder()
    sweep(storage)
    folder = storage / f"{_WORK}{secrets.token_hex(8)}"
    descriptor = hold(folder.with_suffix(_LOCK))
    folder.mkdir(0o700)
    return folder, descriptor


def sweep(storage: Path) -> None:
    """Remove the folders whose process is gone: nobody holds their lock."""
    for folder in storage.glob(f"{_WORK}*"):
        lock = folder.with_suffix(_LOCK)
        if folder.suffix == _LOCK or (descriptor := hold(lock)) is None:
            continue
        shutil.rmtree(folder, ignore_errors=True)
        os.close(descriptor)
        lock.unlink(missing_ok=True)


def _private(folder: Path) -> Path:
    """The folder, made if it is not there. Raises FolderNotPrivate if another user could look into it."""
    folder.mkdir(0o700, parents=True, exist_ok=True)
    if sys.platform != "win32":  # where a profile is its user's own
        found = folder.lstat()
        is_ours = (
            stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not stat.S_IMODE(found.st_mode) & 0o077
        )
        if not is_ours:
            raise FolderNotPrivate(
                f"“{folder}”不是只有您能看的文件夹，页面的文件不能放在里面：请删除它，或请管理员删除它，再试一次。"
            )
    return folder


if sys.platform == "win32":

    def _lock(descriptor: int) -> None:
        import msvcrt

        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:

    def _lock(descriptor: int) -> None:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
