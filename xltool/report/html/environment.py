"""The templates, the style sheet and the script that every page of ours is made with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from xltool.excel.mark.colours import COLOURS
from xltool.template.names import visible

if TYPE_CHECKING:
    from jinja2 import Environment

_HERE = Path(__file__).parent


def environment(*folders: Path) -> Environment:
    """Templates are looked for in these folders, then among ours.

    Whatever is put into one is escaped, and what prints nothing is left out: it could turn the direction of writing.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    from xltool.report.html.chart import chart_of
    from xltool.report.html.links import cell_link

    made = Environment(
        loader=FileSystemLoader([*folders, _HERE / "templates"]),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_without_unseen,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(chart_of=chart_of, cell_link=cell_link)
    return made


def _without_unseen(value: object) -> object:
    return visible(value) if type(value) is str else value


def style_sheet() -> str:
    """The style sheet; errors and warnings have the colours of the marks."""
    colours = "".join(f"--{severity}:#{argb[2:]};" for severity, argb in COLOURS.items())
    return f":root{{{colours}}}\n{_asset('style.css')}"


def script() -> str:
    """The script that shows findings of one severity; without it all are shown."""
    return _asset("filter.js")


def _asset(name: str) -> str:
    return (_HERE / "assets" / name).read_text(encoding="utf-8")
