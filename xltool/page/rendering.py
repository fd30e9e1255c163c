"""Answers made from templates."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.responses import HTMLResponse, Response

from xltool.page.root import ROOT

if TYPE_CHECKING:
    from jinja2 import Environment

_TEMPLATES = Path(__file__).parent / "templates"


def rendered(template: str, status: int = 200, /, **data: object) -> Response:
    """An answer: the template with these data."""
    from xltool.page.screens import SCREENS

    page = environment().get_template(template)
    return HTMLResponse(page.render({"screens": SCREENS, "screen": None, "root": ROOT.get(), **data}), status)


@cache
def environment() -> Environment:
    """The templates of the page and those of reports, which they use."""
    from xltool.report.html.environment import environment as with_templates_of_reports

    return with_templates_of_reports(_TEMPLATES)
