"""One piece of work in a process of its own, which may use a pool: it tells how far it is, and can be stopped."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import tempfile
import threading
from collections.abc import Callable
from multiprocessing import util
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Generic, TypeVar

from xltool.api.processes import pool
from xltool.api.processes.pool import Lost

Order = TypeVar("Order")
Step = TypeVar("Step")
Result = TypeVar("Result")

_PATIENCE = 3.0
"""Seconds for a process to end its own processes; it is ended itself then, whatever it is doing."""


class Errand(Generic[Step, Result]):
    """A process that does `task` with an order and a function to which it tells its steps.

    `task` is a function of a module; the order, the steps and the result can be pickled. Its temporary files are in
    `scratch`, a folder that whoever made it removes.
    """

    def __init__(self, task: Callable[[Order, Callable[[Step], None]], Result], order: Order, scratch: Path) -> None:
        context = multiprocessing.get_context("spawn")
        util.get_temp_dir()  # which it inherits, and which goes with us: for sockets, whose paths must be short
        self._coming, theirs = context.Pipe(duplex=False)
        their_life, self._life = context.Pipe(duplex=False)
        self._process = context.Process(target=_run, args=(task, order, scratch, theirs, their_life))
        with pool.without_main():
            self._process.start()
        theirs.close()
        their_life.close()

    def follow(self, tell: Callable[[Step], object]) -> Result | Lost:
        """What the task gives; each of its steps is told as it comes. CRASHED if the process ended before, or was
        stopped by another thread."""
        try:
            while True:
                is_last, value = self._coming.recv()
                if is_last:
                    self._process.join(_PATIENCE)
                    result: Result | Lost = value
                    return result
                tell(value)
        except (EOFError, OSError):
            return Lost.CRASHED
        finally:
            self.stop()

    def stop(self) -> None:
        """End the process and those it uses, from any thread, at any time, more than once."""
        with contextlib.suppress(OSError):
            self._life.send_bytes(b"stop")
        self._process.join(_PATIENCE)
        self._process.kill()
        self._process.join()


def _run(
    task: Callable[[Order, Callable[[Step], None]], Result],
    order: Order,
    scratch: Path,
    pipe: Connection,
    life: Connection,
) -> None:
    """The life of the process."""
    pool.settle(pool.usual_limits(1).size)
    tempfile.tempdir = str(scratch)
    os.environ.update(dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(scratch)))  # of the processes that it starts
    threading.Thread(target=_end_with, args=(life,), daemon=True).start()

    def tell(step: Step) -> None:
        pipe.send((False, step))

    with contextlib.suppress(OSError):  # nobody wants to know any more
        pipe.send((True, pool.done(lambda one: task(one, tell), order)))


def _end_with(life: Connection) -> None:
    """End this process and those it has started as soon as the one that started it says so, or is gone itself."""
    with contextlib.suppress(EOFError, OSError):
        life.recv_bytes()
    for child in multiprocessing.active_children():
        child.kill()
    os._exit(1)
