"""The page as an application: its screens, what all of them share, and what stands around them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from xltool.api.failures import Failure, attempt, sentence
from xltool.errors import XltoolError
from xltool.page.guard import Guard
from xltool.page.jobs import Jobs, NoSuchJob
from xltool.page.life import Life
from xltool.page.rendering import rendered
from xltool.page.root import rooted
from xltool.page.running import Running
from xltool.page.screens import SCREENS
from xltool.page.uploads import Uploads
from xltool.report.html.environment import script, style_sheet
from xltool.report.words.options import without_options

_LAST = 1.0
"""Seconds for the browser to fetch what belongs to the last page."""

_STATIC = Path(__file__).parent / "static"


class Page:
    """All of the page: the application that is served, its jobs, and how long it lasts.

    `leave` is called when it is to end, so that nobody comes any more, `end` when it can.
    """

    def __init__(self, running: Running, folder: Path, *, leave: Callable[[], None], end: Callable[[], None]) -> None:
        self.jobs = Jobs(folder)
        self.leave, self._end = leave, end
        screens = [route for screen in SCREENS for route in screen.routes]
        routes = [
            Route("/", _home),
            Route("/alive", _alive, methods=["POST"]),
            Route("/quit", self._quit, methods=["POST"]),
            *screens,
            Route("/static/report.css", _style),
            Route("/static/report.js", _script),
            Mount("/static", StaticFiles(directory=_STATIC)),
        ]
        handlers = {
            404: _not_found,
            405: _not_found,
            XltoolError: _told,
            OSError: _not_allowed,
            ClientDisconnect: _gone,
            Exception: _broken,
        }
        inner = Starlette(routes=routes, exception_handlers=handlers)
        inner.state.jobs = self.jobs
        inner.state.uploads = Uploads()
        self.life = Life(inner, lambda: self.jobs.is_busy)
        self.app = Guard(self.life, running)

    async def _quit(self, request: Request) -> Response:
        """退出: as soon as the browser has all of the last page."""
        self.leave()
        asyncio.get_running_loop().call_later(_LAST, self._end)
        return rendered("ended.html")


def _home(request: Request) -> Response:
    return RedirectResponse(rooted(SCREENS[0].address), 303)


def _alive(request: Request) -> Response:
    """An open page says that it is there."""
    return Response(status_code=204)


def _style(request: Request) -> Response:
    """The style sheet that the page has in common with reports."""
    return Response(style_sheet(), media_type="text/css")


def _script(request: Request) -> Response:
    return Response(script(), media_type="text/javascript")


def _told(request: Request, error: Exception) -> Response:
    """What stops a request, in the sentence that says what to do."""
    return rendered("told.html", 404 if isinstance(error, NoSuchJob) else 422, sentence=without_options(str(error)))


def _not_allowed(request: Request, error: Exception) -> Response:
    """The system did not let us: the disk is full."""
    assert isinstance(error, OSError)
    return rendered("told.html", 500, sentence=sentence(error))


def _gone(request: Request, error: Exception) -> Response:
    """Nobody waits for an answer any more."""
    return Response(status_code=400)


def _not_found(request: Request, error: Exception) -> Response:
    return rendered("told.html", 404, sentence="没有这一页：请从上面的栏目里选。")


def _broken(request: Request, error: Exception) -> Response:
    """A mistake of ours: written down, and said."""

    def again() -> None:
        raise error

    failure = attempt(again)
    assert isinstance(failure, Failure)
    return rendered("told.html", 500, sentence=failure.sentence)
