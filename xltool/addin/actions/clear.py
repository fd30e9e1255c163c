"""清除标注: takes our marks off the open workbook; the reasons that it keeps stay."""

from __future__ import annotations

from xltool.addin import memory
from xltool.addin.excel.examining import copied, ensure_may_change
from xltool.addin.excel.finding import OpenBook
from xltool.addin.excel.marking import put_marks
from xltool.addin.excel.quiet import saying
from xltool.addin.screen import Screen


def clear(book: OpenBook, screen: Screen) -> int:
    """Clear and tell; returns 0. Raises ExcelRefused, and FileRefused if the copy cannot be read."""
    with saying(book.app, "xltool 正在清除标注……"):
        copy = copied(book)
        ensure_may_change(book, copy)
        put = put_marks(book, [], copy.seen)
    memory.forget_check(book.full_name)
    told = (
        f"已去掉 {put.removed} 处标注，还没有存盘。" if put.removed else "没有去掉标注。" if put.left else "没有标注。"
    )
    screen.tell("\n".join([f"{book.name}：{told}", *(f"“{left.sheet}”：{left.why}。" for left in put.left)]))
    return 0
