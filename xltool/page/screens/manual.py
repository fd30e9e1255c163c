"""使用手册: the manual with its pictures, as it lies in docs/ and in the wheel."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from xltool.page.rendering import rendered
from xltool.page.screens.screen import Screen

_ADDRESS = "/manual"
_MANUAL = "使用手册.md"
_DOCUMENTS = (_MANUAL, "信息部门.md")
"""Which of docs/ can be read here: they link to each other and to the pictures, and to nothing else of docs/."""


def _folder() -> Path:
    installed = Path(__file__).parents[2] / "docs"
    return installed if installed.is_dir() else Path(__file__).parents[3] / "docs"


def _show(request: Request) -> Response:
    name = request.path_params.get("name", _MANUAL)
    if name not in _DOCUMENTS:
        raise HTTPException(404)
    return rendered("lookups/manual.html", screen=SCREEN, text=_as_html(name))


@cache
def _as_html(name: str) -> str:
    """A document as HTML: what looks like HTML in it is text, and its headings can be linked to as on GitHub."""
    from markdown_it import MarkdownIt

    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    reader.add_render_rule("softbreak", lambda *_: "")  # Chinese has no blank between two lines
    tokens = reader.parse((_folder() / name).read_text(encoding="utf-8"))
    for opening, inside in zip(tokens, tokens[1:], strict=False):
        if opening.type == "heading_open":
            opening.attrSet("id", anchor(inside.content))
    return str(reader.renderer.render(tokens, reader.options, {}))


def anchor(heading: str) -> str:
    """What a link to a heading is called: its letters and digits, a hyphen for a blank."""
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


SCREEN = Screen(
    "使用手册",
    f"{_ADDRESS}/",
    "从打开文件夹到汇总好的预算，一步一步，有图。",
    [
        Route(f"{_ADDRESS}/", _show),
        Route(f"{_ADDRESS}/{{name}}", _show),
        Mount(f"{_ADDRESS}/pictures", StaticFiles(directory=_folder() / "pictures", check_dir=False)),
    ],
)
