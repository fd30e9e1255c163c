"""Reads a list of 科目 from a workbook: the lines of every sheet."""

from __future__ import annotations

from pathlib import Path

from xltool.catalogue.own_codes import ListedCode
from xltool.excel.read.sheets.source import open_workbook
from xltool.source.cells import label


def sheet_lines(path: Path) -> list[list[ListedCode]]:
    """The lines of each sheet of the workbook at `path`. Raises FileRefused if it cannot be read."""
    return [
        [
            ListedCode(f"“{sheet.name}”表第 {row} 行", [label(raw) for raw in cells])
            for row, cells in enumerate(sheet.cells, 1)
        ]
        for sheet in open_workbook(path).sheets.values()
    ]
