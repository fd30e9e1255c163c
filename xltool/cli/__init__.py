"""The command line: parses, calls one function of the api, prints, and returns the exit code."""

from __future__ import annotations

import atexit
import gc
import os
import sys
from collections.abc import Sequence

from xltool.cli import chinese, output
from xltool.cli.group import COMPLETION, xltool

_ALLOCATIONS = 200_000
"""A command builds up many small objects and is over: looking for garbage as often as usual costs it an eighth more."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `xltool` with these arguments (those of the process by default); returns the exit code.

    0 done, 1 something was found, 2 it could not be done (one sentence on standard error says why), 130 interrupted.
    """
    output.speak_utf8()
    gc.set_threshold(_ALLOCATIONS)
    atexit.register(gc.freeze)  # all memory goes back at once: nobody has to look for garbage in it then
    try:
        if COMPLETION in os.environ:
            return _complete(os.environ[COMPLETION])
        return xltool.run([*(sys.argv[1:] if arguments is None else arguments)])
    except BrokenPipeError:
        output.silence()
        return 2
    except OSError as error:  # our own output, outside of any command: a help page on a full disk
        from xltool.api.failures import sentence

        output.silence()
        output.complain(sentence(error))
        return 2
    except KeyboardInterrupt:
        output.complain("已中断。")
        return 130


def _complete(instruction: str) -> int:
    """What a shell asks for that was set up by `xltool completion`."""
    from click.shell_completion import shell_complete

    chinese.speak()
    return shell_complete(xltool, {}, "xltool", COMPLETION, instruction)
