"""检查 and 清除标注: what `xltool check` finds and marks in the saved file, in the open workbook."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.workbook import Workbook

import xltool
from tests.addin.excel.conftest import sample
from tests.addin.excel.fake.model import Book
from tests.addin.excel.fake.screen import FakeScreen
from tests.budgets import BUDGETS, SELFEVAL
from xltool.addin.running import run_on
from xltool.report.text import summary

Opened = Callable[..., Book]
Marked = dict[tuple[str, str], tuple[str, str]]


def marked(workbook: Workbook) -> Marked:
    """The note of every cell that has one, and the colour that a rule of ours gives it."""
    colours = {
        (sheet.title, cell): rule.dxf.fill.bgColor.rgb
        for sheet in workbook
        for there in sheet.conditional_formatting
        for rule in there.rules
        if rule.formula and "xltool:" in rule.formula[0]
        for cell in str(there.sqref).split()
    }
    notes = {
        (sheet.title, cell.coordinate): cell.comment.text
        for sheet in workbook
        for row in sheet.iter_rows()
        for cell in row
        if cell.comment
    }
    return {at: (notes.get(at, ""), colours.get(at, "")) for at in notes | colours}


@pytest.mark.parametrize("name", BUDGETS)
def test_finds_and_marks_what_check_does_in_the_saved_file(
    name: str, opened: Opened, screen: FakeScreen, tmp_path: Path
) -> None:
    book = opened(sample(name), r"C:\预算.xlsx")
    saved = tmp_path / "预算.xlsx"
    book.stored.save(saved)
    report = xltool.check(xltool.read(saved))
    cells = xltool.annotate(saved, report.findings).cells

    assert run_on("check", 10, screen) == 1

    assert marked(book.stored) == marked(openpyxl.load_workbook(saved))
    assert screen.last.splitlines()[:2] == ["预算.xlsx", summary(report)]
    assert f"已标注 {cells} 格。\n标注在打开的工作簿里，要留下请保存" in screen.last


@pytest.fixture
def checked(opened: Opened, screen: FakeScreen) -> Book:
    """A small workbook with notes of the user's, one of them at a cell that is marked, that was checked in Excel."""
    stored = sample(SELFEVAL)
    stored.worksheets[0]["A1"].comment = Comment("标题由科室定", "王会计")
    book = opened(stored)
    run_on("check", 10, screen)
    at, cell = next(at for at, (_, colour) in marked(stored).items() if colour)
    run_on("clear", 10, screen)
    stored[at][cell].comment = Comment("𠮷行核对过", "王会计")
    run_on("check", 10, screen)
    return book


def test_the_users_notes_are_kept_and_ours_stands_below(checked: Book, screen: FakeScreen) -> None:
    notes = [note for note, _ in marked(checked.stored).values()]
    assert "标题由科室定" in notes
    (below,) = [note for note in notes if note.startswith("𠮷行核对过")]
    assert below.startswith("𠮷行核对过\n\n【xltool】")
    run_on("clear", 10, screen)
    assert sorted(note for note, _ in marked(checked.stored).values()) == ["标题由科室定", "𠮷行核对过"]
    assert not any(colour for _, colour in marked(checked.stored).values())
    assert screen.last == "自评.xlsx：已去掉 6 处标注，还没有存盘。"


def test_clear_on_the_saved_file_removes_all_of_ours_and_nothing_else(checked: Book, tmp_path: Path) -> None:
    saved = tmp_path / "自评.xlsx"
    checked.stored.save(saved)
    assert xltool.clear(saved) == 6
    left = marked(openpyxl.load_workbook(saved))
    assert sorted(left.values()) == [("标题由科室定", ""), ("𠮷行核对过", "")]


def test_checking_again_replaces_our_earlier_marks(checked: Book, screen: FakeScreen) -> None:
    before = marked(checked.stored)
    run_on("check", 10, screen)
    assert marked(checked.stored) == before


def test_marks_that_the_file_had_from_check_are_replaced_too(
    opened: Opened, screen: FakeScreen, tmp_path: Path
) -> None:
    saved = tmp_path / "自评.xlsx"
    sample(SELFEVAL).save(saved)
    xltool.annotate(saved, xltool.check(xltool.read(saved)).findings)
    book = opened(openpyxl.load_workbook(saved))
    before = marked(book.stored)
    run_on("check", 10, screen)
    assert marked(book.stored) == before
    run_on("clear", 10, screen)
    assert marked(book.stored) == {}


def test_a_workbook_without_marks_says_so_when_cleared(opened: Opened, screen: FakeScreen) -> None:
    opened(sample(SELFEVAL))
    assert run_on("clear", 10, screen) == 0
    assert screen.last == "自评.xlsx：没有标注。"


def test_the_copy_is_gone_afterwards_and_so_is_one_that_was_left_behind(
    opened: Opened, screen: FakeScreen, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    left = tmp_path / "xltool-excel-old"
    left.mkdir()
    (left / "预算.xlsx").write_bytes(b"")
    os.utime(left, (0, 0))
    book = opened()
    run_on("check", 10, screen)
    (copy,) = book.copies
    assert copy.name == "自评.xlsx"
    assert not [*tmp_path.glob("xltool-excel-*")]
