"""The page as an application: its screens, what all of them share, and what stands around them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from xltool.api.failures import Failure, attempt
from xltool.errors import XltoolError
from xltool.page.guard import Guard
from xltool.page.jobs import Jobs, NoSuchJob
from xltool.page.life import Life
from xltool.page.rendering import rendered
from xltool.page.running import Running
from xltool.page.screens import SCREENS
from xltool.page.words import on_page
from xltool.report.html.environment import script, style_sheet

_STATIC = Path(__file__).parent / "static"


class Page:
    """All of the page: the application that is served, its jobs, and how long it lasts; `end` ends it."""

    def __init__(self, running: Running, folder: Path) -> None:
        self.jobs = Jobs(folder)
        self.end: Callable[[], None] = lambda: None
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
        inner = Starlette(routes=routes, exception_handlers={XltoolError: _told, 404: _not_found, Exception: _broken})
        inner.state.jobs = self.jobs
        self.life = Life(inner, lambda: self.jobs.is_busy)
        self.app = Guard(self.life, running)

    async def _quit(self, request: Request) -> Response:
        """退出."""
        self.end()
        return rendered("ended.html")


def _home(request: Request) -> Response:
    return RedirectResponse(SCREENS[0].address, 303)


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
    return rendered("told.html", 404 if isinstance(error, NoSuchJob) else 422, sentence=on_page(str(error)))


def _not_found(request: Request, error: Exception) -> Response:
    return rendered("told.html", 404, sentence="没有这一页：请从上面的栏目里选。")


def _broken(request: Request, error: Exception) -> Response:
    """A mistake of ours: written down, and said."""

    def again() -> None:
        raise error

    failure = attempt(again)
    assert isinstance(failure, Failure)
    return rendered("told.html", 500, sentence=failure.sentence)
