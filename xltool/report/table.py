"""Lines whose columns stand under each other, although a Chinese character is as wide as two others."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

GAP = 2


def aligned(rows: Sequence[Sequence[str]], indent: int = 0) -> list[str]:
    """Each row as one line, every column as wide as its widest cell."""
    if not rows:
        return []
    widths = [max(cell_len(row[i]) for row in rows if i < len(row)) for i in range(max(map(len, rows)))]
    return [
        (" " * indent + "".join(cell + " " * (widths[i] - cell_len(cell) + GAP) for i, cell in enumerate(row))).rstrip()
        for row in rows
    ]
