"""A process that does one batch of a cluster's work: `python -m xltool.api.processes.child`, started by a worker.

The batch comes on standard input; each result is written to standard output as soon as it is there, so that whatever
ends this process costs no result but that of the item it was working on.
"""

from __future__ import annotations

import contextlib
import faulthandler
import os
import pickle
import sys
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from xltool.api.processes import memory
from xltool.api.processes.pool import done


class Batch(NamedTuple):
    """What a child is to do: `task` of every item, each in so many seconds and bytes of memory.

    Paths are meant as in `folder`, if this machine has it.
    """

    task: Callable[[Any], Any]
    items: Sequence[Any]
    folder: str
    seconds: float
    size: int


def main() -> None:
    """Do the batch, then end; a time limit that is over ends this process whatever it is doing."""
    with os.fdopen(os.dup(1), "wb") as results:
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in (1, 2):
            os.dup2(nowhere, stream)
        batch: Batch = pickle.load(sys.stdin.buffer)
        with contextlib.suppress(OSError):
            os.chdir(batch.folder)
        memory.limit(batch.size)
        for item in batch.items:
            faulthandler.dump_traceback_later(batch.seconds, exit=True)
            result = pickle.dumps(done(batch.task, item), pickle.HIGHEST_PROTOCOL)
            pickle.dump(result, results)
            results.flush()


if __name__ == "__main__":
    main()
