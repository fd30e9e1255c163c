"""What a launcher does with workbooks that are dropped on it, as far as it is the same on every system."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import webbrowser
from pathlib import Path
from urllib.parse import unquote

import pytest

from bundle.inside import xltool_bundle
from tests import ROOT
from tests.page.served import Served
from xltool.page import private


@pytest.fixture
def sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workbook of a user whose folders are all in `tmp_path`."""
    monkeypatch.setattr(private, "storage_folder", lambda: tmp_path)
    return Path(shutil.copy(ROOT / "samples" / "qinglong-2024" / "预算.xlsx", tmp_path))


def test_the_findings_stay_when_the_dialog_is_closed_and_what_a_browser_reads_is_whole(
    sent: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = []

    def browse(address: str) -> bool:
        page = Path(unquote(address.removeprefix("file://")))
        opened.append((page, page.open(encoding="utf-8")))
        return True

    monkeypatch.setattr(webbrowser, "open", browse)
    assert xltool_bundle.main(["check", str(sent)]) == 0
    [(page, reading)] = opened
    with reading:
        assert "共 1 个文件" in reading.read()  # a browser that began to read then reads to the end of that page
    assert "url=检查报告.html" in page.read_text(encoding="utf-8")
    assert "<article" in (page.parent / "检查报告.html").read_text(encoding="utf-8")


def test_where_no_browser_starts_a_dialog_says_where_the_report_is(sent: Path, dialogs: list[str]) -> None:
    assert xltool_bundle.main(["check", str(sent)]) == 0
    [told] = dialogs
    report = re.search("报告在“(.*)”", told)
    assert report is not None and "<article" in Path(report[1]).read_text(encoding="utf-8")


def test_where_no_browser_starts_a_dialog_says_the_address_of_the_page(
    dialogs: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(title: str, told: str) -> None:
        dialogs.append(told)
        key = told[told.index("http") :]
        page = Served(subprocess.Popen("true", text=True), key.partition("/open")[0], key, tmp_path)
        page.open()
        page.ask("POST", "/quit", headers={"Origin": page.address})

    monkeypatch.setattr(xltool_bundle, "_show", read)
    for name in ("XDG_RUNTIME_DIR", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    assert xltool_bundle.main(["page"]) == 0
    assert dialogs[0].startswith("请在一分钟内用浏览器打开（只能用一次）：http://127.0.0.1:")


@pytest.fixture
def dialogs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """The dialogs that are shown where no browser is."""
    shown: list[str] = []
    monkeypatch.setattr(private, "storage_folder", lambda: tmp_path)
    monkeypatch.setattr(webbrowser, "open", lambda address: False)
    monkeypatch.setattr(xltool_bundle, "_show", lambda title, told: shown.append("\n".join(told)))
    return shown


def test_a_folder_that_lasts_is_removed_by_the_next_that_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process made it, which is over."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    make = "from xltool.page.private import lasting_folder; print(lasting_folder())"
    folders = []
    for _ in range(2):
        said = subprocess.run([sys.executable, "-c", make], capture_output=True, text=True, check=True).stdout
        folders.append(Path(said.strip()))
        assert [folder.exists() for folder in folders] == [False] * (len(folders) - 1) + [True]
