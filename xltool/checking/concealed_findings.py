"""Tells what a workbook does not show: hidden figures, results that are old, digits that a format leaves away."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from xltool.checking.problems import HIDDEN, HIDDEN_SHEET, MANUAL, OUTDATED, SHORTENED, problem
from xltool.checking.tell.related import related_cells
from xltool.checking.tell.words import Words, quoted
from xltool.layout.book import Book
from xltool.model import Finding, Role, Severity, Statement


def concealed_findings(book: Book, words: Words) -> Iterator[Finding]:
    """What somebody who looks at the open workbook does not see, but receives with it."""
    yield from _hidden(book)
    yield from _hidden_sheets(book)
    yield from _not_calculated_anew(book, words)
    yield from _shortened(book, words)


def _hidden(book: Book) -> Iterator[Finding]:
    """One for a sheet, at its first hidden figure."""
    for sheet, cells in groupby(book.seen.hidden, key=lambda cell: cell.sheet):
        first, *more = cells
        count = f"{first.a1}{f' 等 {len(more) + 1} 格' if more else ''}"
        what, is_whole = f"工作表{quoted(sheet)}", sheet in book.seen.hidden_sheets
        says = (
            "{what}已隐藏{basis}，里面的数（{found}）照样读了。"
            if is_whole
            else "{what}有隐藏的数（{found}），照样读了。"
        )
        yield problem(HIDDEN, Statement(says, what, count, basis=_how_deep(book, sheet)), cell=first)


def _hidden_sheets(book: Book) -> Iterator[Finding]:
    """Sheets beside the tables; those that amounts come from are worth more than a remark."""
    for first, numbers, users in book.seen.aside:
        cells = [cell for place in users if (cell := book.layout.cell(place)) is not None]
        statement = Statement(
            "{what}已隐藏{basis}，里面有 {found}，没有读{expected}。",
            f"工作表{quoted(first.sheet)}",
            f"{numbers} 个数",
            f"；{cells[0].in_book}{f' 等 {len(cells)} 格' if cells[1:] else ''}的金额取自它" if cells else "",
            _how_deep(book, first.sheet),
        )
        compared = related_cells(book, dict.fromkeys(users, Role.COMPARED))
        found = problem(HIDDEN_SHEET, statement, cell=first, places=compared)
        yield found._replace(severity=Severity.WARNING, verdict=Severity.WARNING.verdict) if users else found


def _how_deep(book: Book, sheet: str) -> str:
    return "（深度隐藏，菜单里取消不了）" if sheet in book.seen.very_hidden else ""


def _not_calculated_anew(book: Book, words: Words) -> Iterator[Finding]:
    """A workbook that is calculated on demand, or the totals of each sheet that show something old."""
    outdated = book.seen.outdated
    if book.seen.is_manual:
        cells = [cell for place in outdated if (cell := book.layout.cell(place)) is not None]
        old = f"，{cells[0].in_book}{f' 等 {len(cells)} 格' if cells[1:] else ''}显示的还是旧的结果" if cells else ""
        statement = Statement("{what}设为手动计算，改了数合计不会跟着变{found}。", "工作簿", old)
        yield problem(MANUAL, statement, cell=cells[0] if cells else None)
        return
    for _, group in groupby(outdated, key=lambda place: place.block):
        first, *others = group
        statement = Statement(
            "{what}显示 {found}，按现在的数应是 {expected}{basis}。",
            words.place(first, first),
            f"{outdated[first]:f}",
            words.value(first),
            f"；同样的还有 {len(others)} 格" if others else "",
        )
        alike = related_cells(book, dict.fromkeys(others, Role.ALIKE))
        yield problem(OUTDATED, statement, book.layout.key(first), book.layout.cell(first), alike)


def _shortened(book: Book, words: Words) -> Iterator[Finding]:
    """One for a table, at the first amount that is not shown in full; those typed in come first."""
    for _, group in groupby(book.seen.shortened, key=lambda place: place.block):
        places = sorted(group, key=lambda place: (place in book.live, place))
        first, *others = places
        statement = Statement(
            "{what}是 {found}，单元格格式只{basis}。",
            words.place(first, first),
            f"{book.values[first]:f}",
            basis=book.seen.shortened[first] + (f"；同样的还有 {len(others)} 格" if others else ""),
        )
        alike = related_cells(book, dict.fromkeys(others, Role.ALIKE))
        yield problem(SHORTENED, statement, book.layout.key(first), book.layout.cell(first), alike)
