"""Workbooks that an independent program has edited and saved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

import xltool
from made_up.figures import consistent
from tests.budgets import BUDGETS, filled
from tests.excel.libreoffice.edit import Editing, edit
from tests.excel.libreoffice.edits import (
    CHANGES,
    Change,
    Changed,
    Hand,
    shown,
)
from xltool.excel.write.workbook import write
from xltool.layout.book import Book


@pytest.fixture(scope="session")
def edited_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every edited workbook, by the name of its edit: one run of the program makes them all."""
    tmp = tmp_path_factory.mktemp("edited")
    edits = []
    for name, changes in CHANGES.items():
        book = consistent(name)
        write(book.layout, book.values, book.live, tmp / f"{name} before.xlsx")
        for change in changes:
            editing = Editing(tmp / f"{name} before.xlsx", tmp / f"{change.__name__}.xlsx")
            editing.unprotect()
            change(Hand(editing, book.layout))
            edits.append(editing)
    for name in BUDGETS:
        path = filled(name, tmp)
        edits.append(Editing(path, tmp / f"{name} saved.xlsx"))
        marked = tmp / f"{name} marked.xlsx"
        xltool.annotate(path, xltool.check(xltool.read(path)).findings, marked)
        edits.append(Editing(marked, tmp / f"{name} marked and saved.xlsx"))
        new = tmp / f"{name} new.xlsx"
        xltool.new(name, new, year=2025, amount_unit="元")
        edits.append(Editing(new, tmp / f"{name} new and saved.xlsx"))
    edit(edits, tmp)
    return tmp


@pytest.fixture(scope="session")
def before(edited_folder: Path) -> Mapping[str, Book]:
    return {name: xltool.read(edited_folder / f"{name} before.xlsx") for name in CHANGES}


@pytest.fixture(scope="session")
def changed(edited_folder: Path, before: Mapping[str, Book]) -> Changed:
    """What an edit did."""

    def read(done: Callable[[Hand], None]) -> Change:
        name = next(name for name, changes in CHANGES.items() if done in changes)
        path = edited_folder / f"{done.__name__}.xlsx"
        return Change(before[name], xltool.read(path), shown(path))

    return read
