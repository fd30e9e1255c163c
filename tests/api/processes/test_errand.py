"""A piece of work in a process of its own: it tells its steps, can be stopped, and takes what it started with it."""

from __future__ import annotations

import os
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from xltool.api.processes import pool
from xltool.api.processes.errand import Errand
from xltool.api.processes.pool import Lost

PATIENCE = 30


def counting(order: int, tell: Callable[[int], None]) -> str:
    for number in range(order):
        tell(number)
    return "done"


def dying(order: int, tell: Callable[[int], None]) -> str:
    tell(order)
    os._exit(3)


def eating(order: int, tell: Callable[[int], None]) -> str:
    return "x" * (1 << 50)


def hanging(order: int, tell: Callable[[int], None]) -> str:
    """In a process of the pool, which nothing but a kill ends."""
    tell(0)
    for pid in pool.run(say_and_hang, [order]):
        assert isinstance(pid, int)
    return "done"


def say_and_hang(folder: int) -> int:
    Path(tempfile.gettempdir(), f"{folder}-{os.getpid()}").touch()
    threading.Event().wait()
    return 0


def test_steps_are_told_and_the_result_comes_last(tmp_path: Path) -> None:
    steps: list[int] = []
    assert Errand(counting, 3, tmp_path).follow(steps.append) == "done"
    assert steps == [0, 1, 2]


def test_a_process_that_dies_is_lost_and_its_steps_are_not(tmp_path: Path) -> None:
    steps: list[int] = []
    assert Errand(dying, 7, tmp_path).follow(steps.append) is Lost.CRASHED
    assert steps == [7]


def test_too_much_memory_is_told(tmp_path: Path) -> None:
    assert Errand(eating, 0, tmp_path).follow(print) is Lost.OUT_OF_MEMORY


def test_stopping_ends_the_processes_that_it_uses(tmp_path: Path) -> None:
    errand: Errand[int, str] = Errand(hanging, 5, tmp_path)
    results: list[object] = []
    follower = threading.Thread(target=lambda: results.append(errand.follow(print)))
    follower.start()
    until = time.monotonic() + PATIENCE
    while not (said := [*tmp_path.glob("5-*")]):
        assert time.monotonic() < until
        time.sleep(0.05)
    errand.stop()
    follower.join(PATIENCE)
    assert results == [Lost.CRASHED]
    pid = int(said[0].name.partition("-")[2])
    while Path(f"/proc/{pid}").exists() and "Z" not in Path(f"/proc/{pid}/stat").read_text().split()[2]:
        assert time.monotonic() < until
        time.sleep(0.05)
