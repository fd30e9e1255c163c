"""Work in processes: the order of what comes back, and what is lost when a process is."""

from __future__ import annotations

import multiprocessing
import os
from pathlib import Path

import pytest

from tests.api.pool_tasks import work
from xltool.api import pool
from xltool.api.pool import Lost


def results(*orders: str, seconds: float = 60) -> list[str | Lost]:
    return list(pool.run(work, orders, 2, seconds))


def test_results_come_in_the_order_of_the_items() -> None:
    assert results("0.3 first", "0 second", "0.1 third", "0 fourth") == ["first", "second", "third", "fourth"]


@pytest.mark.parametrize("end", ["exit", "kill", "raise", "leave"])
def test_a_process_that_ends_costs_what_it_worked_on(end: str) -> None:
    assert results("0 a", f"{end} b", "0 c", "0 d", f"{end} e", "0 f") == [
        *("a", Lost.CRASHED, "c", "d"),
        *(Lost.CRASHED, "f"),
    ]


def test_a_process_that_hangs_is_given_up() -> None:
    assert results("hang a", "0 b", "0 c", seconds=1) == [Lost.TIMED_OUT, "b", "c"]
    assert not multiprocessing.active_children()


def test_all_may_be_lost() -> None:
    assert results(*["exit x"] * 5) == [Lost.CRASHED] * 5


def test_a_large_result() -> None:
    assert results("large x", "large y") == ["x" * 1_000_000, "y" * 1_000_000]


def test_nothing_printed_there_reaches_our_output(capfd: pytest.CaptureFixture[str]) -> None:
    results("print hello", "raise b")
    assert capfd.readouterr() == ("", "")


def test_a_process_that_ends_with_nothing_to_do_costs_nothing() -> None:
    running = pool.run(work, ["process x", "0 a", "0 b"], 1, 60)
    assert next(running)
    (idle,) = multiprocessing.active_children()
    idle.kill()
    idle.join()
    assert list(running) == ["a", "b"]


def test_stopping_early_ends_the_processes() -> None:
    running = pool.run(work, ["process x", *["hang x"] * 3], 2, 60)
    first = next(running)
    assert isinstance(first, str)
    running.close()
    assert not multiprocessing.active_children()
    with pytest.raises(ProcessLookupError):
        os.kill(int(first), 0)


def test_results_do_not_pile_up_while_one_is_awaited(tmp_path: Path) -> None:
    orders = ["1 x", *(f"touch {tmp_path / str(number)}" for number in range(500))]
    running = pool.run(work, orders, 2, 60)
    next(running)
    assert 2 <= len(list(tmp_path.iterdir())) < 100
    running.close()
