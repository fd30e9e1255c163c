"""The page as a server: who may ask it, that it runs once for each user, and that it leaves nothing behind."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

import pytest

from tests.page.served import PATIENCE, Served, left_behind, serving, started, told


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def page(home: Path) -> Iterator[Served]:
    with serving(home) as served:
        yield served


def test_the_key_moves_into_a_cookie_and_works_once(page: Served) -> None:
    again = page.get(page.key_address.removeprefix(page.address), cookie="")
    assert again.status == 403 and "已经用过" in again.text and "set-cookie" not in again.headers
    assert page.root not in again.text
    assert page.get("/", cookie="").status == 403
    assert page.get("/codes").status == 200


def test_a_key_that_nobody_made_opens_nothing(page: Served) -> None:
    for key in ("", "x", "1-2-3", "---", "１-é-é"):
        assert "set-cookie" not in page.get(f"/open?key={quote(key)}", cookie="").headers


@pytest.mark.parametrize("place", ["", "//evil.example", "%2F%2Fevil.example", "..", "a.b"])
def test_a_key_leads_to_no_other_place(home: Path, page: Served, place: str) -> None:
    key = told(started(home), home).key_address.removeprefix(page.address)
    assert page.get(f"{key}&at={place}", cookie="").headers["location"] == f"{page.root}/"


def test_a_start_may_lead_to_a_screen(home: Path, page: Served) -> None:
    opened = told(started(home, "--at", "生成"), home)
    assert opened.get(opened.key_address.removeprefix(opened.address)).headers["location"] == f"{page.root}/new"


def test_a_start_at_no_screen_names_those_there_are(home: Path) -> None:
    output, _ = started(home, "--at", "首页").communicate()
    assert output.startswith("页面没有“首页”这一栏：有 检查、")


def test_the_cookie_is_kept_from_scripts_and_other_sites(home: Path, page: Served) -> None:
    second = started(home)
    opened = told(second, home)
    cookie = opened.get(opened.key_address.removeprefix(opened.address)).headers["set-cookie"]
    assert "HttpOnly" in cookie and "samesite=strict" in cookie.lower()
    assert second.wait(PATIENCE) == 0
    second.communicate()


def test_a_second_start_opens_the_page_that_runs(home: Path, page: Served) -> None:
    second = started(home)
    assert told(second, home).address == page.address
    assert second.wait(PATIENCE) == 0
    second.communicate()


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "null"},
        {"Origin": "null", "Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_what_another_page_asks_for_is_not_done(page: Served, headers: dict[str, str]) -> None:
    for method in ("GET", "POST"):
        assert page.ask(method, "/alive" if method == "POST" else "/codes", headers=headers).status == 403


def test_another_name_of_this_machine_is_not_answered(page: Served) -> None:
    for host in ("evil.example", "localhost", "127.0.0.1"):
        assert page.get("/codes", headers={"Host": host}).status == 421


def test_our_own_forms_are_let_through(page: Served) -> None:
    for headers in ({"Origin": page.address}, {"Origin": "null", "Sec-Fetch-Site": "same-origin"}):
        assert page.ask("POST", "/alive", headers=headers).status == 204


@pytest.mark.parametrize("path", ["/codes", "/nothing", "/static/page.js"])
def test_every_answer_is_closed_to_others(page: Served, path: str) -> None:
    for headers in (page.get(path).headers, page.get(path, cookie="").headers):
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "unsafe" not in policy
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"


def test_no_page_asks_for_anything_elsewhere(page: Served) -> None:
    for path in ("/codes", "/rules", "/static/page.js", "/static/page.css"):
        assert "//" not in page.get(path).text.replace("// ", "").replace("http://www.w3.org", "")


def test_the_note_of_the_page_is_its_users_alone(home: Path, page: Served) -> None:
    note = home / "run" / "xltool" / "page.json"
    assert note.stat().st_mode & 0o077 == 0 and note.parent.stat().st_mode & 0o077 == 0
    assert page.address in note.read_text()


def test_it_ends_when_told_to_and_leaves_nothing(tmp_path: Path) -> None:
    with serving(tmp_path) as page:
        page.done("/new", [("template", "qinglong-2024")])
        assert page.ask("POST", "/quit", headers={"Origin": page.address}).status == 200
        assert page.process.wait(PATIENCE) == 0
    assert left_behind(tmp_path) == []


def test_a_start_while_the_page_ends_opens_a_new_one(tmp_path: Path) -> None:
    with serving(tmp_path) as page:
        page.ask("POST", "/quit", headers={"Origin": page.address})
        with serving(tmp_path) as next_page:
            assert page.process.wait(PATIENCE) == 0
            assert next_page.address != page.address and next_page.get("/codes").status == 200


def test_what_a_killed_page_left_is_removed_by_the_next() -> None:
    with TemporaryDirectory() as folder:  # its path is short, as that of temporary files is: sockets have room there
        home = Path(folder)
        process = started(home)
        killed = told(process, home)
        killed.open()
        killed.done("/check", files=[("files", "预算.xlsx", b"no workbook")])
        process.kill()
        process.communicate()
        assert len([*(home / "tmp").iterdir()]) == 1
        assert [*home.glob("tmp/xltool-*/work-*/*/*/预算.xlsx")]
        with serving(home) as page:
            assert page.get("/codes").status == 200
        assert left_behind(home) == []


def test_a_folder_that_others_can_look_into_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "run" / "xltool").mkdir(parents=True)
    (tmp_path / "run" / "xltool").chmod(0o755)
    process = started(tmp_path)
    output, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 2 and "不是只有您能看的文件夹" in output


def test_it_runs_without_standard_streams(tmp_path: Path) -> None:
    """As under pythonw, where sys.stdout and sys.stderr are None."""
    for folder in ("run", "tmp"):
        (tmp_path / folder).mkdir(0o700)
    program = (
        "import os, sys; os.environ.update(XDG_RUNTIME_DIR=sys.argv[1], TMPDIR=sys.argv[2]); sys.stdin = sys.stdout ="
        " sys.stderr = None; from xltool.cli import main; sys.exit(main(['serve', '--no-browser']))"
    )
    places = [str(tmp_path / "run"), str(tmp_path / "tmp")]
    process = subprocess.Popen([sys.executable, "-c", program, *places], start_new_session=True)
    until = time.monotonic() + PATIENCE
    try:
        while not (tmp_path / "run" / "xltool" / "page.json").exists():  # else the second may be the first
            assert time.monotonic() < until
            time.sleep(0.02)
        second = started(tmp_path)
        page = told(second, tmp_path)
        page.open()
        assert page.get("/codes").status == 200
        assert page.ask("POST", "/quit", headers={"Origin": page.address}).status == 200
        assert process.wait(PATIENCE) == 0
        second.communicate(timeout=PATIENCE)
    finally:
        process.kill()
        process.wait()
