"""Serves the page on this machine alone, once for each user, and opens it in the browser."""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import socket
import sys
import tempfile
import threading
import time
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from xltool.page.keys import OPEN, key_of
from xltool.page.private import runtime_folder, workspace
from xltool.page.running import PageRefused, Running, forget, note, noted, the_only_one

if TYPE_CHECKING:
    from uvicorn import Server

    from xltool.page.app import Page

_HERE = "127.0.0.1"
_ENDING = 3
"""Seconds for answers under way when the page ends."""

_PATIENCE = 15.0
"""Seconds that a page may need to begin or to end on a slow machine."""

_PAUSE = 0.1

_ROOM_FOR_SOCKETS = 107 - len("/pymp-xxxxxxxx/listener-xxxxxxxx")
"""Bytes of a folder in which `multiprocessing` can have sockets, whose paths must not be longer than 107."""


Tell = Callable[[str], object]
Show = Callable[[Running], object]


def serve(tell: Tell, by_hand: Tell, *, browser: bool = True, at: str = "") -> None:
    """Serve the page until it is over, or open the one that runs already; `tell` is told where it is.

    Where no browser starts, or none is to, `by_hand` is told an address that opens the page, once and for a minute.
    The screen whose title is `at` is opened, the first if that is "". Raises PageRefused, FolderNotPrivate.
    """
    _refuse_without_parts()
    show = partial(_show, by_hand, browser, _place_of(at))
    folder = runtime_folder()
    until = time.monotonic() + _PATIENCE
    while not (_begun(folder, tell, show) or _joined(folder, tell, show)):
        if time.monotonic() > until:
            raise PageRefused("页面正在打开或正在关闭：请过一会儿再试。")
        time.sleep(_PAUSE)


def _begun(folder: Path, tell: Tell, show: Show) -> bool:
    """Serve the page to its end, unless another process does."""
    with the_only_one(folder) as is_first:
        if is_first:
            with workspace() as files, _temporary_in(files), socket.create_server((_HERE, 0)) as listening:
                _serve(folder, files, listening, tell, show)
        return is_first


def _joined(folder: Path, tell: Tell, show: Show) -> bool:
    """Open the page that another process serves, unless it is just beginning or ending."""
    running = noted(folder)
    if running is not None:
        tell(f"页面已经开着：{running.address}")
        show(running)
    return running is not None


def _serve(
    folder: Path,
    files: Path,
    listening: socket.socket,
    tell: Tell,
    show: Show,
) -> None:
    from uvicorn import Config, Server

    from xltool.page.app import Page
    from xltool.page.connections import Connection

    def end() -> None:
        server.should_exit = True

    running = Running(f"http://{_HERE}:{listening.getsockname()[1]}", secrets.token_urlsafe(32))
    page = Page(running, files, leave=lambda: forget(folder), end=end)
    server = Server(
        Config(
            page.app,
            loop="asyncio",
            http=Connection,
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="critical",  # a mistake of ours is written down by `api.failures`
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=_ENDING,
        )
    )
    note(folder, running)
    tell(f"页面开在 {running.address}，在页面上点“退出”，或按 Ctrl+C，就结束。")
    threading.Thread(target=show, args=(running,), daemon=True).start()
    try:
        with _ending_on_signals(end):
            asyncio.run(_until_over(server, listening, page))
    finally:
        page.jobs.end()


async def _until_over(server: Server, listening: socket.socket, page: Page) -> None:
    served = asyncio.ensure_future(server.serve(sockets=[listening]))
    quiet = asyncio.ensure_future(page.life.until_over())
    await asyncio.wait([served, quiet], return_when=asyncio.FIRST_COMPLETED)
    page.leave()
    quiet.cancel()
    server.should_exit = True
    await served


@contextmanager
def _temporary_in(folder: Path) -> Iterator[None]:
    """Let what this process puts among the temporary files lie in a folder that the next start removes: the sockets
    through which it speaks to others, for example, if it is killed."""
    before = tempfile.tempdir
    if len(os.fsencode(folder)) <= _ROOM_FOR_SOCKETS:
        tempfile.tempdir = str(folder)
    try:
        yield
    finally:
        tempfile.tempdir = before


@contextmanager
def _ending_on_signals(end: Callable[[], None]) -> Iterator[None]:
    """Ctrl+C, a closed terminal and the end of the session end the page as 退出 does: nothing is left behind."""
    signals = [found for name in ("SIGINT", "SIGTERM", "SIGHUP") if (found := getattr(signal, name, None))]
    before = [signal.signal(one, lambda *_: end()) for one in signals]
    try:
        yield
    finally:
        for one, handler in zip(signals, before, strict=True):
            signal.signal(one, handler)


def _place_of(title: str) -> str:
    """What the guard goes to for the screen with this title; "" for none. Raises PageRefused."""
    if not title:
        return ""
    from xltool.page.screens import SCREENS

    places = {screen.title: screen.address.strip("/") for screen in SCREENS}
    if title not in places:
        raise PageRefused(f"页面没有“{title}”这一栏：有 {'、'.join(places)}。")
    return places[title]


def _show(by_hand: Tell, browser: bool, place: str, running: Running) -> None:
    """Open the page in the browser, or say how to open it."""
    at = f"&at={place}" if place else ""
    address = f"{running.address}{OPEN}?key={key_of(running.token)}{at}"
    if not (browser and _has_screen() and webbrowser.open(address)):
        by_hand(f"请在一分钟内用浏览器打开（只能用一次）：{address}")


def _has_screen() -> bool:
    """Whether a browser has a screen to show anything on: on a terminal alone another kind of browser would start."""
    return not sys.platform.startswith("linux") or any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY")))


def _refuse_without_parts() -> None:
    """Raise PageRefused if the extra `page` is not installed."""
    if any(find_spec(name) is None for name in ("markdown_it", "starlette", "uvicorn", "python_multipart")):
        raise PageRefused('没有装页面要用的部件：请运行 pip install "xltool[page]"。')
