"""A page in this process, asked without a server: for what goes wrong inside of it."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path
from typing import NamedTuple

from starlette.types import Message

from xltool.page.app import Page
from xltool.page.root import root_of
from xltool.page.running import Running

ADDRESS, TOKEN = "http://127.0.0.1:8000", "c2VjcmV0"


class Told(NamedTuple):
    """What the page answered, and where it leads on."""

    status: int
    text: str
    location: str


class Asked:
    """A page whose files are in a folder."""

    def __init__(self, folder: Path) -> None:
        self.page = Page(Running(ADDRESS, TOKEN), folder, leave=_nothing, end=_nothing)

    def ask(self, method: str, path: str, kind: str = "", body: bytes = b"") -> Told:
        """What it answers."""
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

        with contextlib.suppress(ZeroDivisionError):  # Starlette hands it on to the server, which keeps silent about it
            asyncio.run(self.page.app(scope, receive, send))
        text = b"".join(message.get("body", b"") for message in sent).decode()
        location = dict(sent[0]["headers"]).get(b"location", b"").decode().removeprefix(root_of(TOKEN))
        return Told(sent[0]["status"], text, location)


def _nothing() -> None:
    """The page neither begins nor ends here."""
