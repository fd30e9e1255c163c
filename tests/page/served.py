"""A page that really runs, as another process, and a browser of a few lines that asks it for things."""

from __future__ import annotations

import http.client
import io
import os
import re
import secrets
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

PATIENCE = 60


class Answer(NamedTuple):
    """What the page answered."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def text(self) -> str:
        return self.content.decode()


class Served:
    """A page that runs, with the cookie that it gave."""

    def __init__(self, process: subprocess.Popen[str], address: str, key_address: str, home: Path) -> None:
        self.process = process
        self.home = home
        self.address = address
        self.key_address = key_address
        self.cookie = ""
        self.root = ""

    @property
    def place(self) -> str:
        """Where the screens begin."""
        return self.address + self.root

    def open(self) -> Answer:
        """Use the key, as the browser does that is started."""
        answer = self.get(self.key_address.removeprefix(self.address), cookie="")
        self.cookie = answer.headers["set-cookie"].partition(";")[0]
        self.root = answer.headers["location"].rstrip("/")
        return answer

    def get(self, path: str, cookie: str | None = None, headers: Mapping[str, str] | None = None) -> Answer:
        return self.ask("GET", path, b"", cookie, headers)

    def ask(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        cookie: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """One request, with our cookie unless another is given."""
        connection = http.client.HTTPConnection(urlsplit(self.address).netloc, timeout=PATIENCE)
        sent = {"Cookie": self.cookie if cookie is None else cookie, **(headers or {})}
        place = path if path.startswith((self.root, "/open")) else self.root + path
        connection.request(method, place, body, {name: value for name, value in sent.items() if value})
        answer = connection.getresponse()
        found = Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
        connection.close()
        return found

    def post(
        self, path: str, fields: Sequence[tuple[str, str]] = (), files: Sequence[tuple[str, str, bytes]] = ()
    ) -> Answer:
        """Send a form as our own page does; files are (field, name, content)."""
        kind, body = form(fields, files)
        return self.ask("POST", path, body, headers={"Content-Type": kind, "Origin": self.address})

    def done(
        self, path: str, fields: Sequence[tuple[str, str]] = (), files: Sequence[tuple[str, str, bytes]] = ()
    ) -> str:
        """Send a form and wait until the work is done: where its result is."""
        answer = self.post(path, fields, files)
        assert answer.status == 303, answer.text
        where = answer.headers["location"]
        until = time.monotonic() + PATIENCE
        while "data-work" in self.get(where).text:
            assert time.monotonic() < until, self.get(where).text
            time.sleep(0.1)
        return where

    def end(self) -> int:
        """Ask it to end, as the end of a session does."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)


def form(fields: Sequence[tuple[str, str]], files: Sequence[tuple[str, str, bytes]]) -> tuple[str, bytes]:
    """A form as browsers send it: its content type and its body."""
    boundary = f"----{secrets.token_hex(8)}"
    parts = [f'Content-Disposition: form-data; name="{name}"\r\n\r\n{text}'.encode() for name, text in fields]
    for name, file, content in files:
        quoted = file.replace('"', "%22")
        head = f'Content-Disposition: form-data; name="{name}"; filename="{quoted}"\r\nContent-Type: x/y\r\n\r\n'
        parts.append(head.encode() + content)
    body = b"".join(b"--" + boundary.encode() + b"\r\n" + part + b"\r\n" for part in parts)
    return f"multipart/form-data; boundary={boundary}", body + b"--" + boundary.encode() + b"--\r\n"


def parts(workbook: bytes) -> dict[str, bytes]:
    """What a workbook is made of."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as package:
        return {one: package.read(one) for one in package.namelist()}


def started(home: Path, *options: str, pipe: int | None = subprocess.PIPE) -> subprocess.Popen[str]:
    """`xltool serve --no-browser` for a user whose folders are all in `home`."""
    runtime, temporary = home / "run", home / "tmp"
    for folder in (runtime, temporary):
        folder.mkdir(0o700, exist_ok=True)
    places = {"XDG_RUNTIME_DIR": str(runtime), "TMPDIR": str(temporary), "XDG_DATA_HOME": str(home / "data")}
    return subprocess.Popen(
        [sys.executable, "-m", "xltool", "serve", "--no-browser", *options],
        stdout=pipe,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, **places, "PYTHONUTF8": "1"},
    )


def told(process: subprocess.Popen[str], home: Path) -> Served:
    """The page that a process has told the address of."""
    assert process.stdout is not None
    for line in process.stdout:
        found = re.search(r"(http://127\.0\.0\.1:\d+)/open\?key=\S+", line)
        if found:
            return Served(process, found[1], found[0], home)
    raise AssertionError("no address was told")


@contextmanager
def serving(home: Path) -> Iterator[Served]:
    """A page that runs, opened; it is ended afterwards."""
    process = started(home)
    try:
        served = told(process, home)
        served.open()
        yield served
        served.end()
    finally:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def left_behind(home: Path) -> list[Path]:
    """What is still there of a page that has ended, but for its lock and the folders of its user."""
    return [path for path in home.rglob("*") if path.name != "page.lock" and not _is_kept(path.relative_to(home))]


def _is_kept(path: Path) -> bool:
    return (
        path.parts[0] in ("data", "downloads")
        or path.as_posix() in ("run", "tmp", "run/xltool")
        or path.match("tmp/xltool-*")
    )
