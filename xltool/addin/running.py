"""One press of a button: finds the Excel and its active workbook, does what the button says, tells what went wrong."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from functools import partial
from importlib import import_module
from typing import NamedTuple

from xltool.addin.screen import Screen
from xltool.api.failures import Failure, attempt
from xltool.errors import ExcelRefused
from xltool.report.words.options import in_a_dialog


class Needs(Enum):
    """What an action is done with, besides the screen."""

    BOOK = "the active workbook"
    EXCEL = "the Excel"
    NOTHING = "nothing of Excel"


class Action(NamedTuple):
    """What its button is called, what it needs, and the function that does it: the module of `actions` and its name."""

    label: str
    needs: Needs
    module: str
    function: str


ACTIONS = {
    "check": Action("检查", Needs.BOOK, "check", "check"),
    "previous": Action("上一个问题", Needs.BOOK, "walk", "to_previous"),
    "next": Action("下一个问题", Needs.BOOK, "walk", "to_next"),
    "clear": Action("清除标注", Needs.BOOK, "clear", "clear"),
    "explain": Action("说明", Needs.BOOK, "explain", "explain"),
    "merge": Action("汇总", Needs.EXCEL, "merge", "merge"),
    "new": Action("新建工作簿", Needs.NOTHING, "page", "open_new"),
    "page": Action("打开页面", Needs.NOTHING, "page", "open_page"),
    "settings": Action("设置", Needs.NOTHING, "settings", "show"),
}
"""By the names that the ribbon gives them."""

_GONE = "工作簿或 Excel 已经关闭，没有做完：请打开工作簿再点一次。"

_BUSY = "上一次点的还没有做完：请等它做完再点。"


def run_on(action: str, window: int, screen: Screen) -> int:
    """As `xltool.addin.run`, with these dialogs."""
    done = attempt(partial(_done, action, window, screen))
    if isinstance(done, Failure):
        screen.tell(in_a_dialog(done.sentence))
        return 2
    return done


def _done(action: str, window: int, screen: Screen) -> int:
    if action not in ACTIONS:
        raise ExcelRefused(f"没有“{action}”这个按钮：加载项与程序的版本不同，请重新安装到 Excel。")
    _, needs, module, function = ACTIONS[action]
    perform: Callable[..., int] = getattr(import_module(f"xltool.addin.actions.{module}"), function)
    if needs is Needs.NOTHING:
        return perform(screen)
    from xltool.addin.excel.com import gone_means
    from xltool.addin.excel.finding import active_book, excel_of

    process = screen.process_of(window)
    with screen.alone(process) as is_alone, gone_means(_GONE):
        if not is_alone:
            raise ExcelRefused(_BUSY)
        app = excel_of(process)
        return perform(active_book(app) if needs is Needs.BOOK else app, screen)
