"""Paths as callers have them, and as we use them."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:  # spelt out, because importing pathlib takes a tenth of what `xltool -h` may take
    from pathlib import Path

AnyPath = str | os.PathLike[str]


def path(given: AnyPath) -> Path:
    """The path that the caller means."""
    from pathlib import Path

    return Path(given)


def path_or_none(given: AnyPath | None) -> Path | None:
    """The same of what may be left out."""
    return None if given is None else path(given)


def is_same(one: Path, other: Path) -> bool:
    """Whether both are names of one file that is there."""
    return one.exists() and other.exists() and one.samefile(other)
