"""Answers made from templates."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

if TYPE_CHECKING:
    from jinja2 import Environment

_TEMPLATES = Path(__file__).parent / "templates"


def rendered(request: Request, template: str, status: int = 200, /, **data: object) -> Response:
    """The template with these data, as the answer to a request."""
    from xltool.page.screens import SCREENS

    page = environment().get_template(template)
    return HTMLResponse(page.render(screens=SCREENS, path=request.url.path, **data), status)


@cache
def environment() -> Environment:
    """The templates of the page and those of reports, which they use."""
    from jinja2 import Environment, FileSystemLoader

    return Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True)
