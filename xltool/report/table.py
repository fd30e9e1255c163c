"""Lines whose columns stand under each other, although a Chinese character is as wide as two others."""

from __future__ import annotations

from collections.abc import Sequence

from xltool.widths import on_screen

GAP = 2


def aligned(rows: Sequence[Sequence[str]], indent: int = 0) -> list[str]:
    """Each row as one line, every column as wide as its widest cell."""
    if not rows:
        return []
    widths = [max(on_screen(row[i]) for row in rows if i < len(row)) for i in range(max(map(len, rows)))]
    return [" " * indent + "".join(map(_padded, row, widths)).rstrip() for row in rows]


def _padded(cell: str, width: int) -> str:
    return cell + " " * (width - on_screen(cell) + GAP)
