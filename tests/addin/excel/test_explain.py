"""说明: a reason typed in Excel is kept as `xltool check --keep` keeps it, and read again by both."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path

import openpyxl
import pytest

import xltool
from tests.addin.excel.fake.com import REJECTED, error
from tests.addin.excel.fake.engine import Engine
from tests.addin.excel.fake.model import VERY_HIDDEN, Book, Excel, Range, Sheet
from tests.addin.excel.fake.screen import FakeScreen
from tests.addin.excel.test_check import marked
from tests.addin.excel.test_marking import once
from xltool.addin.excel.finding import active_book, excel_of
from xltool.addin.excel.reasons import keep_reasons
from xltool.addin.running import run_on
from xltool.diagnose.accepting import Kept, Standing
from xltool.errors import ExcelRefused
from xltool.model import Acceptance

SHEET = "项目绩效自评表"
WARNING = "M8"


@pytest.fixture
def book(opened: Callable[..., Book], screen: FakeScreen) -> Book:
    """A workbook that was checked, its only warning selected."""
    book = opened()
    run_on("check", 10, screen)
    select(book, WARNING)
    return book


def select(book: Book, cell: str) -> None:
    book.active_sheet = book.sheet(SHEET)
    book.active_sheet.selection = Range(book.active_sheet, cell)


def test_a_reason_is_kept_and_the_warning_is_marked_no_more(
    book: Book, excel: Excel, screen: FakeScreen, tmp_path: Path
) -> None:
    assert (SHEET, WARNING) in marked(book.stored)
    excel.answers = ["=两个项目的目标本来相同"]
    assert run_on("explain", 10, screen) == 0, screen.told
    assert excel.asked[0].startswith("R06 各项目的文字不重复：“办公设备购置”（M6）、“信访事务”（M8）")
    assert screen.last.startswith(
        "已存入“审核说明”表：=两个项目的目标本来相同\n共核对 12 条等式：错误 5 处，已说明 1 处。"
    )
    assert (SHEET, WARNING) not in marked(book.stored)
    assert len(marked(book.stored)) == 5

    saved = tmp_path / "自评.xlsx"
    book.stored.save(saved)
    (kept,) = xltool.read(saved).accepted
    assert (kept.reason, kept.who, kept.date) == ("=两个项目的目标本来相同", "李会计", date.today().isoformat())
    report = xltool.check(xltool.read(saved))
    assert [finding.rule for finding in report.findings if finding.accepted] == ["R06"]


def test_the_sheet_is_the_one_that_check_keep_would_write(
    book: Book, excel: Excel, screen: FakeScreen, tmp_path: Path
) -> None:
    excel.answers = ["目标相同"]
    run_on("explain", 10, screen)
    in_excel, by_file = tmp_path / "甲.xlsx", tmp_path / "乙.xlsx"
    book.stored.save(in_excel)
    report = xltool.check(xltool.read(in_excel))
    xltool.annotate(in_excel, report.findings, by_file, xltool.api.reasons_to_keep(report))
    assert texts(in_excel) == texts(by_file)
    assert book.stored.sheetnames[-1] == "审核说明"


def texts(path: Path) -> list[list[object]]:
    """What stands in the sheet with the reasons."""
    rows = openpyxl.load_workbook(path)["审核说明"].iter_rows(max_col=9, values_only=True)
    return [[value or None for value in row] for row in rows]


def test_the_sheet_that_the_user_sees_stays_in_front(book: Book, excel: Excel, screen: FakeScreen) -> None:
    excel.answers = ["目标相同"]
    run_on("explain", 10, screen)
    assert (book.active_sheet.name, book.active_sheet.selection.address) == (SHEET, WARNING)


def test_a_second_reason_goes_into_the_same_sheet(book: Book, excel: Excel, screen: FakeScreen) -> None:
    excel.answers = ["目标相同", "改了说法"]
    run_on("explain", 10, screen)
    number = next(cell for row in book.stored["审核说明"].iter_rows() for cell in row if cell.value == "目标相同")
    number.value = None  # the user takes the reason back
    run_on("explain", 10, screen)
    assert book.stored.sheetnames.count("审核说明") == 1
    reasons = [cell.value for row in book.stored["审核说明"].iter_rows() for cell in row]
    assert "改了说法" in reasons
    assert "目标相同" not in reasons


def test_the_new_sheet_stands_behind_those_that_are_shown(book: Book, excel: Excel, screen: FakeScreen) -> None:
    shown = [one.name for one in book.sheets]
    book.sheets.append(Sheet(book, book.stored.create_sheet("数据")))
    book.sheets[-1].visible = VERY_HIDDEN
    select(book, WARNING)
    excel.answers = ["目标相同"]
    assert run_on("explain", 10, screen) == 0, screen.told
    assert [one.name for one in book.sheets] == book.stored.sheetnames == [*shown, "审核说明", "数据"]
    assert excel.macros_ran == []


def test_one_sheet_is_added_whenever_excel_is_busy_in_between(book: Book, engine: Engine, excel: Excel) -> None:
    kept = Kept(Acceptance("R06", "目标相同", "李会计", "2025-01-02"), Standing.HOLDS)
    before, step = [one.name for one in book.sheets], 0
    while engine.line.transfers >= step:
        engine.line.transfers, engine.line.before, step = 0, once(step + 1, error(REJECTED)), step + 1
        keep_reasons(active_book(excel_of(1)), [kept], "")
        engine.line.before = lambda number: None
        assert [one.name for one in book.sheets] == [*before, "审核说明"], step
        book.stored.remove(book.sheets.pop().stored)


def test_reasons_that_were_kept_are_there_wherever_excel_becomes_busy(book: Book, engine: Engine) -> None:
    first, second = (
        Kept(Acceptance("R06", reason, "李会计", "2025-01-02"), Standing.HOLDS) for reason in ("目标相同", "另一处")
    )
    there = active_book(excel_of(1))
    keep_reasons(there, [first], "")
    step = 0
    while engine.line.transfers >= step:
        engine.line.transfers, engine.line.before, step = 0, busy_from(step + 1), step + 1
        with suppress(ExcelRefused):
            keep_reasons(there, [first, second], "审核说明")
        engine.line.before = lambda number: None
        assert "目标相同" in [cell.value for row in book.stored["审核说明"].iter_rows() for cell in row], step


def busy_from(step: int) -> Callable[[int], None]:
    """Busy with one thing after the other, but not with what was taken from it."""

    def before(number: int) -> None:
        if step <= number < step + 9:
            raise error(REJECTED)

    return before


def test_a_sheet_that_is_a_chart_has_no_cell_to_explain(book: Book, excel: Excel, screen: FakeScreen) -> None:
    excel.shows_chart = True
    assert run_on("explain", 10, screen) == 2
    assert screen.last == "没有选中单元格：请选中有警告（黄色）的那一格，再点“说明”。"


def test_an_error_cannot_be_explained(book: Book, excel: Excel, screen: FakeScreen) -> None:
    select(book, "V7")
    assert run_on("explain", 10, screen) == 2
    assert screen.last == (
        f"“{SHEET}!V7”只有错误，错误要改正，不能用说明代替：请选中有警告（黄色）的那一格，再点“说明”。"
    )


def test_a_cell_without_a_warning(book: Book, screen: FakeScreen) -> None:
    select(book, "A1")
    assert run_on("explain", 10, screen) == 2
    assert screen.last == f"“{SHEET}!A1”没有警告要说明：请选中有警告（黄色）的那一格，再点“说明”。"


@pytest.mark.parametrize("answer", [False, "", "  "])
def test_nothing_typed_changes_nothing(book: Book, excel: Excel, screen: FakeScreen, answer: str | bool) -> None:
    before, told = marked(book.stored), len(screen.told)
    excel.answers = [answer]
    assert run_on("explain", 10, screen) == 0, screen.told
    assert (marked(book.stored), book.stored.sheetnames, len(screen.told)) == (
        before,
        [one.name for one in book.sheets],
        told,
    )


def test_a_signed_workbook(book: Book, excel: Excel, screen: FakeScreen) -> None:
    book.signed_by = ["李局长"]
    excel.answers = ["目标相同"]
    assert run_on("explain", 10, screen) == 2
    assert screen.last.startswith("“自评.xlsx”带有数字签名")
    assert "审核说明" not in book.stored.sheetnames


def test_a_workbook_whose_structure_is_protected(book: Book, screen: FakeScreen) -> None:
    book.protect_structure = True
    assert run_on("explain", 10, screen) == 2
    assert screen.last == (
        "工作簿的结构受保护，或是共享工作簿，不能加“审核说明”表：请先撤消保护，或保存后点“打开页面”，在那里写说明。"
    )


def test_a_sheet_with_reasons_that_is_protected(book: Book, excel: Excel, screen: FakeScreen) -> None:
    excel.answers = ["目标相同"]
    run_on("explain", 10, screen)
    for row in book.stored["审核说明"].iter_rows():
        for cell in row:
            if cell.value == "目标相同":
                cell.value = None
    book.sheet("审核说明").protect_contents = True
    assert run_on("explain", 10, screen) == 2
    assert screen.last.startswith("“审核说明”表受保护，不能存说明：请先撤消保护")
