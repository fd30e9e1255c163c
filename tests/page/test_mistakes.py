"""What goes wrong while a request is answered: told in a sentence, our own mistakes written down."""

from __future__ import annotations

import errno
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.api.processes import test_errand
from tests.page.asked import TOKEN, Asked
from tests.page.served import PATIENCE, form
from xltool.api.failures import log_file
from xltool.page import jobs, uploads
from xltool.page.jobs import Job, Jobs, State
from xltool.page.screens import codes
from xltool.page.tasks.results import Task


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


@pytest.fixture
def asked(tmp_path: Path) -> Iterator[Asked]:
    (tmp_path / "work").mkdir()
    asked = Asked(tmp_path / "work")
    yield asked
    asked.page.jobs.end()


def test_a_full_disk_is_told_and_leaves_nothing(asked: Asked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(name: str) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(uploads, "file_name", full)
    status, text, _ = asked.ask("POST", "/check", *form([], [("files", "预算.xlsx", b"x")]))
    assert status == 500 and "无法读写文件：磁盘空间不足。" in text
    assert [*(tmp_path / "work").iterdir()] == []
    assert not log_file().exists()


def test_a_mistake_of_ours_is_written_down_and_told(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(found: object) -> list[list[str]]:
        raise ZeroDivisionError

    monkeypatch.setattr(codes, "code_lines", wrong)
    status, text, _ = asked.ask("GET", "/codes")
    assert status == 500 and f"程序出错，已记入“{log_file()}”" in text
    assert "ZeroDivisionError" in log_file().read_text(encoding="utf-8")
    assert TOKEN not in log_file().read_text(encoding="utf-8")


def test_a_check_that_hangs_leaves_the_page_in_use_and_can_be_stopped(asked: Asked) -> None:
    hanging = [begun(asked, test_errand.hanging, number) for number in range(3)]
    wait_for(lambda: all(job.steps for job in hanging[:2]))
    assert "正在处理" in asked.ask("GET", f"/check/{hanging[0].id}").text
    assert "前面还有工作没有做完" in asked.ask("GET", f"/check/{hanging[2].id}").text
    assert asked.ask("GET", "/codes").status == 200
    stopped = asked.ask("POST", f"/check/{hanging[0].id}/stop")
    assert "检查：已停止" in asked.ask("GET", stopped.location).text
    wait_for(lambda: hanging[2].steps)  # it is its turn
    for job in hanging[1:]:
        asked.ask("POST", f"/check/{job.id}/stop")
    checked = asked.ask("POST", "/check", *form([], [("files", "预算.xlsx", b"no workbook")])).location
    wait_for(lambda: "data-work" not in asked.ask("GET", checked).text)
    assert "“预算.xlsx”其实是文本文件" in asked.ask("GET", checked).text


def test_a_check_whose_process_dies_is_told(asked: Asked) -> None:
    job = begun(asked, test_errand.dying, 0)
    wait_for(lambda: job.is_over)
    assert "处理它的进程意外中止" in asked.ask("GET", f"/check/{job.id}").text


def begun(asked: Asked, task: Task, order: int) -> Job:
    """A check whose work is `task`."""
    with asked.page.jobs.new_folder() as folder:
        return asked.page.jobs.start("check", "预算.xlsx", folder, task, order)


def wait_for(there: Callable[[], object]) -> None:
    until = time.monotonic() + PATIENCE
    while not there():
        assert time.monotonic() < until
        time.sleep(0.02)


def test_work_that_cannot_be_begun_is_over_and_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.EAGAIN, "Resource temporarily unavailable")

    monkeypatch.setattr(jobs, "Errand", full)
    work = Jobs(tmp_path)
    with work.new_folder() as folder:
        job = work.start("check", "预算.xlsx", folder, print, None)
    wait_for(lambda: not work.is_busy)
    assert job.state is State.FAILED and job.trouble.startswith("无法读写文件：")
