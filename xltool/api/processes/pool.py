"""Work on many things in processes: one that crashes, hangs or eats memory costs what it works on, nothing else.

The pools of the standard library lose all that wait when one of their processes dies. Here every process has a pipe of
its own and one thing at a time; a process that is lost is replaced.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from enum import Enum
from multiprocessing.connection import Connection, wait
from types import ModuleType
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from xltool.api.processes import memory

if TYPE_CHECKING:
    from multiprocessing.context import ForkServerContext, SpawnContext

    Context = ForkServerContext | SpawnContext

Item = TypeVar("Item")
Result = TypeVar("Result")

_AHEAD = 16
"""So many results a process may lie ready while one before them is still worked on: memory is bounded."""


SECONDS = 600.0
"""After so long a thing is given up. The largest workbook that is read, of five million cells, takes some 70 seconds,
by what one of 45,000 takes; a slow or busy machine may need several times as long."""

_LONG = 86_400.0
"""What this process waits for anyway is not given up for a day."""

_THINGS_A_PROCESS = 4
"""Starting a process takes as long as so many small files."""

_MOST_PROCESSES = 32
"""So many keep the one that collects the results busy."""


class Lost(Enum):
    """Why there is no result, in a sentence that says what to do."""

    CRASHED = "处理它的进程意外中止（可能是内存不足），这个文件没有做完：请关闭其他程序后单独再试一次。"
    OUT_OF_MEMORY = "处理它的进程用的内存太多，已停下：请关闭其他程序后单独再试一次，或把文件里多余的内容删去。"
    TIMED_OUT = f"{SECONDS / 60:.0f} 分钟还没有做完，已停下：请单独再试一次，或把文件发给维护 xltool 的人。"


class Limits(NamedTuple):
    """What one thing may take: seconds, and bytes of memory on top of what a process has before its first."""

    seconds: float
    size: int


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def crew_size(things: int) -> int:
    """How many processes so many things are worth."""
    return max(1, min(processors(), things // _THINGS_A_PROCESS, _MOST_PROCESSES))


def usual_limits(processes: int) -> Limits:
    """Those of each of so many processes: together with this one they share the memory of the machine."""
    return Limits(SECONDS, memory.machine() // (processes + 1))


def run(
    task: Callable[[Item], Result],
    items: Sequence[Item],
    preload: Sequence[str] = (),
    *,
    processes: int | None = None,
    limits: Limits | None = None,
) -> Generator[Result | Lost]:
    """`task` of every item, in the order of the items, each as soon as it and those before it are there.

    `task` is a function of a module and returns something that can be pickled: bytes, where this process is to pass
    on what came back without looking into it. It must not write to the standard streams: there they lead nowhere. The
    modules `preload` are imported once for all processes where the system can do so. Closing the iterator ends all
    processes. If not said otherwise there are `crew_size` processes with `usual_limits`.
    """
    processes = processes or crew_size(len(items))
    limits = limits or usual_limits(processes)
    context = _context(preload)
    crew: list[_Worker[Item, Result]] = []
    ready: dict[int, Result | Lost] = {}
    told = handed_out = 0
    try:
        while told < len(items):
            while handed_out < min(len(items), told + _AHEAD * processes):
                _dismiss_dead(crew)
                idle = next((worker for worker in crew if worker.index is None), None)
                if idle is None and len(crew) < processes:
                    idle = _Worker(context, task, limits)
                    crew.append(idle)
                if idle is None:
                    break
                idle.hand(handed_out, items[handed_out])
                handed_out += 1
            for worker in _finished(crew):
                index = worker.index
                assert index is not None
                ready[index] = worker.result()
                if worker.is_lost:
                    crew.remove(worker)
            while told in ready:
                yield ready.pop(told)
                told += 1
    finally:
        for worker in crew:
            worker.end()


@contextlib.contextmanager
def beside(task: Callable[[Item], Result], item: Item) -> Iterator[Callable[[], Result | Lost]]:
    """`task` of one item in another process while this one goes on; what is yielded waits for its result.

    It may take as long as it needs. It is stopped when the context ends.
    """
    limits = usual_limits(1)._replace(seconds=_LONG)
    worker = _Worker(_context(()), task, limits)
    worker.hand(0, item)

    def result() -> Result | Lost:
        _finished([worker])
        return worker.result()

    try:
        yield result
    finally:
        if not worker.is_lost:
            worker.end()


def settle(size: int) -> None:
    """In a new process: let only its master end it, lead its standard streams nowhere, limit its memory."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C goes to every process of a terminal
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    memory.limit(size)


