"""What goes wrong while a request is answered: told in a sentence, our own mistakes written down."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import time
from pathlib import Path

import pytest
from starlette.types import Message

from tests.page.served import PATIENCE, form
from xltool.api.failures import log_file
from xltool.page import jobs, uploads
from xltool.page.app import Page
from xltool.page.jobs import Jobs, State
from xltool.page.root import root_of
from xltool.page.running import Running
from xltool.page.screens import codes

ADDRESS, TOKEN = "http://127.0.0.1:8000", "c2VjcmV0"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


def nothing() -> None:
    """The page neither begins nor ends here."""


def ask(tmp_path: Path, method: str, path: str, kind: str = "", body: bytes = b"") -> tuple[int, str]:
    """What the page answers, without a server."""
    headers = {"host": "127.0.0.1:8000", "cookie": f"xltool-8000={TOKEN}", "origin": ADDRESS, "content-type": kind}
    scope = {
        "type": "http",
        "method": method,
        "path": root_of(TOKEN) + path,
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body}

    async def send(message: Message) -> None:
        sent.append(message)

    (tmp_path / "work").mkdir()
    page = Page(Running(ADDRESS, TOKEN), tmp_path / "work", leave=nothing, end=nothing)
    with contextlib.suppress(ZeroDivisionError):  # Starlette hands it on to the server, which keeps silent about it
        asyncio.run(page.app(scope, receive, send))
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent).decode()


def test_a_full_disk_is_told_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(name: str) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(uploads, "file_name", full)
    status, text = ask(tmp_path, "POST", "/check", *form([], [("files", "预算.xlsx", b"x")]))
    assert status == 500 and "无法读写文件：磁盘空间不足。" in text
    assert [*(tmp_path / "work").iterdir()] == []
    assert not log_file().exists()


def test_a_mistake_of_ours_is_written_down_and_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(found: object) -> list[list[str]]:
        raise ZeroDivisionError

    monkeypatch.setattr(codes, "code_lines", wrong)
    status, text = ask(tmp_path, "GET", "/codes")
    assert status == 500 and f"程序出错，已记入“{log_file()}”" in text
    assert "ZeroDivisionError" in log_file().read_text(encoding="utf-8")
    assert TOKEN not in log_file().read_text(encoding="utf-8")


def test_work_that_cannot_be_begun_is_over_and_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.EAGAIN, "Resource temporarily unavailable")

    monkeypatch.setattr(jobs, "Errand", full)
    work = Jobs(tmp_path)
    with work.new_folder() as folder:
        job = work.start("check", "预算.xlsx", folder, print, None)
    until = time.monotonic() + PATIENCE
    while work.is_busy and time.monotonic() < until:
        time.sleep(0.01)
    assert job.state is State.FAILED and job.trouble.startswith("无法读写文件：")
