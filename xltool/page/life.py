"""How long the page is served: until 退出, or until nobody has looked at it for ten minutes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from starlette.types import ASGIApp, Receive, Scope, Send

BEAT = 20
"""Seconds after which an open page says again that it is there; browsers make it a minute where it is not seen."""

_TICK = 5.0
_QUIET = 600.0


class Life:
    """Hears of every request that is let through, and says when it is over.

    What is counted are the moments at which this process ran, not the clock: a machine that sleeps misses nothing.
    """

    def __init__(self, app: ASGIApp, is_busy: Callable[[], bool], quiet: float = _QUIET, tick: float = _TICK) -> None:
        self._app = app
        self._is_busy = is_busy
        self._ticks = round(quiet / tick)
        self._tick = tick
        self._left = self._ticks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on."""
        self._left = self._ticks
        await self._app(scope, receive, send)

    async def until_over(self) -> None:
        """Return when nobody has asked for anything for so long, and nothing is being worked on."""
        while self._left > 0:
            await asyncio.sleep(self._tick)
            self._left = self._ticks if self._is_busy() else self._left - 1
