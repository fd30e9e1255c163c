"""Which Excel and which workbook a button was pressed for: taken once, and known again by its full name."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from xltool.addin.excel.com import ComError, patiently, xlwings
from xltool.errors import ExcelRefused

if TYPE_CHECKING:
    import xlwings as xw

_NOTHING_OPEN = "Excel 里没有打开的工作簿：请先打开要检查的工作簿（受保护的视图里的，先点黄条上的“启用编辑”）。"
_NO_ANSWER = (
    "Excel 没有应答：请先点黄条上的“启用编辑”（在受保护的视图里时），按回车或 Esc 结束编辑，关闭对话框，再点一次。"
)
_PROTECTED_VIEW = "工作簿在受保护的视图里，不能检查也不能标注：请先点黄条上的“启用编辑”，再点一次。"


class OpenBook(NamedTuple):
    """A workbook that is open in Excel. `full_name` is its path, its address (OneDrive), or, never saved, its name."""

    app: xw.App
    book: xw.Book
    name: str
    full_name: str


def excel_of(process: int) -> xw.App:
    """The Excel that is this process. Raises ExcelRefused if it shows no workbook through which it could be reached."""

    def reached() -> xw.App:
        app: xw.App = xlwings().apps[process]
        if app.api is None:  # the library looks for it only when it is asked for
            raise KeyError(process)
        return app

    try:
        return patiently(reached)
    except (KeyError, ComError) as error:
        raise ExcelRefused(_NOTHING_OPEN) from error
    except OSError as error:  # its window is there, and gives no answer
        raise ExcelRefused(_NO_ANSWER) from error


def active_book(app: xw.App) -> OpenBook:
    """The workbook that the user sees. Raises ExcelRefused if there is none, or only one in Protected View."""

    def found() -> OpenBook:
        if app.api.ActiveProtectedViewWindow is not None:
            raise ExcelRefused(_PROTECTED_VIEW)
        book = app.books.active
        if book.api is None:
            raise ExcelRefused(_NOTHING_OPEN)
        return OpenBook(app, book, book.name, book.api.FullName)  # xlwings' own name reads a sheet of the workbook

    return patiently(found)


def ensure_there(book: OpenBook) -> None:
    """Raise ExcelRefused if the workbook was saved under another name since it was taken.

    If it was closed, Excel raises what `com.gone_means` is for.
    """
    now = patiently(lambda: str(book.book.api.FullName))
    if now != book.full_name:
        raise ExcelRefused(f"“{book.name}”期间另存到了“{now}”：没有标注，请再点一次。")
