"""The page that is running already, if there is one: noted with its token in a file that only its user can read."""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from xltool.errors import XltoolError
from xltool.page.private import hold

_NOTE, _LOCK = "page.json", "page.lock"
_PATIENCE = 15.0
"""Seconds that a start that came just before may need on a slow machine."""


class PageRefused(XltoolError):
    """The page cannot be opened; the message says what to do."""


class Running(NamedTuple):
    """Where a page is, "http://127.0.0.1:PORT", and the token that its cookies hold."""

    address: str
    token: str


@contextlib.contextmanager
def the_only_one(folder: Path) -> Iterator[bool]:
    """Whether no other process of this user runs the page; none can while the context lasts. `note` is gone then."""
    descriptor = hold(folder / _LOCK)
    if descriptor is None:
        yield False
        return
    try:
        (folder / _NOTE).unlink(missing_ok=True)  # of one that was killed
        yield True
    finally:
        (folder / _NOTE).unlink(missing_ok=True)
        os.close(descriptor)


def note(folder: Path, running: Running) -> None:
    """Write down which page is running, in one step."""
    new = folder / f"{_NOTE}.new"
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        json.dump(running._asdict(), file)
    new.replace(folder / _NOTE)


def noted(folder: Path) -> Running:
    """Which page is running, where one is; it may just be starting. Raises PageRefused if it does not get ready."""
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        with contextlib.suppress(OSError):
            return Running(**json.loads((folder / _NOTE).read_text("ascii")))
        time.sleep(0.1)
    raise PageRefused("页面正在打开或正在关闭：请过一会儿再试。")
