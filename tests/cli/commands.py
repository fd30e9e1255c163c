"""Runs `xltool` with click's own runner: arguments in, exit code and both streams out."""

from __future__ import annotations

from collections.abc import Sequence

from click.testing import CliRunner, Result

from xltool.cli.group import xltool


def run(arguments: Sequence[str]) -> Result:
    """What a command did."""
    return CliRunner().invoke(xltool, arguments)
