"""检查: what `xltool check` finds, marked in the open workbook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from xltool.addin import memory
from xltool.addin.excel.com import patiently
from xltool.addin.excel.examining import Copied, copied, ensure_may_change, examined
from xltool.addin.excel.finding import OpenBook
from xltool.addin.excel.marking import Left, Put, put_marks
from xltool.addin.excel.quiet import saying
from xltool.addin.memory import Problem
from xltool.addin.screen import Screen
from xltool.addin.undo import may_be_emptied
from xltool.api.books import marks as marks_of
from xltool.excel.mark.marks import Mark, by_sheet
from xltool.report.groups import WHOLE_WORKBOOK
from xltool.report.text import WORDS, summary
from xltool.report.words.marking import in_a_line, signed_text

if TYPE_CHECKING:
    from xltool.diagnose.report import Report
    from xltool.model import Finding

_NOT_MARKED = "没有标注，工作簿没有改动。"
_SHARED = "这是共享工作簿，Excel 不允许在里面设置颜色，所以没有标注：请先取消共享再检查。"
_READ_ONLY = "工作簿是以只读方式打开的：要留下标注，请另存为一个新文件。"
_NOT_SAVED = "标注在打开的工作簿里，要留下请保存（开着“自动保存”的会自己存）。"
_MANUAL = "Excel 现在是手动计算，表上公式的结果可能是旧的：请按 F9 重算后再检查一次。"
_TOLD = 8
"""So many problems that could not be marked are told in the dialog."""

_LONGEST = 120
"""Letters of one of them."""


def check(book: OpenBook, screen: Screen) -> int:
    """Check, mark and tell; returns 0 if nothing is to be corrected, else 1. Raises ExcelRefused, and what reading
    the copy raises."""
    with saying(book.app, "xltool 正在检查……"):
        copy = copied(book)
        report = examined(copy)
        told = [book.name, summary(report), *mark(book, screen, copy, report)]
    screen.tell("\n".join(told))
    return 0 if report.is_clean else 1


def mark(book: OpenBook, screen: Screen, copy: Copied, report: Report) -> Iterator[str]:
    """Put the marks of a report into the workbook; tells what came of it."""
    marks = marks_of(report.findings)
    had_marks = any(there.noted or there.coloured for there in copy.seen.values())
    native = book.book.api
    yield from _unmarkable(report.findings)
    if patiently(lambda: book.app.calculation) == "manual":
        yield _MANUAL
    if not marks and not had_marks:
        memory.forget_check(book.full_name)
        return
    put = None
    if copy.is_signed:
        yield signed_text(Path(book.name))
    elif patiently(lambda: native.MultiUserEditing):
        yield _SHARED
    elif not may_be_emptied(screen):
        yield _NOT_MARKED
    else:
        ensure_may_change(book, copy)  # the user may have worked on meanwhile
        with saying(book.app, f"xltool 正在标注 {len(marks)} 处……"):  # a thousand take a while
            put = put_marks(book, marks, copy.seen)
    without_note = marks if put is None else [one for left in put.left for one in left.marks]
    problems = _by_importance(marks, without_note)
    memory.remember_check(book.full_name, memory.Checked(f"{datetime.now():%H:%M}", problems))
    if put is None:
        yield from _listed(problems)
        return
    yield from _what_was_put(put)
    yield from _hidden_by_filters(book, marks)
    yield _READ_ONLY if patiently(lambda: native.ReadOnly) else _NOT_SAVED


def _by_importance(marks: Sequence[Mark], without_note: Sequence[Mark]) -> tuple[Problem, ...]:
    """One problem a cell, in the order in which the findings are told: the cell's colour, and its whole text."""
    cells = by_sheet(marks)
    lacking = {(one.sheet, one.cell) for one in without_note}
    severities = {
        (name, cell): severity
        for name, there in cells.items()
        for severity, coloured in there.coloured.items()
        for cell in coloured
    }
    return tuple(
        Problem(*at, severities[at], cells[at[0]].texts[at[1]], at not in lacking)
        for at in dict.fromkeys((one.sheet, one.cell) for one in marks)
    )


def _what_was_put(put: Put) -> Iterator[str]:
    yield f"已标注 {put.cells} 格。" if put.cells else "没有要标注的单元格，原来的标注已去掉。"
    for left in put.left:
        yield f"“{left.sheet}”：{left.why}{_which(left)}"


def _which(left: Left) -> str:
    if not left.marks:
        return "。"
    return "\n".join([f"，有 {len(left.marks)} 处：", *_listed(left.marks)])


def _listed(problems: Sequence[Mark | Problem]) -> Iterator[str]:
    """What the user does not see in the workbook."""
    for one in problems[:_TOLD]:
        yield f"　{_cut(f'{one.sheet}!{one.cell}　{in_a_line(one.text)}')}"
    if len(problems) > _TOLD:
        yield f"　…共 {len(problems)} 处，用“下一个问题”逐处看。"


def _unmarkable(findings: Iterable[Finding]) -> Iterator[str]:
    """What is wrong with no cell of its own."""
    told = [finding for finding in findings if finding.is_open and finding.cell is None]
    if told:
        yield f"{WHOLE_WORKBOOK}：{len(told)} 处不在单元格上："
    for finding in told[:_TOLD]:
        yield f"　{_cut(f'{WORDS[finding.severity]}　{finding.rule} {finding.name}：{finding.statement}')}"
    if len(told) > _TOLD:
        yield f"　…共 {len(told)} 处，用“打开页面”看全部。"


def _hidden_by_filters(book: OpenBook, marks: Iterable[Mark]) -> Iterator[str]:
    sheets = dict.fromkeys(one.sheet for one in marks)
    filtered = patiently(lambda: [name for name in sheets if book.book.sheets[name].api.FilterMode])
    if filtered:
        yield f"{'、'.join(f'“{name}”' for name in filtered)}正在筛选，筛掉的行里的标注看不到：请清除筛选后再看。"


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
