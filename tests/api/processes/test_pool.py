"""Work in processes: the order of what comes back, and what is lost when a process is."""

from __future__ import annotations

import multiprocessing
import os
from pathlib import Path

import pytest

from tests.api.processes.pool_tasks import work
from xltool.api.processes import pool
from xltool.api.processes.pool import Limits, Lost

LIMITS = Limits(seconds=60, size=1 << 30)


def results(*orders: str, limits: Limits = LIMITS) -> list[str | Lost]:
    return list(pool.run(work, orders, processes=2, limits=limits))


def test_results_come_in_the_order_of_the_items() -> None:
    assert results("0.3 first", "0 second", "0.1 third", "0 fourth") == ["first", "second", "third", "fourth"]


@pytest.mark.parametrize("end", ["exit", "kill", "raise", "leave"])
def test_a_process_that_ends_costs_what_it_worked_on(end: str) -> None:
    assert results("0 a", f"{end} b", "0 c", "0 d", f"{end} e", "0 f") == [
        *("a", Lost.CRASHED, "c", "d"),
        *(Lost.CRASHED, "f"),
    ]


def test_a_process_that_hangs_is_given_up() -> None:
    assert results("hang a", "0 b", "0 c", limits=Limits(1, 1 << 30)) == [Lost.TIMED_OUT, "b", "c"]
    assert not multiprocessing.active_children()


@pytest.mark.parametrize("way", ["swallow", "devour"])
def test_a_process_that_eats_memory_is_given_up(way: str) -> None:
    little = Limits(seconds=60, size=200 << 20)
    assert results(f"{way} a", "0 b", f"{way} c", "large d", limits=little) == [
        *(Lost.OUT_OF_MEMORY, "b"),
        *(Lost.OUT_OF_MEMORY, "d" * 1_000_000),
    ]


def test_so_many_processes_as_files_are_worth(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "processors", lambda: 4)
    assert [pool.crew_size(files) for files in (1, 8, 15, 16, 1000)] == [1, 2, 3, 4, 4]
    monkeypatch.setattr(pool, "processors", lambda: 1)
    assert pool.crew_size(1000) == 1


def test_all_may_be_lost() -> None:
    assert results(*["exit x"] * 5) == [Lost.CRASHED] * 5


def test_a_large_result() -> None:
    assert results("large x", "large y") == ["x" * 1_000_000, "y" * 1_000_000]


def test_nothing_printed_there_reaches_our_output(capfd: pytest.CaptureFixture[str]) -> None:
    results("print hello", "raise b")
    assert capfd.readouterr() == ("", "")


def test_a_process_that_ends_with_nothing_to_do_costs_nothing() -> None:
    running = pool.run(work, ["process x", "0 a", "0 b"], processes=1, limits=LIMITS)
    assert next(running)
    (idle,) = multiprocessing.active_children()
    idle.kill()
    idle.join()
    assert list(running) == ["a", "b"]


def test_stopping_early_ends_the_processes() -> None:
    running = pool.run(work, ["process x", *["hang x"] * 3], processes=2, limits=LIMITS)
    first = next(running)
    assert isinstance(first, str)
    running.close()
    assert not multiprocessing.active_children()
    with pytest.raises(ProcessLookupError):
        os.kill(int(first), 0)


def test_results_do_not_pile_up_while_one_is_awaited(tmp_path: Path) -> None:
    orders = ["1 x", *(f"touch {tmp_path / str(number)}" for number in range(500))]
    running = pool.run(work, orders, processes=2, limits=LIMITS)
    next(running)
    assert 2 <= len(list(tmp_path.iterdir())) < 100
    running.close()


@pytest.mark.parametrize(("order", "came"), [("0.1 done", "done"), ("exit x", Lost.CRASHED), ("kill x", Lost.CRASHED)])
def test_one_thing_beside_what_this_process_does(order: str, came: str | Lost) -> None:
    with pool.beside(work, order) as result:
        assert result() == came
    assert not multiprocessing.active_children()


def test_what_is_done_beside_stops_with_what_this_process_does() -> None:
    with pytest.raises(KeyboardInterrupt), pool.beside(work, "hang x"):
        raise KeyboardInterrupt
    assert not multiprocessing.active_children()
