"""An Excel, a screen, and workbooks of real budgets that are open in it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import cache
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from tests.addin.excel.fake.engine import Engine
from tests.addin.excel.fake.model import Book, Excel
from tests.addin.excel.fake.screen import FakeScreen
from tests.budgets import SAMPLES
from xltool.addin import memory
from xltool.addin.excel.com import xlwings
from xltool.api.failures import log_file


@cache
def _sample(name: str) -> bytes:
    return (SAMPLES / name / "预算.xlsx").read_bytes()


def sample(name: str) -> Workbook:
    """The workbook of a published budget."""
    return openpyxl.load_workbook(BytesIO(_sample(name)))


@pytest.fixture(scope="session")
def _engine() -> Iterator[Engine]:
    library, engine = xlwings(), Engine()
    library.engines.add(library.Engine(impl=engine))
    before, library.engines.active = library.engines.active, library.engines["fake"]
    yield engine
    library.engines.active = before


@pytest.fixture
def engine(_engine: Engine, own_data: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """No Excel runs yet; nobody waits; the user knows what becomes of the undo list."""
    _engine.reset()
    monkeypatch.setattr(time, "sleep", lambda seconds: None)
    memory.remember_undo_told()
    return _engine


@pytest.fixture
def excel(engine: Engine) -> Excel:
    """The Excel whose window is 10."""
    return engine.started(1)


@pytest.fixture
def screen(own_data: Path) -> Iterator[FakeScreen]:
    """What the user sees of us; nothing of it is a mistake of ours that was written down."""
    yield FakeScreen()
    log = log_file()
    assert not log.exists(), log.read_text(encoding="utf-8")


@pytest.fixture
def opened(excel: Excel) -> Callable[..., Book]:
    """Opens a workbook in Excel as the user would: by default a small one with errors and a warning."""

    def open_(stored: Workbook | None = None, place: str = r"C:\预算\自评.xlsx", **how: bool) -> Book:
        return excel.opened(stored or sample("longgang-selfeval-2021"), place, **how)

    return open_
