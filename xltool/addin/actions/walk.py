"""上一个/下一个问题: selects the cells that the last check marked, by importance."""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

from xltool.addin import memory
from xltool.addin.excel.com import ComError, assign, each, is_refusal, patiently, why
from xltool.addin.excel.finding import OpenBook
from xltool.addin.excel.marking import note_of
from xltool.addin.memory import Problem
from xltool.addin.screen import Screen
from xltool.excel.mark.brackets import framed
from xltool.report.text import WORDS
from xltool.report.words.marking import in_a_line

_VISIBLE, _VERY_HIDDEN = -1, 2  # xlSheetVisible, xlSheetVeryHidden
_WORDS = {severity.value: word for severity, word in WORDS.items()}
_LONGEST = 180
"""Letters of a problem in the line below the sheet, which takes 255."""

_FOR_ITS_MAKER = "它在 Excel 的“取消隐藏”里也看不到，请制作这个工作簿的人显示它"


class _Place(NamedTuple):
    """A cell and its sheet, as Excel has them."""

    sheet: Any
    cell: Any


def to_next(book: OpenBook, screen: Screen) -> int:
    """Select the next cell; returns 0. Raises ExcelRefused if Excel stays busy."""
    return _to(book, screen, 1, "已经是最后一处问题。")


def to_previous(book: OpenBook, screen: Screen) -> int:
    """Select the cell before."""
    return _to(book, screen, -1, "已经是第一处问题。")


def _to(book: OpenBook, screen: Screen, step: int, at_the_end: str) -> int:
    checked = memory.last_check(book.full_name)
    if checked is None or not checked.problems:
        screen.tell(f"“{book.name}”没有可看的问题：还没有检查，或检查时没有问题。请先点“检查”。")
        return 0
    count = len(checked.problems)
    first = checked.shown + step if checked.shown >= 0 else 0 if step > 0 else count - 1
    lost = 0
    for number in range(first, count if step > 0 else -1, step):
        problem = checked.problems[number]
        place = patiently(partial(_found, book, problem))
        if place is None:
            lost += 1
            continue
        told = f"{number + 1}/{count} {_WORDS.get(problem.severity, '')} {in_a_line(problem.text)}"
        _show(book, screen, place, f"{told[:_LONGEST]}（{checked.at} 检查，改过以后请再检查）")
        memory.remember_check(book.full_name, checked._replace(shown=number))
        return 0
    gone = f"另有 {lost} 处的标注已经不在：检查以后工作簿改过，请再点一次“检查”。" if lost else ""
    screen.tell(at_the_end + gone)
    return 0


def _found(book: OpenBook, problem: Problem) -> _Place | None:
    """Where the problem is now: its note went with its cell when rows were put in; None if it is gone."""
    sheet = next((one for one in each(book.book.api.Worksheets) if one.Name == problem.sheet), None)
    if sheet is None:
        return None
    cell, ours = sheet.Range(problem.cell), framed(problem.text)
    if not problem.has_note or ours in note_of(cell):
        return _Place(sheet, cell)
    moved = (comment.Parent for comment in each(sheet.Comments) if ours in comment.Text())
    return next((_Place(sheet, cell) for cell in moved), None)


def _show(book: OpenBook, screen: Screen, place: _Place, told: str) -> None:
    sheet, cell = place
    name, visible, address = patiently(lambda: (sheet.Name, sheet.Visible, cell.Address))
    if visible != _VISIBLE:
        how = _FOR_ITS_MAKER if visible == _VERY_HIDDEN else "请取消隐藏后再看"
        screen.tell(f"{told}\n工作表“{name}”隐藏着：{how}。")
        return

    def go() -> None:
        book.app.api.Goto(cell)
        is_hidden = cell.EntireRow.Hidden or cell.EntireColumn.Hidden
        assign(book.app, "status_bar", f"这一格被筛选或隐藏了，取消以后才看得到。{told}" if is_hidden else told)

    try:
        patiently(go)
    except ComError as error:
        if not is_refusal(error):
            raise
        screen.tell(f"{told}\nExcel 不让选中“{name}!{address.replace('$', '')}”（{why(error)}）：请自己找到它。")
