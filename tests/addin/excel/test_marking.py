"""Marks in the open workbook: what goes over the line, what stays as it was, and what happens when Excel does not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial

import pytest
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule, ColorScaleRule
from openpyxl.styles import PatternFill
from openpyxl.workbook import Workbook

from tests.addin.excel.fake.com import DELETED, REJECTED, UNAVAILABLE, error, refusal
from tests.addin.excel.fake.engine import Engine
from tests.addin.excel.fake.marks import Conditions, Letters, rules_of
from tests.addin.excel.fake.model import Book, Excel, Range
from tests.addin.excel.test_check import marked
from xltool.addin.excel.com import ComError
from xltool.addin.excel.finding import active_book, excel_of
from xltool.addin.excel.marking import Left, Put, put_marks
from xltool.errors import ExcelRefused
from xltool.excel.mark.marks import Mark
from xltool.excel.mark.seen import Seen

RED, AMBER = "FFFF9C9B", "FFFFD965"


def book_of(rows: int, sheets: Sequence[str] = ("收入总表",)) -> Workbook:
    """A workbook whose sheets are filled so far."""
    stored = Workbook()
    stored.remove(stored.worksheets[0])
    for name in sheets:
        sheet = stored.create_sheet(name)
        for row in range(1, rows + 1):
            sheet.append([f"第 {row} 行", row])
    return stored


def marks(count: int, sheet: str = "收入总表") -> list[Mark]:
    """So many, one a cell."""
    return [Mark(sheet, f"B{row}", "error" if row % 2 else "warning", f"应为 {row}") for row in range(1, count + 1)]


def put(wanted: Sequence[Mark], seen: dict[str, Seen] | None = None) -> Put:
    """Mark the workbook that is in front of the first Excel."""
    return put_marks(active_book(excel_of(1)), wanted, seen or {})


def transfers(engine: Engine, stored: Workbook, wanted: Sequence[Mark]) -> int:
    """How many times something goes over the line while a new workbook is marked."""
    engine.excels[1].opened(stored, r"C:\预算.xlsx")
    before = engine.line.transfers
    put(wanted)
    return engine.line.transfers - before


def test_calls_depend_on_the_marks_and_not_on_the_cells(engine: Engine, excel: Excel) -> None:
    counted = partial(transfers, engine)
    few, more = counted(book_of(40), marks(10)), counted(book_of(40), marks(20))
    assert counted(book_of(2000), marks(20)) == more
    a_mark = (more - few) / 10
    assert a_mark <= 10
    assert counted(book_of(40), marks(40)) <= more + 20 * a_mark
    assert counted(book_of(40, ["收入总表", *"甲乙丙丁"]), marks(20)) <= more + 4 * 2


def test_a_cell_has_the_colour_of_the_worst_and_each_text_once(excel: Excel) -> None:
    book = excel.opened(book_of(3), r"C:\预算.xlsx")
    twice = [
        Mark("收入总表", "B2", "warning", "疑"),
        Mark("收入总表", "B2", "error", "错"),
        Mark("收入总表", "B2", "error", "错"),
    ]
    assert put(twice) == Put(1, 0, [])
    assert marked(book.stored) == {("收入总表", "B2"): ("【xltool】疑\n\n错【完】", RED)}


def test_hundreds_of_marks_are_cut_into_addresses_that_excel_takes(excel: Excel) -> None:
    book = excel.opened(book_of(400), r"C:\预算.xlsx")
    assert put(marks(400)).cells == 400
    assert {colour for _, colour in marked(book.stored).values()} == {RED, AMBER}
    assert len(marked(book.stored)) == 400


def test_the_users_rules_stay_behind_ours_in_their_order(excel: Excel) -> None:
    stored = book_of(5)
    sheet = stored.worksheets[0]
    fill = PatternFill("solid", bgColor="FF00FF00")
    sheet.conditional_formatting.add("B1:B5", CellIsRule(operator="greaterThan", formula=["3"], fill=fill))
    sheet.conditional_formatting.add("B1:B5", ColorScaleRule("min", None, "FFFFFFFF", "max", None, "FFFF0000"))
    book = excel.opened(stored, r"C:\预算.xlsx")
    put(marks(2))
    kinds = [rule.type for rule in rules_of(book.sheet("收入总表").stored)]
    assert kinds == ["expression", "expression", "cellIs", "colorScale"]
    assert not any(rule.stopIfTrue for rule in rules_of(book.sheet("收入总表").stored)[:2])
    put([], {"收入总表": Seen(coloured=frozenset({"B1"}))})
    assert [rule.type for rule in rules_of(book.sheet("收入总表").stored)] == ["cellIs", "colorScale"]


def test_a_note_is_made_as_large_as_its_text_and_a_larger_one_stays(excel: Excel) -> None:
    stored = book_of(3)
    stored.worksheets[0]["B2"].comment = Comment("请看", "王会计")
    book = excel.opened(stored, r"C:\预算.xlsx")
    sheet = book.sheet("收入总表")
    sheet.sizes["B2"] = (500.0, 20.0)
    put([Mark("收入总表", cell, "error", "一行\n" * 12) for cell in ("B1", "B2")])
    assert 150 < sheet.sizes["B1"][1] < sheet.sizes["B2"][1]
    assert sheet.sizes["B2"][0] == 500


def test_a_long_text_is_written_in_parts_that_excel_takes(excel: Excel) -> None:
    stored = book_of(2)
    stored.worksheets[0]["B2"].comment = Comment("请看", "王会计")
    book = excel.opened(stored, r"C:\预算.xlsx")
    text = "应为𠮷" * 200
    put([Mark("收入总表", cell, "error", text) for cell in ("B1", "B2")])
    assert marked(book.stored) == {
        ("收入总表", "B1"): (f"【xltool】{text}【完】", RED),
        ("收入总表", "B2"): (f"请看\n\n【xltool】{text}【完】", RED),
    }


def test_a_note_whose_letters_excel_does_not_delete_is_written_anew(excel: Excel) -> None:
    stored = book_of(1)
    stored.worksheets[0]["B1"].comment = Comment("请看" * 200 + "\n\n【xltool】旧的【完】", "王会计")
    book = excel.opened(stored, r"C:\预算.xlsx")
    book.sheet("收入总表").deletes_no_letters = True
    put(marks(1), SEEN)
    assert marked(book.stored)["收入总表", "B1"] == ("请看" * 200 + "\n\n【xltool】应为 1【完】", RED)


def test_nothing_of_a_note_that_is_written_anew_is_lost_however_long_excel_is_busy(
    engine: Engine, excel: Excel
) -> None:
    stored, left = book_of(1), [error(REJECTED)] * 20
    stored.worksheets[0]["B1"].comment = Comment("请看" * 200 + "\n\n【xltool】旧的【完】", "王会计")
    book = excel.opened(stored, r"C:\预算.xlsx")
    book.sheet("收入总表").deletes_no_letters = True

    def busy(_: int) -> None:
        if marked(book.stored)["收入总表", "B1"][0] == "请看" * 127 + "请" and left:  # after the first part
            raise left.pop()

    engine.line.before = busy
    put([], SEEN)
    assert (left, marked(book.stored)) == ([], {("收入总表", "B1"): ("请看" * 200, "")})


def test_a_cell_that_takes_no_note_is_told_and_the_others_have_theirs(excel: Excel) -> None:
    stored = book_of(3)
    stored.worksheets[0].merge_cells("A2:B2")
    book = excel.opened(stored, r"C:\预算.xlsx")
    found = put(marks(3))
    assert [(left.why, left.marks) for left in found.left] == [
        ("Excel 不接受（AddComment 方法无效），所以只着色", [marks(3)[1]])
    ]
    assert found.cells == 3
    assert [cell for (_, cell), (note, _) in marked(book.stored).items() if note] == ["B1", "B3"]


def test_a_note_that_excel_does_not_let_go_is_told(excel: Excel, monkeypatch: pytest.MonkeyPatch) -> None:
    book = excel.opened(marked_already(), r"C:\预算.xlsx")

    def refused(*_: object) -> None:
        raise refusal("不能删除。")

    monkeypatch.setattr(Letters, "delete", refused)
    assert put([], SEEN) == Put(0, 0, [Left("收入总表", "Excel 不接受（不能删除），B1 原来的批注没有去掉", [])])
    assert "【xltool】旧的【完】" in marked(book.stored)["收入总表", "B1"][0]


def protected(book: Book, formats: bool, notes: bool) -> None:
    """Protect the sheet 收入总表, but for what is allowed."""
    sheet = book.sheet("收入总表")
    sheet.protect_contents, sheet.protect_drawing_objects = True, not notes
    sheet.protection.allow_formatting_cells = formats


@pytest.mark.parametrize(
    ("formats", "notes", "told", "cells"),
    [
        (False, False, "工作表受保护，不能着色和写批注", 0),
        (True, False, "工作表受保护，不能写批注", 2),
        (False, True, "工作表受保护，不能着色", 2),
    ],
)
def test_a_protected_sheet_is_not_forced(excel: Excel, formats: bool, notes: bool, told: str, cells: int) -> None:
    book = excel.opened(book_of(3, ["收入总表", "支出总表"]), r"C:\预算.xlsx")
    protected(book, formats, notes)
    found = put([*marks(2), *marks(1, "支出总表")])
    (left,) = found.left
    assert (left.sheet, left.why, left.marks) == ("收入总表", told, marks(2))
    assert found.cells == cells + 1
    there = {at: one for at, one in marked(book.stored).items() if at[0] == "收入总表"}
    assert len(there) == cells
    assert all(bool(note) == notes and bool(colour) == formats for note, colour in there.values())
    assert book.sheet("收入总表").protect_contents


def test_earlier_marks_on_a_sheet_that_was_protected_since_are_told(excel: Excel) -> None:
    book = excel.opened(book_of(3), r"C:\预算.xlsx")
    put(marks(1))
    protected(book, formats=False, notes=False)
    before = marked(book.stored)
    found = put([], {"收入总表": Seen(frozenset({"B1"}), frozenset({"B1"}))})
    assert found.left[0].why == "工作表受保护，不能着色和写批注，原来的标注也没有去掉"
    assert (found.removed, marked(book.stored)) == (0, before)


def test_colours_go_from_a_sheet_that_lets_no_note_be_written(excel: Excel) -> None:
    book = excel.opened(book_of(3), r"C:\预算.xlsx")
    protected(book, formats=True, notes=False)
    put(marks(2))
    assert put([], {"收入总表": Seen(coloured=frozenset({"B1", "B2"}))}) == Put(0, 2, [])
    assert not marked(book.stored)


def test_a_threaded_comment_is_not_edited(excel: Excel) -> None:
    stored = book_of(3)
    stored.worksheets[0]["B1"].comment = Comment("[线程批注]\n批注: 请核对", "tc={123}")
    book = excel.opened(stored, r"C:\预算.xlsx")
    found = put(marks(2), {"收入总表": Seen(threaded=frozenset({"B1"}))})
    assert [(left.why, left.marks) for left in found.left] == [("原有线程批注，不能改动，所以只着色", marks(1))]
    assert marked(book.stored)["收入总表", "B1"] == ("[线程批注]\n批注: 请核对", RED)


def test_a_sheet_that_excel_refuses_for_another_reason_is_told_and_the_others_are_marked(excel: Excel) -> None:
    book = excel.opened(book_of(3, ["收入总表", "支出总表"]), r"C:\预算.xlsx")
    book.sheet("收入总表").name = "改了名"
    found = put([*marks(1), *marks(1, "支出总表")])
    assert [(left.sheet, left.why) for left in found.left] == [
        ("收入总表", "Excel 不接受（下标越界），不能着色和写批注")
    ]
    assert found.cells == 1
    assert [*marked(book.stored)] == [("支出总表", "B1")]


def test_notes_are_written_where_excel_takes_no_colour(excel: Excel, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise refusal("条件格式太多。")

    monkeypatch.setattr(Conditions, "add", refused)
    book = excel.opened(book_of(3), r"C:\预算.xlsx")
    found = put(marks(2))
    assert [left.why for left in found.left] == ["Excel 不接受（条件格式太多），不能着色"]
    assert [*marked(book.stored).values()] == [("【xltool】应为 1【完】", ""), ("【xltool】应为 2【完】", "")]


class Situation:
    """What Excel shows and how it calculates, as the user has set it."""

    def __init__(self, excel: Excel) -> None:
        self.excel = excel
        excel.calculation = "manual"
        assert excel.active
        sheet = excel.active.sheets[0]
        sheet.selection = Range(sheet, "C3")
        self.before = self.now()

    def now(self) -> tuple[object, ...]:
        excel = self.excel
        assert excel.active
        cell = excel.active.active_sheet.selection
        shown = (excel.active.name, excel.active.active_sheet.name, cell.address)
        still = excel.screen_updating, excel.display_alerts, excel.enable_events
        return *still, excel.calculation, excel.status_bar, *shown


def once(step: int, failure: Exception) -> Callable[[int], None]:
    """Fails at one step, counted from now."""

    def before(number: int) -> None:
        if number == step:
            raise failure

    return before


def steps_of(engine: Engine, excel: Excel) -> int:
    """How many steps marking one cell takes that is marked already."""
    excel.opened(marked_already(), r"C:\预算.xlsx")
    engine.line.transfers = 0
    put(LONG, SEEN)
    return engine.line.transfers


def marked_already() -> Workbook:
    """A workbook with a mark of ours in its first cell."""
    stored = book_of(1)
    stored.worksheets[0]["B1"].comment = Comment("请看\n\n【xltool】旧的【完】", "王会计")
    return stored


SEEN = {"收入总表": Seen(frozenset({"B1"}))}
LONG = [Mark("收入总表", "B1", "error", "应为 1，" * 100)]
"""A mark that Excel takes in parts only."""


def test_excel_is_as_before_whichever_step_fails(engine: Engine, excel: Excel) -> None:
    for step in range(1, steps_of(engine, excel) + 1):
        excel.opened(marked_already(), r"C:\预算.xlsx")
        situation = Situation(excel)
        engine.line.transfers, engine.line.before = 0, once(step, refusal("没有说明"))
        with suppress(ComError):
            put(LONG, SEEN)
        engine.line.before = lambda number: None
        assert situation.now() == situation.before, step


def test_marks_are_the_same_whenever_excel_was_busy_in_between(engine: Engine, excel: Excel) -> None:
    steps = steps_of(engine, excel)
    assert excel.active
    expected = marked(excel.active.stored)
    for step in range(1, steps + 1):
        book = excel.opened(marked_already(), r"C:\预算.xlsx")
        engine.line.transfers, engine.line.before = 0, once(step, error(REJECTED))
        put(LONG, SEEN)
        engine.line.before = lambda number: None
        assert marked(book.stored) == expected, step
        assert len(rules_of(book.sheets[0].stored)) == 1


@pytest.mark.parametrize("number", [DELETED, UNAVAILABLE])
def test_a_workbook_or_an_excel_that_is_gone_holds_nobody_up(
    engine: Engine, excel: Excel, number: int, opened: Callable[..., Book]
) -> None:
    opened(book_of(1))
    book = active_book(excel_of(1))

    def gone(_: int) -> None:
        raise error(number)

    engine.line.before = gone
    with pytest.raises(ComError):
        put_marks(book, marks(1), {})


def test_what_was_taken_from_excel_is_given_back_however_long_it_is_busy(engine: Engine, excel: Excel) -> None:
    excel.opened(book_of(1), r"C:\预算.xlsx")
    left = [error(REJECTED)] * 20

    def busy(_: int) -> None:
        if not excel.screen_updating and left:
            raise left.pop()

    engine.line.before = busy
    with pytest.raises(ExcelRefused):
        put(marks(1))
    assert not left
    assert (excel.screen_updating, excel.display_alerts, excel.enable_events) == (True, True, True)


def test_an_excel_that_stays_busy_is_told_of_in_one_sentence(engine: Engine, excel: Excel) -> None:
    excel.opened(book_of(1), r"C:\预算.xlsx")
    book = active_book(excel_of(1))

    def busy(_: int) -> None:
        raise error(REJECTED)

    engine.line.before = busy
    with pytest.raises(ExcelRefused, match="Excel 正忙：可能正在编辑单元格（请按回车或 Esc），或开着对话框"):
        put_marks(book, marks(1), {})
