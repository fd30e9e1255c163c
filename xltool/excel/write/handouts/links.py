"""Hyperlinks from a workbook to others: relative to it, to a sheet and a cell."""

from __future__ import annotations

import os
from pathlib import Path

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from xltool.excel.write.cells import put
from xltool.excel.write.formulas import reference
from xltool.model import CellRef, Value

_LONGEST = 2_000
"""Letters of an address; Excel allows 2,079."""

_ESCAPED = str.maketrans({letter: f"%{ord(letter):02x}" for letter in '%#"<>[]^`{} '})


def seen_from(target: Path, path: str) -> str:
    """The path of a file as it is found from the folder of `target`, with "/"; whole if it is on another drive."""
    try:
        found = os.path.relpath(path, target.parent)
    except ValueError:
        found = str(Path(path).absolute())
    return found.replace(os.sep, "/")


def url(path: str, cell: CellRef | None = None) -> str | None:
    """The address of a file that was `seen_from` the result, as XlsxWriter wants it; None if it is too long."""
    address = path.translate(_ESCAPED)
    place = f"#{reference(cell)}" if cell is not None else ""
    is_whole = address.startswith("/") or address[1:2] == ":"
    text = f"external:{'' if is_whole else './'}{address}{place}"
    return text if len(text) < _LONGEST else None


def put_link(sheet: Worksheet, row: int, column: int, address: str | None, value: Value, look: Format) -> None:
    """Write a value, which leads to an address if there is one."""
    if address is not None:
        sheet.write_url(row - 1, column - 1, address, look, string="")
    put(sheet, row, column, value, look)
