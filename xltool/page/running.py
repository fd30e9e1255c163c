"""The page that is running already, if there is one: noted with its token in a file that only its user can read."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from xltool.errors import XltoolError
from xltool.page.private import hold

_NOTE, _LOCK = "page.json", "page.lock"


class PageRefused(XltoolError):
    """The page cannot be opened; the message says what to do."""


class Running(NamedTuple):
    """Where a page is, "http://127.0.0.1:PORT", and the token that its cookies hold."""

    address: str
    token: str


@contextlib.contextmanager
def the_only_one(folder: Path) -> Iterator[bool]:
    """Whether no other process of this user runs the page; none can while the context lasts. Nothing is noted then."""
    descriptor = hold(folder / _LOCK)
    if descriptor is None:
        yield False
        return
    try:
        forget(folder)  # one that was killed
        yield True
    finally:
        forget(folder)
        os.close(descriptor)


def note(folder: Path, running: Running) -> None:
    """Write down which page is running, in one step."""
    new = folder / f"{_NOTE}.new"
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        json.dump(running._asdict(), file)
    new.replace(folder / _NOTE)


def forget(folder: Path) -> None:
    """Note no page any more: nobody is to be led to one that is ending."""
    (folder / _NOTE).unlink(missing_ok=True)


def noted(folder: Path) -> Running | None:
    """Which page is running; None if none is, or one is just beginning or ending."""
    with contextlib.suppress(OSError):
        return Running(**json.loads((folder / _NOTE).read_text("ascii")))
    return None
