"""A layout never changes; books and reports are shown in a line."""

from __future__ import annotations

from pathlib import Path

import pytest

import xltool
from tests.budgets import QINGLONG, filled


def test_books_layouts_and_reports_are_shown_in_a_line(tmp_path: Path) -> None:
    report = xltool.check(xltool.read(str(filled(QINGLONG, tmp_path))))
    for thing in (report, report.book, report.book.layout):
        assert QINGLONG in repr(thing)
        assert "2024" in repr(thing)
        assert "\n" not in repr(thing)
        assert len(repr(thing)) < 200
    assert "2 errors, 9 warnings" in repr(report)


def test_a_layout_never_changes(tmp_path: Path) -> None:
    layout = xltool.read(filled(QINGLONG, tmp_path)).layout
    table = layout.tables["收支总表"]
    block = table.blocks[0]
    for part, name in ((layout, "outline"), (table, "notes"), (block, "amount_unit"), (block.rows[0], "label")):
        with pytest.raises(AttributeError):
            setattr(part, name, getattr(part, name))
    assert all(isinstance(lines, tuple) for lines in (table.blocks, block.rows, block.columns, block.blank_rows))
