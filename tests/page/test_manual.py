"""使用手册: what it quotes is what the program says, what it shows is there, and the page shows it whole."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from urllib.parse import quote, unquote

import pytest

from tests import ROOT
from tests.page.served import Served, serving
from xltool.page.uploads import MOST_BYTES, MOST_FILES
from xltool.report.words.options import without_options

DOCS = ROOT / "docs"
PICTURES = DOCS / "pictures"
MANUAL = (DOCS / "使用手册.md").read_text(encoding="utf-8")
FOR_ADMINISTRATORS = (DOCS / "信息部门.md").read_text(encoding="utf-8")

PICTURE = re.compile(r"!\[([^\]]*)\]\(pictures/([^)]+)\)")
PUT_IN = re.compile(r"\{[^{}]*\}")
LARGEST_PICTURE = 150_000


@cache
def parts() -> frozenset[str]:
    """Everything the program says, cut where it puts something in: texts of the code, of pages, of the ribbon, of the
    programs that start the bundle."""
    return frozenset(part.strip() for part in _parts() if part.strip())


def _parts() -> Iterator[str]:
    for source in [path for folder in ("xltool", "addin", "bundle") for path in (ROOT / folder).rglob("*.py")]:
        for node in ast.walk(ast.parse(source.read_bytes())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield from PUT_IN.split(node.value)
                yield from PUT_IN.split(without_options(node.value))
    for page in (ROOT / "xltool").rglob("*.html"):
        text = re.sub(r"\{[{%#].*?[}%#]\}", "\n", page.read_text(encoding="utf-8"), flags=re.DOTALL)
        yield from re.split(r"<[^>]*>|\n", text)
        yield from re.findall(r'"([^"]*)"', page.read_text(encoding="utf-8"))
    for script in (ROOT / "xltool").rglob("*.[jc]s*"):
        yield from re.findall(r'"([^"]*)"', script.read_text(encoding="utf-8"))
    launcher = (ROOT / "bundle/launcher/launcher.c").read_text(encoding="utf-8")
    for literal in re.findall(r'L"((?:[^"]|"\s*L")*)"', launcher):
        yield from re.sub(r'"\s*L"', "", literal).split(r"\n\n")
    ribbon = (ROOT / "addin/package/customUI/customUI14.xml").read_text(encoding="utf-8")
    yield from re.findall(r'label="([^"]*)"', ribbon)


def is_said(text: str) -> bool:
    """Whether a text is made of whole parts of what the program says; "…" stands for what it puts in."""
    return all(_is_made_of_parts(piece) for piece in re.split(r"\s*…\s*", text) if piece)


def _is_made_of_parts(text: str) -> bool:
    ends = {0}
    for end in range(1, len(text) + 1):
        if any(text[start:end].strip() in parts() or not text[start:end].strip() for start in ends):
            ends.add(end)
    return len(text) in ends


def quoted() -> list[str]:
    return [line.removeprefix("> ") for line in MANUAL.splitlines() if line.startswith("> ")]


def named() -> list[str]:
    """What the manual calls by the name that it has in the program."""
    return [*dict.fromkeys(re.findall(r"\*\*([^*]+)\*\*", MANUAL))]


@pytest.mark.parametrize("message", quoted())
def test_the_program_says_what_the_manual_quotes(message: str) -> None:
    assert is_said(message)


@pytest.mark.parametrize("name", named())
def test_what_the_manual_names_is_in_the_program(name: str) -> None:
    assert name in parts()


def test_a_changed_word_of_a_message_is_noticed() -> None:
    assert not is_said("“…”其实是文本文档（如 .csv）：请在 Excel 或 WPS 中打开，另存为 .xlsx 后再试。")


def test_every_screen_and_every_button_is_in_the_manual() -> None:
    from bundle.launchers import LAUNCHERS
    from xltool.addin.running import ACTIONS
    from xltool.page.screens import SCREENS

    titles = [launcher.title for launcher in LAUNCHERS if "/" not in launcher.path]
    wanted = {*titles, *(screen.title for screen in SCREENS), *(action.label for action in ACTIONS.values())}
    assert wanted <= {*named()}


def test_every_picture_is_there_and_shown_once_with_what_it_shows() -> None:
    shown = PICTURE.findall(MANUAL)
    assert sorted(name for _, name in shown) == sorted(path.name for path in PICTURES.iterdir())
    assert all(alternative for alternative, _ in shown)


def test_pictures_are_small() -> None:
    assert [path.name for path in PICTURES.iterdir() if path.stat().st_size > LARGEST_PICTURE] == []


def test_administrators_are_told_the_files_and_limits_that_there_are() -> None:
    files = re.findall(r"`([\w.-]+\.(?:csv|ini|json|lock|log|xlam))`", FOR_ADMINISTRATORS)
    assert len(files) >= 8
    assert [name for name in files if not _is_made_of_parts(name)] == []
    assert f"至多 {MOST_FILES:,} 个文件，每个不超过 {MOST_BYTES >> 20} MB" in FOR_ADMINISTRATORS


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("home")) as served:
        yield served


@pytest.mark.parametrize(("name", "text"), [("", MANUAL), ("信息部门.md", FOR_ADMINISTRATORS)])
def test_the_page_shows_it_with_all_it_leads_to(page: Served, name: str, text: str) -> None:
    shown = page.get(f"/manual/{quote(name)}").text.partition("<main")[2]
    anchors = re.findall(r'<h\d id="([^"]+)"', shown)
    links = re.findall(r'(?:href|src)="([^"]+)"', shown)
    assert len(links) == len(re.findall(r"\]\(", text))
    for link in links:
        if link.startswith("#"):
            assert unquote(link[1:]) in anchors
        else:
            assert page.get(f"/manual/{link.partition('#')[0]}").status == 200, link


def test_no_other_document_is_shown(page: Served) -> None:
    assert page.get("/manual/..%2Ftables.py").status == 404
    assert page.get("/manual/tables.py").status == 404
