"""What every request must show before anything else is looked at, and what every answer says about itself."""

from __future__ import annotations

import hmac
import re

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from xltool.page.keys import OPEN, Keys
from xltool.page.root import ROOT, root_of
from xltool.page.running import Running

LET_IN = "let_in"
"""What a request has in its state that was let through."""

_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

_PLACE = re.compile("[a-z]+")
"""Where the key may lead on to: a screen of ours, and nowhere else."""

_OUTSIDE_PAGES = (None, "none")
"""What browsers say of an address that was typed, or handed to them; the oldest say nothing."""

_LEADS_ON = (
    '<!DOCTYPE html><html lang="zh-CN"><meta http-equiv="refresh" content="0;url={}"><title>xltool</title></html>'
)

_AGAIN = "请再双击一次“打开页面”，或再运行一次 xltool serve。"


class Guard:
    """Lets through what comes from the user's own browser and from our own page."""

    def __init__(self, app: ASGIApp, running: Running) -> None:
        self._app = app
        self._running = running
        self._host = running.address.partition("//")[2]
        self._cookie = f"xltool-{self._host.partition(':')[2]}"  # browsers keep the cookies of all ports together
        self._keys = Keys(running.token)
        self._root = root_of(running.token)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request, or hand it on."""
        if scope["type"] != "http":
            return

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        request = Request(scope)
        response = self._refusal(request)
        if response is None and scope["path"] == OPEN:
            response = self._opened(request)
        if response is None and not self._may_come_in(request):
            response = _refused(f"这个地址要从 xltool 打开：{_AGAIN}")
        if response is None:
            scope.setdefault("state", {})[LET_IN] = True
        ROOT.set(self._root)
        await (response or self._app)({**scope, "root_path": self._root}, receive, answer)

    def _may_come_in(self, request: Request) -> bool:
        is_ours = request.scope["path"].startswith(f"{self._root}/")
        return is_ours and _is_same(request.cookies.get(self._cookie, ""), self._running.token)

    def _refusal(self, request: Request) -> Response | None:
        """The answer to a request for another host (DNS rebinding), or from another page; None if it is neither."""
        if request.headers.get("host") != self._host:
            return _refused(f"地址不对，没有处理：{_AGAIN}", 421)
        return None if self._is_from_here(request) else _refused("这个请求不是从 xltool 自己的页面发出的，没有处理。")

    def _is_from_here(self, request: Request) -> bool:
        """Whether a request comes from our own page, or from what was typed or clicked outside of pages.

        What a page of another port asks for is "same-site" but not "same-origin"; in the right folder it brings our
        cookie. A form of ours names the origin "null", because our pages send no referrer: then the browser must say
        that it is ours.
        """
        origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site")
        if origin is None:
            is_key = request.method == "GET" and request.url.path == OPEN  # it may be clicked in any window
            return is_key or site in _OUTSIDE_PAGES or site == "same-origin"
        return site == "same-origin" if origin == "null" else origin == self._running.address

    def _opened(self, request: Request) -> Response:
        """Put the token into a cookie, and go where no key is in the address; one that is used up leads nowhere.

        After a click in a page of others browsers take what follows for theirs too, and send no cookie, unless a page
        of ours leads on.
        """
        if not self._keys.opens(request.query_params.get("key", "")):
            return _refused(f"这个地址已经用过，或过了一分钟：{_AGAIN}")
        place = request.query_params.get("at", "")
        home = f"{self._root}/{place if _PLACE.fullmatch(place) else ''}"
        is_outside = request.headers.get("sec-fetch-site") in _OUTSIDE_PAGES
        response = Response(status_code=303, headers={"Location": home}) if is_outside else None
        response = response or HTMLResponse(_LEADS_ON.format(home))
        response.set_cookie(self._cookie, self._running.token, path=self._root, httponly=True, samesite="strict")
        return response


def _is_same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode(), wanted.encode())


def _refused(sentence: str, status: int = 403) -> Response:
    return PlainTextResponse(sentence, status)
