"""Makes xltool.xlam whenever xltool is built or installed, from a checkout or from the source archive."""

from __future__ import annotations

import sys
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class AddInHook(BuildHookInterface[Any]):
    """Hatchling calls `initialize` before it collects the files of the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the file beside the modules of xltool.addin."""
        sys.path.insert(0, self.root)
        from addin.build import write

        write()
