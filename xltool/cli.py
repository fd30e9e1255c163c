"""The command line: parses, runs one command, and says in one sentence what went wrong."""

from __future__ import annotations

import gc
import io
import os
import sys

from xltool.arguments import parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_ALLOCATIONS = 200_000
"""A command builds up many small objects and is over: looking for garbage as often as usual costs it an eighth more."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `xltool` with these arguments (those of the process by default); returns the exit code."""
    _speak_utf8()
    try:
        parsed = parse(sys.argv[1:] if arguments is None else arguments)
    except SystemExit as stopped:
        return int(stopped.code or 0)
    from xltool.commands import run

    gc.set_threshold(_ALLOCATIONS)
    try:
        return run(parsed)
    except BrokenPipeError:
        _silence()
        return 2
    except KeyboardInterrupt:
        sys.stderr.write("已中断。\n")
        return 130


def _speak_utf8() -> None:
    """Chinese comes out on every console and in every pipe; what cannot be shown becomes "?"."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")


def _silence() -> None:
    """Whoever read our output has gone: let the interpreter flush the rest into nothing."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