def done(task: Callable[[Item], Result], item: Item) -> Result | Lost:
    """In a process with a limit of memory: what the task gives."""
    try:
        return task(item)
    except MemoryError:
        return Lost.OUT_OF_MEMORY


class _Worker(Generic[Item, Result]):
    """One process, and which item it works on."""

    def __init__(self, context: Context, task: Callable[[Item], Result], limits: Limits) -> None:
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_work, args=(task, theirs, limits.size), daemon=True)
        with without_main():
            self.process.start()
        theirs.close()
        self.seconds = limits.seconds
        self.index: int | None = None
        self.deadline = 0.0
        self.is_lost = False

    def hand(self, index: int, item: Item) -> None:
        """Let it work on an item; one that is dead already is found out by `result`."""
        self.index, self.deadline = index, time.monotonic() + self.seconds
        with contextlib.suppress(OSError):
            self.pipe.send(item)

    def result(self) -> Result | Lost:
        """What came of the item, of a worker that `_finished` gave; it is then idle, or lost."""
        self.index = None
        try:
            if self.pipe.poll():
                result: Result | Lost = self.pipe.recv()
                self.is_lost = result is Lost.OUT_OF_MEMORY
                if self.is_lost:
                    self.end()
                return result
        except (EOFError, OSError):
            pass
        self.is_lost = True
        crashed = not self.process.is_alive() or time.monotonic() < self.deadline
        self.end()
        return Lost.CRASHED if crashed else Lost.TIMED_OUT

    def end(self) -> None:
        """Stop the process, whatever it is doing."""
        self.process.kill()
        self.process.join()
        self.process.close()
        self.pipe.close()


@contextlib.contextmanager
def without_main() -> Iterator[None]:
    """A new process imports the script that runs here: it would run it again, and needs nothing of it."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _dismiss_dead(crew: list[_Worker[Item, Result]]) -> None:
    """Those that ended with nothing to do are to cost nothing."""
    for worker in [worker for worker in crew if worker.index is None and not worker.process.is_alive()]:
        worker.end()
        crew.remove(worker)


def _finished(crew: Sequence[_Worker[Item, Result]]) -> list[_Worker[Item, Result]]:
    """Those that have a result, are dead or have had their time; waits until there is one."""
    busy = [worker for worker in crew if worker.index is not None]
    left = max(0.0, min(worker.deadline for worker in busy) - time.monotonic())
    signs = wait([sign for worker in busy for sign in (worker.pipe, worker.process.sentinel)], left)
    now = time.monotonic()
    return [w for w in busy if w.pipe in signs or w.process.sentinel in signs or now >= w.deadline]


def _context(preload: Sequence[str]) -> Context:
    """A server that forks is quick and, unlike a fork of this process, safe beside threads; Windows has neither."""
    if "forkserver" in multiprocessing.get_all_start_methods():
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([*preload])
        return context
    return multiprocessing.get_context("spawn")


def _work(task: Callable[[Item], Result], pipe: Connection, size: int) -> None:
    """The life of a process: until the pipe ends, because it is no longer needed or its master is gone."""
    settle(size)
    with contextlib.suppress(EOFError, OSError):
        while True:
            pipe.send(done(task, pipe.recv()))
