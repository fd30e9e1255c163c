"""查规则: the rules of a template, or one of them explained."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from xltool import api
from xltool.page.rendering import rendered
from xltool.page.screens.screen import Screen, template_named
from xltool.report.words.rules import explanations, rule_lists

_ADDRESS = "/rules"


def _list(request: Request) -> Response:
    known = api.templates()
    name = request.query_params.get("template") or known[0].id
    text = request.query_params.get("text", "").strip()
    lists = [
        (heading, [line for line in lines if text.upper() in " ".join(line).upper()])
        for heading, lines in rule_lists(template_named(known, name))
    ]
    return rendered("lookups/rules.html", screen=SCREEN, templates=known, name=name, text=text, lists=lists)


def _explain(request: Request) -> Response:
    name = request.path_params["template"]
    texts = explanations(template_named(api.templates(), name), request.path_params["number"])
    return rendered("lookups/rule.html", screen=SCREEN, name=name, texts=texts)


SCREEN = Screen(
    "查规则",
    _ADDRESS,
    "看一套模板的审核规则，或一条规则的等式、允许差和例子。",
    [Route(_ADDRESS, _list), Route(f"{_ADDRESS}/{{template}}/{{number}}", _explain)],
)
