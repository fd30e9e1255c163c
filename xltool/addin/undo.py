"""That writing into the open workbook empties Excel's list of steps to be undone: said before it happens, once."""

from __future__ import annotations

from xltool.addin import memory
from xltool.addin.screen import Screen

_QUESTION = (
    "标注会写进打开的工作簿，Excel 因此清空撤消记录：标注以前做的修改，不能再用“撤消”（Ctrl+Z）退回。"
    "标注本身可以随时用“清除标注”去掉。\n\n现在标注吗？（以后不再问）"
)


def may_be_emptied(screen: Screen) -> bool:
    """Whether the user knows it, and wants to go on."""
    if memory.undo_was_told():
        return True
    if not screen.ask(_QUESTION):
        return False
    memory.remember_undo_told()
    return True
