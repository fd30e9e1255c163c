"""The connections to the page: those of others on this machine neither fill it up nor keep its user out."""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol

from xltool.page.guard import LET_IN

_MOST = 64
"""So many connections are open at once: a browser has six for each of its windows that are apart."""

_SECONDS = 20.0
"""After so long a connection on which nothing came that is let through is ended."""

_FULL = (
    "HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n"
    "同时打开的页面太多：请关掉几个，再试一次。"
).encode()


class Connection(H11Protocol):
    """A connection of the server. Where there are too many, strange ones give way to new ones, the oldest first."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin, if need be in the place of another."""
        assert isinstance(transport, asyncio.Transport)
        super().connection_made(transport)
        self.began = self.loop.time()
        self.loop.call_later(_SECONDS, self._end_if_strange)
        if len(self.connections) <= _MOST:
            return
        others = [one for one in self.connections if isinstance(one, Connection) and one is not self]
        strange = [one for one in others if one.is_strange]
        if strange:
            oldest = min(strange, key=lambda one: one.began)
            oldest.transport.abort()
            self.connections.discard(oldest)  # as it is going to do by itself, after others that come now
        else:
            transport.write(_FULL)
            transport.close()

    @property
    def is_strange(self) -> bool:
        """Whether the last that was asked for on it, if anything, was not let through."""
        return not (self.scope and self.scope.get("state", {}).get(LET_IN))

    def _end_if_strange(self) -> None:
        if self.is_strange:
            self.transport.abort()
