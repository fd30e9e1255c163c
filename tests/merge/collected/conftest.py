"""The folder that a department has collected."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.merge.collected.collected import send


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The workbooks of three units."""
    (path := tmp_path / "单位").mkdir()
    send(path)
    return path
