"""Names of files as a browser sends them: shown as they are, never used as paths before they are made harmless."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

_UNFIT = re.compile('[\x00-\x1f\x7f-\x9f<>:"|?*\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]')
_DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|\Z)", re.IGNORECASE)
_MARKED = "（已标注）"
_BYTES = 150
"""Of a name: file systems have 255, and something may be put before or behind it."""


def file_name(sent: str) -> str:
    """A name that every system takes for a file in the folder it is put into; it ends as the one sent does."""
    last = re.split(r"[\\/]", sent)[-1]
    stem, dot, ending = _UNFIT.sub("_", last).rstrip(" .").rpartition(".")
    if not dot or len(ending.encode()) > _BYTES // 4:
        stem, ending = f"{stem}{dot}{ending}", ""
    room = _BYTES - len(ending.encode())
    stem = stem.encode()[:room].decode(errors="ignore").strip(" .") or "文件"
    name = f"{stem}.{ending}" if ending else stem
    return f"_{name}" if _DEVICES.match(name) or name.startswith("~$") else name


def marked_name(name: str) -> str:
    """What the marked copy of a workbook is called; a marked copy that was sent back keeps its name."""
    path = Path(unmarked_name(name))
    return f"{path.stem}{_MARKED}{path.suffix}"


def unmarked_name(name: str) -> str:
    """What a workbook is called that has no marks."""
    path = Path(name)
    return f"{path.stem.removesuffix(_MARKED) or path.stem}{path.suffix}"


def attachment(name: str) -> str:
    """The header that gives a download its name, whatever letters it has (RFC 6266, RFC 5987)."""
    return f"attachment; filename*=UTF-8''{quote(name, safe='')}"
