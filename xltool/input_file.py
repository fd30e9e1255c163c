"""Reads a file that the user names: a regular one of bounded size, whole, once."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from xltool.errors import FileRefused, reason

_MOST_BYTES = 256 << 20
"""Budget workbooks with pictures take some 50 MiB."""

_MOST_IN_A_LIST = 128 << 20
"""A million lines of facts; taken apart, a list takes ten times as much memory."""


def content_of(path: Path) -> bytes:
    """The bytes of a file. Raises FileRefused if it is missing, a folder, a device or a pipe, locked, or too large."""
    return _content(path, _MOST_BYTES, "请删除不需要的工作表和图片，另存后再试")


def list_content_of(path: Path) -> bytes:
    """The bytes of a list (CSV or text). Raises FileRefused as `content_of` does."""
    return _content(path, _MOST_IN_A_LIST, "请分成几个文件")


def _content(path: Path, most: int, otherwise: str) -> bytes:
    if path.is_dir():
        raise FileRefused(f"“{path}”是文件夹：请指定其中的一个文件。")
    try:
        with os.fdopen(_opened(path), "rb") as file:
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode):
                raise FileRefused(f"“{path}”不是普通文件，而是设备或管道：请指定磁盘上的一个文件。")
            content = file.read(most + 1) if found.st_size <= most else b""
    except FileNotFoundError as error:
        raise FileRefused(f"找不到文件“{path}”：请检查文件名和路径。") from error
    except PermissionError as error:
        raise FileRefused(f"无法读取“{path}”：请先关闭正在使用它的程序，并确认有读取权限。") from error
    except OSError as error:
        raise FileRefused(f"无法读取“{path}”（{reason(error)}）：请检查文件名和路径。") from error
    except ValueError as error:  # a zero byte in the path
        raise FileRefused(f"无法读取“{path}”：请检查文件名和路径。") from error
    if max(found.st_size, len(content)) > most:
        raise FileRefused(f"“{path.name}”过大，超过 {most >> 20} MB：{otherwise}。")
    return content


def _opened(path: Path) -> int:
    """A descriptor of the file; opening a pipe that nobody writes to does not wait."""
    return os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0))
