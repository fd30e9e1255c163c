"""CSV as Excel reads it: text that it would run as a formula stays text, in every field, and is read back as it was."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

# with the wide forms, which Excel takes for the narrow ones in East Asia; the apostrophe because it is what we add
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "＝", "＋", "－", "＠", "'")

_LONGEST_LINE = 1 << 20  # a million empty fields take 60 MB


def csv_text(lines: Iterable[Sequence[str | Decimal | int]]) -> str:
    """The lines of a CSV file; numbers as plain decimals, text with an apostrophe where Excel would not leave it text.

    Every line break in a text becomes LF.
    """
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="\n").writerows([_guarded(field) for field in line] for line in lines)
    return buffer.getvalue()


def csv_bytes(lines: Iterable[Sequence[str | Decimal | int]]) -> bytes:
    """`csv_text` as a file: UTF-8 with a mark that makes Excel read it as such."""
    return csv_text(lines).encode("utf-8-sig")


def csv_rows(text: str, delimiter: str = ",") -> Iterator[tuple[int, list[str]]]:
    """The rows of a CSV file, each with the line that it ends in; undoes `csv_text`. Raises csv.Error."""
    reader = csv.reader(_lines(text), delimiter=delimiter)
    for fields in reader:
        yield reader.line_num, [_unguarded(field) if field[:1] == "'" else field for field in fields]


def _lines(text: str) -> Iterator[str]:
    for line in io.StringIO(text, newline=""):
        if len(line) > _LONGEST_LINE:
            raise csv.Error("a line is too long")
        yield line


def _guarded(field: str | Decimal | int) -> str:
    if not isinstance(field, str):
        return f"{field:f}" if isinstance(field, Decimal) else str(field)
    text = field.replace("\r\n", "\n").replace("\r", "\n")
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def _unguarded(field: str) -> str:
    """A field that begins with an apostrophe as it was written."""
    return field[1:] if field[1:].startswith(_FORMULA_STARTS) else field
