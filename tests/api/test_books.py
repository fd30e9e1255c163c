"""Paths as other programs have them: a text or any path-like object, wherever a path is taken."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

import xltool
from tests import ROOT
from tests.budgets import QINGLONG


class Place:
    """A path-like object that is no Path."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __fspath__(self) -> str:
        return str(self.path)


@pytest.mark.parametrize("kind", [str, Place], ids=["text", "path-like"])
def test_every_path_may_be(kind: Callable[[Path], str | os.PathLike[str]], tmp_path: Path) -> None:
    facts = kind(ROOT / "samples" / QINGLONG / "facts.csv")
    workbook, blank, copy, table = (kind(tmp_path / name) for name in ("a.xlsx", "b.xlsx", "c.xlsx", "d.csv"))
    xltool.fill(QINGLONG, facts, workbook)
    xltool.new(QINGLONG, blank, like=workbook)
    book = xltool.read(workbook)
    findings = xltool.check(book).findings
    assert xltool.annotate(workbook, findings, copy).cells
    assert xltool.clear(copy)
    xltool.save_facts(book, table)
    assert {path.name for path in tmp_path.iterdir()} == {"a.xlsx", "b.xlsx", "c.xlsx", "d.csv"}
    assert xltool.lint(kind(ROOT / "workbook_templates" / "longgang-selfeval-2021"))
    assert xltool.templates(kind(ROOT / "workbook_templates"))
