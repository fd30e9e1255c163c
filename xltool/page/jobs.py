"""The work that pages have asked for: each in a process of its own, with a folder of its own, until it is forgotten."""

from __future__ import annotations

import secrets
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import Enum
from functools import partial
from pathlib import Path
from typing import Any

from xltool.api.failures import Failure, attempt
from xltool.api.processes.errand import Errand
from xltool.api.processes.pool import Lost
from xltool.errors import XltoolError
from xltool.page.tasks.results import Task, attempted
from xltool.report.words.options import without_options

_AT_ONCE = 2
"""So many pieces of work share the machine; the others wait."""

_KEPT = 40
"""Of so many the results are kept: the oldest that is done makes room."""


class State(Enum):
    """How far a job is; the value is what the page says."""

    WAITING = "前面还有工作没有做完，请稍候"
    RUNNING = "正在处理"
    DONE = "已完成"
    FAILED = "没有完成"
    STOPPED = "已停止"


class NoSuchJob(XltoolError):
    """A job that is not there any more."""


class JobBusy(XltoolError):
    """A job that is being worked on cannot be asked for more."""


class Job:
    """One piece of work of a screen: `title` says of what, `folder` has what it reads and writes, `order` says what to
    do, `result` is what came of it, `trouble` why nothing did.

    `steps` are what was told, one of each of the `total`. If nothing came of what was asked for after that, the result
    is the one of before, and so is the order.
    """

    def __init__(self, screen: str, title: str, folder: Path, order: Any, total: int) -> None:
        self.id = folder.name
        self.screen = screen
        self.title = title
        self.asked = f"{datetime.now():%H:%M}"
        self.folder = folder
        self.order = order
        self.total = total
        self.steps: list[Any] = []
        self.state = State.WAITING
        self.result: Any = None
        self._answered: Any = None  # the order that the result is of
        self.trouble = ""
        self.lock = threading.Lock()
        self._errand: Errand[Any, Any] | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing will come any more."""
        return self.state not in (State.WAITING, State.RUNNING)

    @property
    def has_result(self) -> bool:
        """Whether there is something to show; what was asked for after that may not have been done, see `trouble`."""
        return self.is_over and self.result is not None

    def work(self, task: Task) -> None:
        """Do it, unless it was stopped before."""
        with self.lock:
            if self.is_over:
                return
            errand = attempt(lambda: Errand(partial(attempted, task, self.folder), self.order, self.folder))
            if isinstance(errand, Failure):  # the system starts no more processes
                self._end(errand)
                return
            self._errand = errand
            self.state = State.RUNNING
        result = errand.follow(self.steps.append)
        with self.lock:
            if self.state is State.RUNNING and self._errand is errand:  # not stopped, and perhaps begun anew since
                self._end(result)

    def stop(self) -> None:
        """Stop it, whatever it is doing; nothing of what it has done since it was last asked is kept."""
        with self.lock:
            if self.is_over:
                return
            self._give_up(State.STOPPED, "")
        if self._errand is not None:
            self._errand.stop()

    def _end(self, result: Any) -> None:
        if isinstance(result, Lost | Failure):
            sentence = result.value if isinstance(result, Lost) else result.sentence
            self._give_up(State.FAILED, without_options(sentence))
        else:
            self.result, self._answered = result, self.order
            self.state = State.DONE

    def _give_up(self, state: State, trouble: str) -> None:
        if self.result is not None:
            self.order = self._answered
            trouble = f"{trouble or f'{state.value}。'}\n这里还是原来的结果。"
        self.trouble, self.state = trouble, state


class Jobs:
    """All of them, in the folder of this page."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._jobs: dict[str, Job] = {}
        self._turns = threading.Semaphore(_AT_ONCE)

    @property
    def is_busy(self) -> bool:
        """Whether something is being worked on."""
        return any(not job.is_over for job in [*self._jobs.values()])

    @contextmanager
    def new_folder(self) -> Iterator[Path]:
        """A folder for the files of a job; gone afterwards if none was made of it."""
        folder = self._folder / secrets.token_urlsafe(12)
        folder.mkdir(0o700)
        try:
            yield folder
        finally:
            if folder.name not in self._jobs:
                shutil.rmtree(folder, ignore_errors=True)

    def start(self, screen: str, title: str, folder: Path, task: Task, order: Any, total: int = 1) -> Job:
        """Do `task` with `order` (see `Errand`) as soon as it is its turn."""
        job = Job(screen, title, folder, order, total)
        self._jobs[job.id] = job
        self._forget_oldest()
        self._in_turn(job, task)
        return job

    def again(self, job: Job, task: Task, order: Any, total: int) -> None:
        """Do a job that is done once more, with another order of so many steps."""
        with job.lock:
            if not job.is_over:
                raise JobBusy("正在处理，还没有做完：请稍候再提交。")
            job.order, job.total, job.steps, job.trouble, job.state = order, total, [], "", State.WAITING
        self._in_turn(job, task)

    def find(self, screen: str, name: str) -> Job:
        """The job of that name. Raises NoSuchJob."""
        job = self._jobs.get(name)
        if job is None or job.screen != screen:
            raise NoSuchJob("这次的结果已经不在了：请重新提交文件。")
        return job

    def of(self, screen: str) -> list[Job]:
        """Those of a screen, the latest first."""
        return [job for job in reversed([*self._jobs.values()]) if job.screen == screen]

    def end(self) -> None:
        """Stop all of them."""
        for job in [*self._jobs.values()]:
            job.stop()

    def _in_turn(self, job: Job, task: Task) -> None:
        def wait() -> None:
            with self._turns:
                job.work(task)

        threading.Thread(target=wait, daemon=True).start()

    def _forget_oldest(self) -> None:
        over = [job for job in self._jobs.values() if job.is_over]
        for job in over[: max(0, len(self._jobs) - _KEPT)]:
            del self._jobs[job.id]
            shutil.rmtree(job.folder, ignore_errors=True)
