"""Connections and uploads that do not end: there are never so many of them that the page cannot be used."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import socket
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from starlette.types import Receive, Scope, Send
from uvicorn import Config, Server

from tests.page.served import PATIENCE, Served, form, serving
from xltool.page import connections
from xltool.page.guard import LET_IN

Reader = asyncio.StreamReader
STRANGE = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
KNOWN = STRANGE.replace(b"/", b"/in", 1)
HALF = KNOWN.removesuffix(b"\r\n")


async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
    """Lets one path through."""
    if scope["path"] == "/in":
        scope["state"][LET_IN] = True
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


def served(work: Callable[[Callable[[bytes], Awaitable[Reader]]], Awaitable[None]]) -> None:
    """Do something with a server; it is given a function that opens a connection and sends something."""

    async def run() -> None:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            server = Server(Config(guarded, http=connections.Connection, lifespan="off", log_config=None))
            running = asyncio.ensure_future(server.serve([listening]))
            writers = []

            async def opened(sent: bytes) -> Reader:
                reader, writer = await asyncio.open_connection(*listening.getsockname())
                writers.append(writer)
                writer.write(sent)
                if sent.endswith(b"\r\n\r\n"):
                    assert b"ok" in await reader.readuntil(b"ok")
                return reader

            await asyncio.wait_for(work(opened), PATIENCE)
            for writer in writers:
                writer.close()
            server.should_exit = True
            await running

    asyncio.run(run())


async def ended(reader: Reader) -> bytes:
    """What still comes until the other side ends the connection."""
    with contextlib.suppress(ConnectionResetError):
        return await reader.read()
    return b""


@pytest.mark.parametrize("sent", [b"", HALF, STRANGE])
def test_a_connection_without_a_request_that_is_let_through_is_ended(
    sent: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def work(opened: Callable[[bytes], Awaitable[Reader]]) -> None:
        assert await ended(await opened(sent)) == b""

    monkeypatch.setattr(connections, "_SECONDS", 0.05)
    served(work)


def test_where_there_are_too_many_strange_ones_give_way(monkeypatch: pytest.MonkeyPatch) -> None:
    async def work(opened: Callable[[bytes], Awaitable[Reader]]) -> None:
        known = [await opened(KNOWN) for _ in range(2)]
        strange = [await opened(HALF) for _ in range(3)]
        assert await ended(strange[0]) == b""
        assert not any(one.at_eof() for one in [*known, *strange[1:]])

    monkeypatch.setattr(connections, "_MOST", 4)
    served(work)


def test_where_all_are_the_users_one_more_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    async def work(opened: Callable[[bytes], Awaitable[Reader]]) -> None:
        known = [await opened(KNOWN) for _ in range(4)]
        assert "同时打开的页面太多" in (await ended(await opened(b""))).decode()
        assert not any(one.at_eof() for one in known)

    monkeypatch.setattr(connections, "_MOST", 4)
    served(work)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("home")) as served:
        yield served


def test_the_page_is_used_while_somebody_opens_connections_without_end(page: Served) -> None:
    with contextlib.ExitStack() as open_ones:
        for _ in range(200):
            one = open_ones.enter_context(socket.create_connection(("127.0.0.1", urlsplit(page.address).port)))
            one.send(f"POST {page.root}/check HTTP/1.1\r\n".encode())
        assert page.get("/codes").status == 200
        descriptors = Path(f"/proc/{page.process.pid}/fd")
        assert not descriptors.exists() or len([*descriptors.iterdir()]) < 100


def test_too_many_uploads_at_once_are_told_of(page: Served) -> None:
    kind, body = form([], [("files", "预算.xlsx", b"x" * 5000)])
    with contextlib.ExitStack() as open_ones:
        for _ in range(8):
            open_ones.enter_context(contextlib.closing(half_sent(page, kind, body)))
        answer = page.post("/check", files=[("files", "预算.xlsx", b"x")])
        assert answer.status == 422 and "正在上传的已有 8 份" in answer.text
    assert page.done("/check", files=[("files", "预算.xlsx", b"x")])


def half_sent(page: Served, kind: str, body: bytes) -> http.client.HTTPConnection:
    """An upload that does not end."""
    connection = http.client.HTTPConnection(urlsplit(page.address).netloc)
    connection.putrequest("POST", f"{page.root}/check")
    headers = {"Content-Type": kind, "Content-Length": str(len(body)), "Cookie": page.cookie, "Origin": page.address}
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders(body[:3000])
    return connection
