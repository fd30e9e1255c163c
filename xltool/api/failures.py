"""What went wrong, in one sentence that says what to do; our own mistakes are written down in a log."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, TypeVar

from xltool import __version__
from xltool.errors import XltoolError, reason
from xltool.template.user_folder import user_folder

Result = TypeVar("Result")

_LOG_BYTES = 1_000_000
"""A log that has grown so large is put aside for a new one; the one put aside before is lost."""

_TRACE = 50_000
"""So many letters of a traceback are written down: it may quote what is in a hostile file."""


_NO_CHINESE_NAMES = "系统的语言环境不支持中文文件名：请设置环境变量 PYTHONUTF8=1 后再试。"

_OUT_OF_MEMORY = "内存不足，这个文件没有做完：请关闭其他程序后单独再试一次，或把文件里多余的内容删去。"


class Failure(NamedTuple):
    """Why something could not be done."""

    sentence: str


def attempt(work: Callable[[], Result], file: str = "") -> Result | Failure:
    """What `work` returns, or why it could not be done, in a sentence that names `file`.

    The last resort: what nobody expected ends here too, so that it costs one file and not the others of its batch.
    Only a reader of our output who has gone away (BrokenPipeError) is a matter of the whole run.
    """
    try:
        return work()
    except BrokenPipeError:
        raise
    except XltoolError as error:
        return Failure(naming(file, str(error)))
    except OSError as error:
        return Failure(naming(file, sentence(error)))
    except UnicodeEncodeError as error:
        cannot_name = error.encoding == sys.getfilesystemencoding() != "utf-8"
        return Failure(naming(file, _NO_CHINESE_NAMES if cannot_name else _written_down(error)))
    except MemoryError:
        return Failure(naming(file, _OUT_OF_MEMORY))
    except Exception as error:
        return Failure(naming(file, _written_down(error)))


def naming(file: str, sentence: str) -> str:
    """The sentence, with the file in front if it does not name it itself."""
    return sentence if file in sentence else f"{file}：{sentence}"


def log_file() -> Path:
    """Where our own mistakes are written down."""
    return user_folder() / "xltool.log"


def sentence(error: OSError) -> str:
    """What the system would not do, and with which file."""
    name = f"“{error.filename}”" if error.filename else "文件"
    return f"无法读写{name}：{reason(error)}。"


def _written_down(error: Exception) -> str:
    import platform
    import traceback
    from datetime import datetime

    trace = "".join(traceback.format_exception(error))[-_TRACE:]
    versions = f"xltool {__version__}, Python {platform.python_version()}, {platform.platform()}"
    log = log_file()
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        if log.exists() and log.stat().st_size > _LOG_BYTES:
            log.replace(log.with_suffix(".old.log"))
        with log.open("a", encoding="utf-8", errors="backslashreplace") as file:
            file.write(f"{datetime.now():%Y-%m-%d %H:%M:%S}, {versions}\n{trace}\n")
    except OSError:
        return f"程序出错（{type(error).__name__}），也没能记入“{log}”：请把用的命令和文件告诉维护 xltool 的人。"
    return f"程序出错，已记入“{log}”：请把这个文件发给维护 xltool 的人。"
