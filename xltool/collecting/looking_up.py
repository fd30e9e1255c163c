"""Finds the lines of one fact in a long table that we wrote, without holding the rest of it: it may have a million."""

from __future__ import annotations

import csv
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from xltool.csv_text import csv_rows, csv_text
from xltool.errors import FileRefused
from xltool.excel.file.xmltext import escape, unescape
from xltool.layout.long_table import Line
from xltool.model import FactKey, column_number, format_path
from xltool.source.cells import amount, from_float

_SHEET = "xl/worksheets/sheet1.xml"
_CELL = re.compile(rb'<c r="([A-Z]{1,3})[0-9]{1,7}"[^>]*>(?:<is><t[^>]*>([^<]*)</t></is>|<v>([^<]*)</v>)</c>')
_CHUNK, _LONGEST, _MOST = 1 << 20, 4 << 20, 4 << 30
"""Bytes that are read at once, of the longest line, and of the longest table unpacked."""


class Found(NamedTuple):
    """What a line says of a fact: the unit, its file, the cell there ("支出总表!E12"), the figure (an amount in 元)."""

    unit: str
    file: str
    cell: str
    figure: Decimal


def lines_about(path: Path, key: FactKey) -> list[Found]:
    """The lines of a fact in a long table, .csv or .xlsx as we write them; in another form there are none.

    Raises FileRefused if the file cannot be read.
    """
    names = [key.table, format_path(key.row), format_path(key.column)]
    read = _csv_lines if path.suffix.lower() == ".csv" else _sheet_lines
    with _explained(path):
        fields = [dict(zip(Line._fields, line, strict=True)) for line in read(path, names[1])]
    return [_found(line) for line in fields if [line["table"], line["row"], line["column"]] == names]


def _found(line: dict[str, str]) -> Found:
    figure = amount(line["yuan"] or line["value"]).value or Decimal(0)
    return Found(line["unit"], line["file"], f"{line['sheet']}!{line['cell']}", figure)


def _csv_lines(path: Path, text: str) -> Iterator[list[str]]:
    """The lines that have a text in them."""
    wanted = csv_text([[text]]).strip("\n").encode()
    with path.open("rb") as file:
        while line := file.readline(_LONGEST):
            if wanted in line:
                yield next(csv_rows(line.decode()))[1]


def _sheet_lines(path: Path, text: str) -> Iterator[list[str]]:
    wanted = escape(text).encode()
    with zipfile.ZipFile(path) as package, package.open(_SHEET) as sheet:
        rest, read = b"", 0
        while chunk := sheet.read(_CHUNK):
            read += len(chunk)
            *rows, rest = (rest + chunk).split(b"</row>")
            if len(rest) > _LONGEST or read > _MOST:
                raise zipfile.BadZipFile
            for row in rows:
                if wanted in row:
                    yield _cells(row)


def _cells(row: bytes) -> list[str]:
    fields = [""] * len(Line._fields)
    for letters, text, number in _CELL.findall(row):
        column = column_number(letters.decode()) - 1
        if column < len(fields):
            fields[column] = unescape(text) if not number else f"{from_float(float(number)):f}"
    return fields


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, EOFError, KeyError, ValueError, RuntimeError, csv.Error, zipfile.BadZipFile, zlib.error) as error:
        raise FileRefused(f"读不出“{path.name}”：请用汇总时写出的原文件。") from error
