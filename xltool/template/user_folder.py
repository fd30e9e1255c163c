"""Where a user's own data are kept from one version of xltool to the next."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def user_folder() -> Path:
    """The folder of xltool's data of this user; it need not exist.

    %APPDATA% on Windows; elsewhere $XDG_DATA_HOME (XDG Base Directory Specification: a relative path does not count),
    or, where that is not set, ~/Library/Application Support on macOS and ~/.local/share on other systems.
    """
    home = Path.home()
    if os.name == "nt":
        return Path(os.environ.get("APPDATA") or home / "AppData" / "Roaming") / "xltool"
    chosen = Path(os.environ.get("XDG_DATA_HOME", ""))
    if chosen.is_absolute():
        return chosen / "xltool"
    usual = "Library/Application Support" if sys.platform == "darwin" else ".local/share"
    return home / usual / "xltool"
