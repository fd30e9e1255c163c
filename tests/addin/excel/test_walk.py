"""上一个/下一个问题: by importance, to where the cells are now."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.addin.excel.fake.engine import Engine
from tests.addin.excel.fake.model import HIDDEN, VERY_HIDDEN, Book, Excel
from tests.addin.excel.fake.screen import FakeScreen
from xltool.addin.running import run_on

SHEET = "项目绩效自评表"
ORDER = ["V7", "P8", "V9", "V10", "V11", "M8"]
"""Errors, then the warning."""


@pytest.fixture
def checked(opened: Callable[..., Book], screen: FakeScreen) -> Book:
    """A workbook that was just checked."""
    book = opened()
    run_on("check", 10, screen)
    screen.told.clear()
    return book


def walk(excel: Excel, screen: FakeScreen, action: str, times: int = 1) -> list[str]:
    """The cells that are selected one after the other."""
    cells = []
    for _ in range(times):
        assert run_on(action, 10, screen) == 0
        assert excel.active
        cells.append(excel.active.active_sheet.selection.address)
    return cells


def test_errors_come_first_and_both_ends_are_told(checked: Book, excel: Excel, screen: FakeScreen) -> None:
    assert walk(excel, screen, "next", 6) == ORDER
    assert not screen.told
    assert walk(excel, screen, "next") == ORDER[-1:]
    assert screen.last == "已经是最后一处问题。"
    assert walk(excel, screen, "previous", 5) == ORDER[-2::-1]
    walk(excel, screen, "previous")
    assert screen.last == "已经是第一处问题。"


def test_the_line_below_the_sheet_says_what_is_wrong(checked: Book, excel: Excel, screen: FakeScreen) -> None:
    walk(excel, screen, "next")
    told = str(excel.status_bar)
    assert told.startswith("1/6 错误 S03.1 整行错位：表“项目绩效自评表”第 7 行从“经济效益指标·完成情况”（V7）起")
    assert told.endswith(" 检查，改过以后请再检查）")
    assert len(told) <= 255
    run_on("check", 10, screen)
    assert excel.status_bar is False


def test_backwards_begins_with_the_last(checked: Book, excel: Excel, screen: FakeScreen) -> None:
    assert walk(excel, screen, "previous") == ["M8"]


def test_rows_that_were_put_in_are_no_matter(checked: Book, excel: Excel, screen: FakeScreen) -> None:
    """Excel moves the notes with their cells."""
    stored = checked.sheet(SHEET).stored
    notes = {cell.coordinate: cell.comment for row in stored.iter_rows() for cell in row if cell.comment}
    for cell in notes:
        stored[cell].comment = None
    for cell, note in notes.items():
        stored[f"{cell.rstrip('0123456789')}{int(cell.lstrip('MPV')) + 3}"].comment = note
    assert walk(excel, screen, "next", 2) == ["V10", "P11"]


def test_marks_that_are_gone_are_passed_over_and_told_at_the_end(
    checked: Book, excel: Excel, screen: FakeScreen
) -> None:
    checked.sheet(SHEET).stored["P8"].comment = None
    checked.sheet(SHEET).stored["M8"].comment = None
    assert walk(excel, screen, "next", 4) == ["V7", "V9", "V10", "V11"]
    walk(excel, screen, "next")
    assert screen.last == ("已经是最后一处问题。另有 1 处的标注已经不在：检查以后工作簿改过，请再点一次“检查”。")


def test_a_sheet_that_is_gone(checked: Book, excel: Excel, screen: FakeScreen) -> None:
    checked.sheet(SHEET).name = "改了名"
    walk(excel, screen, "next")
    assert "另有 6 处的标注已经不在" in screen.last


def test_not_checked_yet(opened: Callable[..., Book], screen: FakeScreen) -> None:
    opened()
    run_on("next", 10, screen)
    assert screen.last == "“自评.xlsx”没有可看的问题：还没有检查，或检查时没有问题。请先点“检查”。"


def test_cleared_marks_are_not_walked(checked: Book, screen: FakeScreen) -> None:
    run_on("clear", 10, screen)
    run_on("next", 10, screen)
    assert screen.last.startswith("“自评.xlsx”没有可看的问题")


def test_a_hidden_row_is_told(checked: Book, excel: Excel, screen: FakeScreen) -> None:
    checked.sheet(SHEET).stored.row_dimensions[7].hidden = True
    assert walk(excel, screen, "next") == ["V7"]
    assert str(excel.status_bar).startswith("这一格被筛选或隐藏了，取消以后才看得到。1/6 ")


def test_a_hidden_sheet_is_told_and_the_walk_goes_on(checked: Book, excel: Excel, screen: FakeScreen) -> None:
    checked.sheet(SHEET).visible = HIDDEN
    walk(excel, screen, "next", 2)
    assert screen.last.startswith("2/6 错误 S03.1 整行错位")
    assert screen.last.endswith("工作表“项目绩效自评表”隐藏着：请取消隐藏后再看。")
    checked.sheet(SHEET).visible = VERY_HIDDEN
    walk(excel, screen, "next")
    assert screen.last.endswith("隐藏着：它在 Excel 的“取消隐藏”里也看不到，请制作这个工作簿的人显示它。")


def test_a_cell_that_may_not_be_selected_is_named(checked: Book, excel: Excel, screen: FakeScreen) -> None:
    excel.lets_nothing_be_selected = True
    walk(excel, screen, "next")
    assert screen.last.endswith("\nExcel 不让选中“项目绩效自评表!V7”（引用无效）：请自己找到它。")


def test_cells_without_notes_are_walked_by_their_addresses(
    opened: Callable[..., Book], excel: Excel, screen: FakeScreen
) -> None:
    opened(shared=True)
    run_on("check", 10, screen)
    assert walk(excel, screen, "next", 6) == ORDER


def test_each_workbook_has_its_own_walk(
    checked: Book, opened: Callable[..., Book], excel: Excel, screen: FakeScreen
) -> None:
    walk(excel, screen, "next")
    opened(place=r"C:\预算\另一个.xlsx")
    run_on("check", 10, screen)
    assert walk(excel, screen, "next") == ["V7"]
    excel.active = checked
    assert walk(excel, screen, "next") == ["P8"]


def test_a_walk_takes_few_calls(checked: Book, excel: Excel, screen: FakeScreen, engine: Engine) -> None:
    before = engine.line.transfers
    walk(excel, screen, "next", 6)
    assert engine.line.transfers - before <= 6 * 25
