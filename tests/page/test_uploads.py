"""Forms with files: read as they come, in any pieces, and no more of them than we take."""

from __future__ import annotations

import asyncio
import http.client
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from starlette.requests import Request
from starlette.types import Message

from tests.page.served import PATIENCE, Served, form, serving
from xltool.page import uploads
from xltool.page.names import file_name
from xltool.page.uploads import Form, UploadRefused, read_form

FIELDS = [("who", "张三"), ("same", "甲=乙"), ("same", "")]
FILES = [("files", "预算 一.xlsx", b"\r\n--x\r\n" * 50), ("files", "", b""), ("roster", "a.csv", b"")]


def read(folder: Path, kind: str, body: bytes, size: int = 1 << 16, most_files: int = 2000) -> Form:
    pieces = [body[start : start + size] for start in range(0, len(body), size)] or [b""]
    messages: Iterator[Message] = iter(
        {"type": "http.request", "body": piece, "more_body": number < len(pieces)}
        for number, piece in enumerate(pieces, 1)
    )

    async def receive() -> Message:
        return next(messages)

    scope = {"type": "http", "method": "POST", "headers": [(b"content-type", kind.encode())]}
    return asyncio.run(read_form(Request(scope, receive), folder, most_files))


@pytest.mark.parametrize("size", [1, 7, 1 << 16])
def test_a_form_is_the_same_in_whatever_pieces_it_comes(tmp_path: Path, size: int) -> None:
    found = read(tmp_path, *form(FIELDS, FILES), size)
    assert found.text("who") == "张三" and found.texts("same") == ["甲=乙"] and found.text("nothing") == ""
    assert [(one.field, one.name, one.path.read_bytes()) for one in found.uploads] == [FILES[0], FILES[2]]
    assert found.file("roster") == tmp_path / "0002" / "a.csv"


def test_two_thousand_files_are_taken_and_one_more_is_not(tmp_path: Path) -> None:
    files = [("files", "预算.xlsx", b"x")] * (uploads.MOST_FILES + 1)
    (tmp_path / "a").mkdir()
    beside = [("roster", "名册.csv", b"x"), ("transfers", "往来.csv", b"x")]
    assert len(read(tmp_path / "a", *form([], [*files[1:], *beside])).files("files")) == 2000
    (tmp_path / "b").mkdir()
    with pytest.raises(UploadRefused, match="文件太多，一次最多 2000 个"):
        read(tmp_path / "b", *form([], files))


def test_what_is_too_large_is_refused_and_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_BYTES", 1 << 20)
    with pytest.raises(UploadRefused, match="“大.xlsx”过大"):
        read(tmp_path, *form([], [("files", "大.xlsx", b"x" * (3 << 20))]))
    assert (tmp_path / "0001" / "大.xlsx").stat().st_size <= 1 << 20
    with pytest.raises(UploadRefused, match="写的字太多"):
        read(tmp_path, *form([("who", "x" * (5 << 20))], []))


@pytest.mark.parametrize("kind", ["", "text/plain", "multipart/form-data", "multipart/form-data; boundary="])
def test_what_is_no_form_is_refused(tmp_path: Path, kind: str) -> None:
    with pytest.raises(UploadRefused, match="没有收到表单"):
        read(tmp_path, kind, b"x=1")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"nothing",
        b"--x\r\n",
        b"--x\r\nContent-Disposition\r\n\r\n",
        b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.xlsx"\r\n\r\nhalf of a workbook',
    ],
)
def test_a_form_that_is_not_whole_is_refused(tmp_path: Path, body: bytes) -> None:
    with pytest.raises(UploadRefused, match="不完整"):
        read(tmp_path, "multipart/form-data; boundary=x", body)


def test_a_boundary_that_no_browser_makes_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UploadRefused, match="不完整"):
        read(tmp_path, f"multipart/form-data; boundary={'x' * 5000}", b"")


def test_a_field_without_a_name_is_passed_over(tmp_path: Path) -> None:
    assert read(tmp_path, "multipart/form-data; boundary=x", b"--x\r\n\r\nx\r\n--x--") == Form({}, [])


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        ("预算.xlsx", "预算.xlsx"),
        ("../../etc/passwd", "passwd"),
        ("C:\\单位\\预算.xlsx", "预算.xlsx"),
        ('a<b>:"|?*\x00\n.xlsx', "a_b________.xlsx"),
        ("..", "文件"),
        ("", "文件"),
        (".xlsx", "文件.xlsx"),
        ("con.xlsx", "_con.xlsx"),
        ("~$预算.xlsx", "_~$预算.xlsx"),
        ("\u202exslx.exe", "_xslx.exe"),
        ("预算.xlsx. ", "预算.xlsx"),
    ],
)
def test_a_name_is_that_of_a_file_in_its_folder(sent: str, name: str) -> None:
    assert file_name(sent) == name


def test_a_long_name_keeps_its_ending() -> None:
    name = file_name("预" * 300 + ".xlsx")
    assert name.endswith("预.xlsx") and len(name.encode()) <= 155


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("home")) as served:
        yield served


def test_a_browser_that_goes_away_leaves_nothing(page: Served) -> None:
    kind, body = form([], [("files", "预算.xlsx", b"x" * (4 << 20))])
    connection = http.client.HTTPConnection(urlsplit(page.address).netloc)
    connection.putrequest("POST", f"{page.root}/check")
    headers = {"Content-Type": kind, "Content-Length": str(len(body)), "Cookie": page.cookie, "Origin": page.address}
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders(body[: 2 << 20])
    until = time.monotonic() + PATIENCE
    while not uploaded(page):
        assert time.monotonic() < until
        time.sleep(0.02)
    assert connection.sock is not None
    connection.sock.shutdown(socket.SHUT_RDWR)
    connection.close()
    while uploaded(page):
        assert time.monotonic() < until
        time.sleep(0.02)
    assert page.get("/codes").status == 200
    assert not (page.home / "data").exists()  # where mistakes of ours are written down


def uploaded(page: Served) -> list[Path]:
    return [*page.home.glob("tmp/xltool-*/work-*/*")]
