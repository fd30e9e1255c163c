"""What a launcher does with workbooks that are dropped on it, as far as it is the same on every system."""

from __future__ import annotations

import shutil
import subprocess
import sys
import webbrowser
from pathlib import Path
from urllib.parse import unquote

import pytest

from bundle.inside import xltool_bundle
from tests import ROOT
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

    def browse(address: str) -> None:
        page = Path(unquote(address.removeprefix("file://")))
        opened.append((page, page.open(encoding="utf-8")))

    monkeypatch.setattr(webbrowser, "open", browse)
    assert xltool_bundle.main(["check", str(sent)]) == 0
    [(page, reading)] = opened
    with reading:
        assert "共 1 个文件" in reading.read()  # a browser that began to read then reads to the end of that page
    assert "url=检查报告.html" in page.read_text(encoding="utf-8")
    assert "<article" in (page.parent / "检查报告.html").read_text(encoding="utf-8")


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
