"""Which workbook a button means, and every situation in which it says a sentence instead, or besides."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from openpyxl.workbook import Workbook

from tests.addin.excel.conftest import sample
from tests.addin.excel.fake.com import REJECTED, UNAVAILABLE, Model, error
from tests.addin.excel.fake.engine import Engine
from tests.addin.excel.fake.model import Book, Excel
from tests.addin.excel.fake.screen import FakeScreen
from tests.addin.excel.test_check import marked
from tests.budgets import SELFEVAL
from xltool.addin import memory
from xltool.addin.actions import check
from xltool.addin.excel.com import xlwings
from xltool.addin.excel.examining import examined
from xltool.addin.excel.marking import put_marks
from xltool.addin.running import run_on
from xltool.api.failures import log_file

Opened = Callable[..., Book]


def pressed(screen: FakeScreen, action: str = "check", window: int = 10) -> str:
    """What the user reads after pressing a button."""
    run_on(action, window, screen)
    return screen.last


def refused(screen: FakeScreen, action: str = "check", window: int = 10) -> str:
    """What the user reads after a button that could do nothing."""
    assert run_on(action, window, screen) == 2
    return screen.last


def test_the_excel_is_the_one_whose_window_it_is(engine: Engine, screen: FakeScreen) -> None:
    first, second = engine.started(1), engine.started(2)
    one = first.opened(sample(SELFEVAL), r"C:\预算.xlsx")
    other = second.opened(sample(SELFEVAL), r"C:\预算.xlsx")
    pressed(screen, window=20)
    assert marked(other.stored)
    assert not marked(one.stored)


@pytest.mark.parametrize(
    ("place", "copy", "name"),
    [
        (r"C:\预算\a=b.xlsx", "a=b.xlsx", "a=b.xlsx"),
        (r"C:\预算\㐂𠮷 局.xlsx", "㐂𠮷 局.xlsx", "㐂𠮷 局.xlsx"),
        ("工作簿1", "工作簿1.xlsx", "工作簿1"),
        ("https://d.docs.live.net/1234/预算/自评.xlsx", "自评.xlsx", "自评.xlsx"),
        (r"\\服务器\共享\自评.XLSM", "自评.XLSM", "自评.XLSM"),
        ("C:\\" + "x" * 200 + ".xlsx", "", "x" * 200 + ".xlsx"),
    ],
    ids=["an equals sign", "rare characters", "never saved", "OneDrive", "a network folder", "as long as can be"],
)
def test_a_workbook_is_checked_wherever_it_is(
    opened: Opened, screen: FakeScreen, place: str, copy: str, name: str
) -> None:
    book = opened(place=place)
    assert pressed(screen).startswith(f"{name}\n共核对 ")
    assert [one.name for one in book.copies] == [copy or name[: len(book.copies[0].stem)] + ".xlsx"]
    assert marked(book.stored)


def test_nothing_is_open(excel: Excel, screen: FakeScreen) -> None:
    assert refused(screen).startswith("Excel 里没有打开的工作簿：请先打开要检查的工作簿")


def test_only_hidden_workbooks_are_open(opened: Opened, excel: Excel, screen: FakeScreen) -> None:
    opened()
    excel.active = None
    assert refused(screen).startswith("Excel 里没有打开的工作簿：请先打开要检查的工作簿")


def test_the_window_belongs_to_no_excel(engine: Engine, screen: FakeScreen) -> None:
    assert refused(screen, window=70).startswith("Excel 里没有打开的工作簿")


@pytest.mark.parametrize("action", ["check", "previous", "next", "clear", "explain"])
def test_protected_view(opened: Opened, excel: Excel, screen: FakeScreen, action: str) -> None:
    book = opened()
    excel.active_protected_view_window = Model()
    assert refused(screen, action) == (
        "工作簿在受保护的视图里，不能检查也不能标注：请先点黄条上的“启用编辑”，再点一次。"
    )
    assert not book.copies


def test_a_cell_is_being_edited_for_a_moment(
    opened: Opened, engine: Engine, screen: FakeScreen, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = opened()
    waited: list[float] = []
    monkeypatch.setattr(time, "sleep", waited.append)

    def busy(_: int) -> None:
        if len(waited) < 3:
            raise error(REJECTED)

    engine.line.before = busy
    assert "已标注" in pressed(screen)
    assert waited == [0.2, 0.4, 0.8]
    assert marked(book.stored)


@pytest.mark.parametrize("action", ["check", "previous", "next", "clear", "explain", "merge"])
def test_a_cell_is_being_edited_or_a_dialog_is_open(
    opened: Opened, engine: Engine, screen: FakeScreen, action: str
) -> None:
    opened()

    def busy(_: int) -> None:
        raise error(REJECTED)

    engine.line.before = busy
    assert refused(screen, action).startswith(
        "Excel 正忙：可能正在编辑单元格（请按回车或 Esc），或开着对话框（请关闭）"
    )


def test_an_excel_whose_window_gives_no_answer(opened: Opened, excel: Excel, screen: FakeScreen) -> None:
    opened()
    excel.gives_no_answer = True
    assert refused(screen).startswith("Excel 没有应答：请先点黄条上的“启用编辑”")


def test_no_macro_of_the_workbook_runs_while_it_is_copied_and_marked(
    opened: Opened, excel: Excel, screen: FakeScreen
) -> None:
    opened()
    pressed(screen)
    assert (excel.macros_ran, excel.enable_events) == ([], True)


def while_checking(
    monkeypatch: pytest.MonkeyPatch, happens: Callable[[], object], step: Callable[..., object] = examined
) -> None:
    """Something happens while Python reads the copy, or before another step."""

    def meanwhile(*given: Any) -> Any:
        happens()
        return step(*given)

    monkeypatch.setattr(check, step.__name__, meanwhile)


def test_another_workbook_becomes_active_meanwhile(
    opened: Opened, excel: Excel, screen: FakeScreen, monkeypatch: pytest.MonkeyPatch
) -> None:
    book, other = opened(), sample(SELFEVAL)
    while_checking(monkeypatch, lambda: excel.opened(other, r"C:\另一个.xlsx"))
    assert pressed(screen).startswith("自评.xlsx\n")
    assert marked(book.stored)
    assert not marked(other)


def test_the_line_below_the_sheet_says_that_it_is_checked(
    opened: Opened, excel: Excel, screen: FakeScreen, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened()
    said: list[str | bool] = []
    while_checking(monkeypatch, lambda: said.append(excel.status_bar))
    while_checking(monkeypatch, lambda: said.append(excel.status_bar), put_marks)
    pressed(screen)
    assert (said, excel.status_bar) == (["xltool 正在检查……", "xltool 正在标注 6 处……"], False)


def test_the_workbook_is_closed_meanwhile(
    opened: Opened, excel: Excel, screen: FakeScreen, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = opened()
    while_checking(monkeypatch, book.close)
    assert refused(screen) == "工作簿或 Excel 已经关闭，没有做完：请打开工作簿再点一次。"
    assert not marked(book.stored)


def test_excel_ends_meanwhile(
    opened: Opened, engine: Engine, screen: FakeScreen, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened()

    def ended(_: int) -> None:
        raise error(UNAVAILABLE)

    while_checking(monkeypatch, lambda: setattr(engine.line, "before", ended))
    assert refused(screen) == "工作簿或 Excel 已经关闭，没有做完：请打开工作簿再点一次。"


def test_the_workbook_is_saved_under_another_name_meanwhile(
    opened: Opened, screen: FakeScreen, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = opened()
    while_checking(monkeypatch, lambda: setattr(book, "full_name", r"D:\定稿.xlsx"))
    assert refused(screen) == r"“自评.xlsx”期间另存到了“D:\定稿.xlsx”：没有标注，请再点一次。"
    assert not marked(book.stored)


def test_rows_are_put_in_meanwhile(opened: Opened, screen: FakeScreen, monkeypatch: pytest.MonkeyPatch) -> None:
    book = opened()
    while_checking(monkeypatch, lambda: book.sheets[0].stored.insert_rows(3))
    assert refused(screen) == "检查期间“自评.xlsx”加减过行、栏或工作表：没有标注，请再点一次“检查”。"
    assert not marked(book.stored)


def test_excel_writes_no_copy(opened: Opened, screen: FakeScreen) -> None:
    book = opened()
    book.refuses_copies = True
    assert refused(screen) == (
        "Excel 没能写出“自评.xlsx”的副本（磁盘已满），没有检查：请保存后用“打开页面”检查保存的文件。"
    )


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("预算.xls", OLE, "“预算.xls”是旧格式（.xls/.et）：请在 Excel 或 WPS 中另存为 .xlsx 后再试。"),
        ("预算.xlsx", OLE + "EncryptedPackage".encode("utf-16-le"), "“预算.xlsx”设有打开密码：请在 Excel 或 WPS 中"),
        ("数.csv", "单位,金额\r\n".encode(), "“数.csv”其实是文本文件（如 .csv）：请在 Excel 或 WPS 中打开，另存为"),
        ("工作簿1", OLE, "“工作簿1.xlsx”是旧格式（.xls/.et）"),
    ],
    ids=["compatibility mode", "a password", "text", "never saved, where old files are usual"],
)
def test_a_copy_that_is_no_such_workbook_is_told(
    opened: Opened, screen: FakeScreen, name: str, content: bytes, told: str
) -> None:
    """Excel writes a copy in the format, and with the password, that the workbook has."""
    opened(place=name if "." not in name else rf"C:\{name}").saved_as = content
    assert refused(screen).startswith(told)


def test_no_budget_workbook(opened: Opened, screen: FakeScreen) -> None:
    opened(Workbook())
    assert refused(screen) == (
        "没有认出任何一张预算表：请确认这是预算工作簿，或用“模板”指明模板。\n（这样的选择在“打开页面”里有。）"
    )


def test_a_workbook_that_brings_settings_for_xlwings_changes_nothing(
    opened: Opened, screen: FakeScreen, monkeypatch: pytest.MonkeyPatch
) -> None:
    """xlwings itself would read a program to run, and a key, from such a sheet."""
    stored = sample(SELFEVAL)
    settings = stored.create_sheet("xlwings.conf")
    settings.append(["INTERPRETER_WIN", "calc.exe"])
    settings.append(["LICENSE_KEY", "noncommercial"])
    book = opened(stored, "https://d.docs.live.net/1234/自评.xlsx")
    asked: list[str] = []
    monkeypatch.setattr(book.sheet("xlwings.conf"), "range", asked.append)
    assert run_on("check", 10, screen) == 1
    assert not asked
    assert not xlwings().__pro__


def test_a_workbook_that_was_opened_read_only(opened: Opened, screen: FakeScreen) -> None:
    book = opened(read_only=True)
    assert pressed(screen).endswith("工作簿是以只读方式打开的：要留下标注，请另存为一个新文件。")
    assert marked(book.stored)


def test_a_shared_workbook(opened: Opened, screen: FakeScreen) -> None:
    book = opened(shared=True)
    told = pressed(screen)
    assert "这是共享工作簿，Excel 不允许在里面设置颜色，所以没有标注：请先取消共享再检查。\n　" in told
    assert told.count("\n　") == 6
    assert not marked(book.stored)


def test_a_signed_workbook(opened: Opened, screen: FakeScreen) -> None:
    book = opened()
    book.signed_by = ["李局长"]
    told = pressed(screen)
    assert "“自评.xlsx”带有数字签名，标注会使签名失效，所以没有标注。\n　" in told
    assert told.count("\n　") == 6
    assert not marked(book.stored)
    assert refused(screen, "clear").startswith(
        "“自评.xlsx”带有数字签名，标注会使签名失效：请在 Excel 中删除签名后再标注"
    )


def test_manual_calculation(opened: Opened, excel: Excel, screen: FakeScreen) -> None:
    opened()
    excel.calculation = "manual"
    assert "Excel 现在是手动计算，表上公式的结果可能是旧的：请按 F9 重算后再检查一次。" in pressed(screen)
    assert excel.calculation == "manual"


def test_a_filter(opened: Opened, screen: FakeScreen) -> None:
    book = opened()
    (name,) = {sheet for sheet, _ in _marked_in(book, screen)}
    book.sheet(name).filter_mode = True
    assert f"“{name}”正在筛选，筛掉的行里的标注看不到：请清除筛选后再看。" in pressed(screen)


def _marked_in(book: Book, screen: FakeScreen) -> set[tuple[str, str]]:
    pressed(screen)
    return {*marked(book.stored)}


def test_protected_sheets_are_told_with_what_is_wrong_there(opened: Opened, screen: FakeScreen) -> None:
    book = opened()
    for sheet in book.sheets:
        sheet.protect_contents = sheet.protect_drawing_objects = True
        sheet.protection.allow_formatting_cells = False
    told = pressed(screen)
    assert "”：工作表受保护，不能着色和写批注，有 6 处：\n　" in told
    assert not marked(book.stored)


def test_marking_empties_the_undo_list_which_is_said_once(opened: Opened, screen: FakeScreen, own_data: Any) -> None:
    (own_data / "excel.json").unlink()
    book, screen.says = opened(), False
    told = pressed(screen)
    assert "不能再用“撤消”（Ctrl+Z）退回" in screen.asked[0]
    assert "没有标注，工作簿没有改动。" in told
    assert told.count("\n　") == 6
    assert not marked(book.stored)

    screen.says = True
    pressed(screen)
    pressed(screen)
    assert len(screen.asked) == 2
    assert marked(book.stored)


def test_a_button_is_pressed_twice(opened: Opened, screen: FakeScreen) -> None:
    opened()
    screen.under_way.add(1)
    assert refused(screen) == "上一次点的还没有做完：请等它做完再点。"


def test_a_button_that_this_program_does_not_have(engine: Engine, screen: FakeScreen) -> None:
    assert refused(screen, "format-disk") == ("没有“format-disk”这个按钮：加载项与程序的版本不同，请重新安装到 Excel。")


def test_a_mistake_of_ours_is_written_down(opened: Opened, monkeypatch: pytest.MonkeyPatch, own_data: Any) -> None:
    opened()
    monkeypatch.setattr(check, "examined", lambda _: 1 / 0)
    screen = FakeScreen()
    assert refused(screen) == (f"程序出错，已记入“{own_data / 'xltool.log'}”：请把这个文件发给维护 xltool 的人。")
    assert "ZeroDivisionError" in log_file().read_text(encoding="utf-8")


@pytest.mark.parametrize("content", ["", "[]", "{", '{"C:\\\\预算\\\\自评.xlsx": {"at": 1}}', "[" * 100_000])
def test_damaged_memories_are_forgotten(opened: Opened, screen: FakeScreen, own_data: Any, content: str) -> None:
    opened()
    (own_data / "excel-checks.json").write_text(content, encoding="utf-8")
    assert pressed(screen, "next").startswith("“自评.xlsx”没有可看的问题：还没有检查")
    assert memory.last_check(r"C:\预算\自评.xlsx") is None
