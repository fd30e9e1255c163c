"""What other pages in the same browser can do with ours: nothing."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from selenium.webdriver import Chrome

from tests.page.browser.driving import (
    NEEDS_CHROMIUM,
    heading,
    one,
    until,
)
from tests.page.served import Served
from xltool.page.keys import OPEN, key_of

pytestmark = NEEDS_CHROMIUM


class Elsewhere(BaseHTTPRequestHandler):
    """A page of another port of this machine, which knows where all of ours is, and asks it to do things."""

    target = key = ""

    def do_GET(self) -> None:
        page = f"""<!doctype html><a href="{self.target}{OPEN}?key={self.key}">x</a>
        <form method="post" action="{self.target}/quit"><button>x</button></form><script>
        Promise.allSettled([
          fetch("{self.target}/quit", {{ method: "POST", mode: "no-cors", credentials: "include" }}),
          fetch("{self.target}/check", {{ credentials: "include" }}),
        ]).then((done) => {{ document.title = JSON.stringify(done.map((one) => one.status)); }});</script>"""
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Referrer-Policy", "no-referrer")
        self.end_headers()
        self.wfile.write(page.encode())

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def test_a_page_of_another_origin_can_do_nothing(browser: Chrome, page: Served) -> None:
    with elsewhere(page) as address:
        browser.get(address)
        until(browser, lambda driver: driver.title)
        assert json.loads(browser.title)[1] == "rejected"
        one(browser, "button").click()
        until(browser, lambda driver: "不是从 xltool 自己的页面发出的" in driver.page_source)
    time.sleep(0.5)
    assert page.process.poll() is None and page.get("/codes").status == 200


def test_a_page_of_another_port_is_not_sent_the_cookie(browser: Chrome, page: Served) -> None:
    with another_port() as (address, cookies):
        browser.get(address)
        until(browser, lambda _: len(cookies) > 1)
    assert set(cookies) == {None}
    browser.get(f"{page.place}/codes")
    heading(browser, "查科目")


@contextmanager
def another_port() -> Iterator[tuple[str, list[str | None]]]:
    """A page that another user of this machine serves, and the cookies that it is sent."""
    cookies: list[str | None] = []

    class Curious(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            cookies.append(self.headers.get("Cookie"))
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<script>if (!location.hash) location.href = '/check#again'</script>")

        def log_message(self, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Curious) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/", cookies
        server.shutdown()


def test_a_key_that_is_clicked_in_another_page_opens_ours(browser: Chrome, page: Served) -> None:
    browser.delete_all_cookies()
    token = json.loads((page.home / "run" / "xltool" / "page.json").read_text())["token"]
    with elsewhere(page, key_of(token)) as address:
        browser.get(address)
        one(browser, "a").click()
        heading(browser, "检查")


@contextmanager
def elsewhere(page: Served, key: str = "") -> Iterator[str]:
    """The address of another page, which knows where ours is."""
    Elsewhere.target, Elsewhere.key = page.address if key else page.place, key
    with ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_port}/" if key else f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
