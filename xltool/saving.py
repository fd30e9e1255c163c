"""Every file we write goes through here: after a crash there is the old one or the new one, never half of either.

The new content is written beside the old under a name of our own, synced, given the old one's owner and permissions,
and put in its place in one step. What a killed run left behind is locked by nobody, and the next run removes it.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import stat
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

from xltool.errors import FileRefused, reason

_OTHERWISE = "或用 -o 另存到其他位置"
_LOCKS = ("~${}", ".~{}", ".~lock.{}#")  # Excel, WPS (which uses either) and LibreOffice
_FOLDER = ".d"  # a folder is written beside a temporary file, which says whether it is in use
_NEW, _OLD = "new", "old"  # what is in it: the folder being written, and the one whose place that takes
_TEMPORARY = re.compile(rf"~xltool-[0-9a-f]{{8}}\.tmp({re.escape(_FOLDER)})?\Z")


def save_file(target: Path, content: bytes, like: Path | None = None, otherwise: str = _OTHERWISE) -> None:
    """Write `content` to `target`, which keeps its owner and permissions; a new file has the permissions of `like`.

    Raises FileRefused, which ends in what to do `otherwise`, if `target` is open in a spreadsheet program or the disk
    or the folder does not let us; `target` is then as it was.
    """
    with _replaced(target, like, otherwise) as (_, file):
        file.write(content)


@contextlib.contextmanager
def written_in_parts(target: Path) -> Iterator[Path]:
    """An empty file for content too long to be held in memory, which takes the place of `target` at the end.

    Whoever writes to it opens it anew, and has closed it at the end. If that raises, or is stopped, `target` is as it
    was. Raises FileRefused as `save_file` does, at once or at the end, and instead of an OSError of the writing.
    """
    with _replaced(target, None, _OTHERWISE) as (temporary, _):
        yield temporary


def save_folder(target: Path, files: Mapping[str, bytes], check: Callable[[Path], object]) -> None:
    """Write a folder with these files to `target`, instead of the folder that may be there.

    `check` is called with the folder before it is put there; what it raises leaves everything as it was. Raises
    FileRefused if the disk or the folder above does not let us.
    """
    with _explained(target, _OTHERWISE):
        target = Path(os.path.realpath(target))
        target.parent.mkdir(parents=True, exist_ok=True)
        _remove_leftovers(target.parent)
        with _temporary_folder(target.parent) as temporary:
            new, old = temporary / _NEW / target.name, temporary / _OLD / target.name
            new.mkdir(parents=True)
            for name, content in files.items():
                with (new / name).open("xb") as file:
                    file.write(content)
                    _sync(file)
            check(new)
            if target.exists():
                _keep_rights(new, target)
                old.parent.mkdir()
                target.rename(old)
            new.rename(target)
        _sync_folder(target.parent)


def make_folder(folder: Path) -> None:
    """Make a folder, and those above it, if it is not there. Raises FileRefused if a file is, or the disk refuses."""
    if folder.exists() and not folder.is_dir():
        raise FileRefused(f"“{folder}”是一个文件：-o 后面请写文件夹。")
    with _explained(folder, _OTHERWISE):
        folder.mkdir(parents=True, exist_ok=True)


def refuse_unwritable(target: Path, otherwise: str = _OTHERWISE) -> None:
    """Raise FileRefused if `target` cannot be written: it is in use, read-only, no file, or its folder lets nobody."""
    places = dict.fromkeys((target, Path(os.path.realpath(target))))
    for place, lock in ((place, pattern.format(place.name)) for place in places for pattern in _LOCKS):
        if _is_there(place.parent / lock):
            raise FileRefused(
                f"“{place.name}”正被打开：请先在 Excel 或 WPS 中关闭该文件（若早已关闭，请删除残留的 {lock}）。"
            )
    target = list(places)[-1]  # what a link points to
    folder = target.parent
    if not folder.is_dir():
        raise FileRefused(f"文件夹“{folder}”不存在：请先建立该文件夹，{otherwise}。")
    if target.is_dir():
        raise FileRefused(f"“{target}”是文件夹：请用 -o 指定一个文件名。")
    if target.exists() and not target.is_file():
        raise FileRefused(f"“{target}”不是普通文件：请另外指定一个文件名。")
    if target.exists() and _is_read_only(target):
        raise FileRefused(f"“{target.name}”是只读文件：请取消只读属性，{otherwise}。")
    if target.exists() and target.stat().st_nlink > 1:
        raise FileRefused(
            f"“{target.name}”在别处还有同一内容的名称（硬链接），改写会使两者不同：请先复制一份，{otherwise}。"
        )
    # Windows marks folders read-only for other reasons; there writing itself tells
    if os.name != "nt" and _is_read_only(folder):
        raise FileRefused(f"文件夹“{folder}”不允许写入：请更改它的权限，{otherwise}。")


@contextlib.contextmanager
def _replaced(target: Path, like: Path | None, otherwise: str) -> Iterator[tuple[Path, BinaryIO]]:
    """A new file beside `target`, synced and put in its place at the end."""
    with _explained(target, otherwise):
        refuse_unwritable(target, otherwise)
        target = Path(os.path.realpath(target))  # a link stays a link: what it points to is replaced
        folder = target.parent
        _remove_leftovers(folder)
        with _temporary_file(folder) as (temporary, file):
            yield temporary, file
            _sync(file)
            if target.exists():
                _keep_rights(temporary, target)
            else:
                temporary.chmod(stat.S_IMODE(like.stat().st_mode) | stat.S_IWUSR if like else _usual_mode(folder))
            if os.name == "nt":  # where no open file can be moved; elsewhere it stays locked until it is
                file.close()
            temporary.replace(target)
        _sync_folder(folder)


@contextlib.contextmanager
def _explained(target: Path, otherwise: str) -> Iterator[None]:
    try:
        yield
    except PermissionError as error:
        raise FileRefused(f"无法写入“{target}”：请先关闭正在使用它的程序，{otherwise}。") from error
    except OSError as error:
        raise FileRefused(f"写入“{target}”失败（{reason(error)}）：请检查磁盘空间，{otherwise}。") from error


def _is_there(path: Path) -> bool:
    """Whether there is such a file; there is none under a name too long for the disk."""
    try:
        return path.exists()
    except OSError:
        return False


def _is_read_only(path: Path) -> bool:
    return not path.stat().st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH) or not os.access(path, os.W_OK)


def _usual_mode(folder: Path) -> int:
    """The permissions that a new file gets in this folder."""
    probe = _new_name(folder)
    with probe.open("xb") as file:
        mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
    probe.unlink(missing_ok=True)  # another run may have taken it for left behind
    return mode


def _keep_rights(new: Path, old: Path) -> None:
    """Only an administrator may give a file to somebody else; what others write is theirs."""
    was = old.stat()
    if os.name == "posix":
        with contextlib.suppress(PermissionError):
            os.chown(new, was.st_uid, was.st_gid)
    new.chmod(stat.S_IMODE(was.st_mode))


def _new_name(folder: Path) -> Path:
    return folder / f"~xltool-{os.urandom(4).hex()}.tmp"


@contextlib.contextmanager
def _temporary_file(folder: Path) -> Iterator[tuple[Path, BinaryIO]]:
    """A new file that nobody else may read, locked; it is gone afterwards if it still has this name."""
    path, file = _new_locked_file(folder)
    with file:
        try:
            yield path, file
        finally:
            if os.name == "nt":  # where no open file can be removed
                file.close()
            path.unlink(missing_ok=True)


def _new_locked_file(folder: Path) -> tuple[Path, BinaryIO]:
    while True:
        path = _new_name(folder)
        file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        with contextlib.suppress(OSError):  # on a disk without locks nothing is ever taken for left behind
            _lock(file.fileno(), wait=True)
        if path.exists():
            return path, file
        file.close()  # another run took it for left behind before it was locked


@contextlib.contextmanager
def _temporary_folder(parent: Path) -> Iterator[Path]:
    """A new folder that nobody else may look into; it is gone afterwards."""
    with _temporary_file(parent) as (in_use, _):
        folder = in_use.with_name(in_use.name + _FOLDER)
        folder.mkdir(0o700)
        try:
            yield folder
        finally:
            _remove_folder(folder)


def _remove_leftovers(folder: Path) -> None:
    """Remove what killed runs have left in a folder."""
    with os.scandir(folder) as entries:
        paths = [Path(entry) for entry in entries if _TEMPORARY.match(entry.name)]
    for path in paths:
        if not path.name.endswith(_FOLDER):
            with contextlib.suppress(OSError):  # in use, or another run was faster
                _remove_unused(path)
    for path in paths:
        if path.name.endswith(_FOLDER) and not path.with_suffix("").exists():
            _remove_folder(path)


def _remove_unused(path: Path) -> None:
    if os.name == "nt":  # where no open file can be removed
        path.unlink()
        return
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        _lock(descriptor, wait=False)
        path.unlink()
    finally:
        os.close(descriptor)


def _remove_folder(folder: Path) -> None:
    """Remove a temporary folder; what was to be replaced goes back to its place if nothing stands there now."""
    for old in folder.glob(f"{_OLD}/*"):
        if not (place := folder.parent / old.name).exists():
            old.rename(place)
    shutil.rmtree(folder, ignore_errors=True)


def _lock(descriptor: int, wait: bool) -> None:
    """Lock an open file until it is closed. Raises OSError if another has done so, or if this disk knows no locks."""
    if sys.platform != "win32":
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))


def _sync(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Make the new name itself durable; Windows has no such call and some network drives refuse it."""
    if os.name != "posix":
        return
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
