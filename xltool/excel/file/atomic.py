"""Replaces a file in one step: after a crash there is the old file or the new one, never half of either."""

import contextlib
import os
import stat
import tempfile
from pathlib import Path

from xltool.errors import FileRefused

_OTHERWISE = "或用 -o 另存到其他位置"


def write_file(target: Path, content: bytes, otherwise: str = _OTHERWISE) -> None:
    """Write `content` to `target`; a file that is replaced keeps its permissions, a new one gets the usual ones here.

    Raises FileRefused, which ends in what to do `otherwise`, if the disk or the folder does not let us.
    """
    with tempfile.TemporaryDirectory() as folder:
        new = Path(folder) / "new"
        new.touch()
        replace_file(target, content, target if target.exists() else new, otherwise)


def replace_file(target: Path, content: bytes, like: Path, otherwise: str = _OTHERWISE) -> None:
    """Write `content` to `target`, with the permissions of `like` (and always writable by its owner).

    Raises FileRefused if the disk or the folder does not let us; `target` is then as it was.
    """
    target = Path(os.path.realpath(target))  # a link stays a link: what it points to is replaced
    temporary = target.with_name(f"~xltool-{os.getpid()}-{os.urandom(4).hex()}.tmp")
    try:
        _write_synced(temporary, content)
        temporary.chmod(stat.S_IMODE(like.stat().st_mode) | stat.S_IWUSR)
        temporary.replace(target)
    except PermissionError as error:
        raise FileRefused(f"无法写入“{target}”：请先关闭正在使用它的程序，{otherwise}。") from error
    except OSError as error:
        raise FileRefused(f"写入“{target}”失败（{error.strerror or error}）：请检查磁盘空间，{otherwise}。") from error
    finally:
        temporary.unlink(missing_ok=True)
    _sync_folder(target.parent)


def _write_synced(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        file.write(content)
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
