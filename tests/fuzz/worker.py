"""The process in which damaged inputs are tried, one after the other: a crash of it can only be of the case at hand.

It reads cases from its standard input, a line of JSON each, and answers with a line of complaints.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.fuzz.cases import Case

_SECONDS = 10
"""Of work for one case, in which a command or two run; the clock also counts what else the machine does."""

_MEMORY = 3 * 2**30
"""Bytes of address space; a check needs a third of it, most of it the solver's."""


def work() -> None:
    """Answer until the input ends."""
    _limit_memory()
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # nothing else is to get among the answers
    with TemporaryDirectory() as data:
        os.environ["XDG_DATA_HOME"] = os.environ["APPDATA"] = data
        from tests.fuzz.oracle import complaints

        for line in sys.stdin:
            start, command, steps = json.loads(line)
            case = Case(start, command, tuple((kind, seed) for kind, seed in steps))
            began = time.process_time()
            with TemporaryDirectory() as folder:
                found = complaints(case, Path(folder))
            if (seconds := time.process_time() - began) > _SECONDS:
                found.append(f"slow: {seconds:.0f} seconds of work")
            answers.write(json.dumps(found) + "\n")
            answers.flush()


def _limit_memory() -> None:
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))


if __name__ == "__main__":
    work()
