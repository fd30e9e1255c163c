"""Says what was marked in a workbook, or taken off it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from xltool.source.our_sheets import ACCEPTED

if TYPE_CHECKING:
    from xltool.diagnose.accepting import Kept
    from xltool.excel.mark.annotate import Marked

_CELLS_NAMED = 10


def marked_text(marked: Marked, target: Path) -> str:
    """How many cells were marked, and which of them got no note."""
    lines = [f"已标注 {marked.cells} 处：{target}" if marked.cells else f"没有要标注的单元格：{target}"]
    return "\n".join(filter(None, [*lines, coloured_text(marked)]))


def signed_text(source: Path) -> str:
    """Why nothing was marked in a signed workbook."""
    return f"“{source.name}”带有数字签名，标注会使签名失效，所以没有标注。"


def in_a_line(note: str) -> str:
    """What is wrong, of the text of a note: the rule and the first sentence."""
    return "：".join(note.splitlines()[:2])


def kept_text(kept: Sequence[Kept]) -> str:
    """How many reasons are in the workbook now."""
    if not kept:
        return "没有说明要存进工作簿。"
    from xltool.diagnose.accepting import Standing

    holding = sum(one.standing is Standing.HOLDS for one in kept)
    others = f"，另有 {len(kept) - holding} 条不再适用" if holding < len(kept) else ""
    return f"工作簿的“{ACCEPTED}”表里有 {holding} 条说明{others}。"


def cleared_text(count: int, had_reasons: bool, target: Path) -> str:
    """How many marks were taken off, and whether the reasons went too."""
    gone = [f"{count} 处标注" if count else "", f"“{ACCEPTED}”表" if had_reasons else ""]
    text = "和".join(filter(None, gone))
    return f"{target}：{f'已去掉 {text}。' if text else '没有标注。'}"


def coloured_text(marked: Marked) -> str:
    """Which cells got no note, and why; "" if all did."""
    cells = list(dict.fromkeys(f"“{mark.sheet}”{mark.cell}" for mark in marked.without_note))
    if not cells:
        return ""
    named = "、".join(cells[:_CELLS_NAMED]) + ("等" if len(cells) > _CELLS_NAMED else "")
    return f"其中 {len(cells)} 格原有线程批注（{named}），不能改动，所以只着色、没有写批注：问题请看报告。"
