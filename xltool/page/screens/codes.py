"""查科目: 科目 looked up by code or name."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from xltool import api
from xltool.page.rendering import rendered
from xltool.page.screens.screen import Screen, year_of
from xltool.report.words.codes import HEADINGS, code_lines

_ADDRESS = "/codes"
_MOST = 500
"""So many lines are shown; a search is to be narrowed down."""


def _look_up(request: Request) -> Response:
    text = request.query_params.get("text", "").strip()
    year = request.query_params.get("year", "").strip()
    found = api.codes(text, year_of(year))
    lines = code_lines(found)
    changes = [f"{change}。" for change in found.changes]
    return rendered(
        "lookups/codes.html",
        screen=SCREEN,
        text=text,
        year=year,
        lines=lines[:_MOST],
        total=len(lines),
        changes=changes[:_MOST],
        headings=HEADINGS,
    )


SCREEN = Screen("查科目", _ADDRESS, "查政府收支分类科目的编码和名称。", [Route(_ADDRESS, _look_up)])
