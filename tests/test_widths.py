"""How wide a text is."""

from __future__ import annotations

import pytest

from xltool.widths import on_paper, on_screen


@pytest.mark.parametrize(
    ("text", "screen", "paper"),
    [
        ("", 0, 0),
        ("D6", 2, 2),
        ("收支总表", 8, 8),
        ("（万元）", 8, 8),
        ("“合计”", 6, 8),
        ("≥99％", 5, 6),
        ("cafe\u0301", 4, 4),
    ],
)
def test_a_chinese_character_is_two_wide(text: str, screen: int, paper: int) -> None:
    assert (on_screen(text), on_paper(text)) == (screen, paper)
