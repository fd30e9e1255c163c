"""The one thing that the launcher reads: which program it starts, in a form that Windows reads for it."""

from __future__ import annotations

from pathlib import Path

from xltool.errors import FileRefused
from xltool.input_file import content_of

_ENCODING = "utf-16-le"
_MARK = "\ufeff"
"""Windows' GetPrivateProfileStringW reads a file that begins so as UTF-16, another as the ANSI code page."""
_HEAD, _KEY = "[xltool]", "program"


def settings_for(program: Path) -> bytes:
    """The content of xltool.ini."""
    return f"{_MARK}{_HEAD}\r\n{_KEY}={program}\r\n".encode(_ENCODING)


def program_in(path: Path) -> Path | None:
    """The program that a settings file names; None if there is no such file, or it names none."""
    try:
        lines = content_of(path).decode(_ENCODING, errors="replace").lstrip(_MARK).splitlines()
    except FileRefused:
        return None
    values = [value for name, _, value in (line.partition("=") for line in lines) if name.strip() == _KEY]
    return Path(values[0]) if values else None
