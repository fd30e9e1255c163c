"""A long table as CSV, or as a JSON list of objects."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

from xltool.csv_text import csv_text
from xltool.layout.long_table import Field, Line

Write = Callable[[Sequence[Line]], None]


@contextmanager
def csv_file(path: Path) -> Iterator[Write]:
    """UTF-8 with a mark that makes Excel read it as such."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:

        def write(lines: Sequence[Line]) -> None:
            file.write(csv_lines(lines))

        file.write(csv_text([Line._fields]))
        yield write


def csv_lines(lines: Iterable[Line]) -> str:
    """The lines of a CSV file; what is not there is an empty field."""
    return csv_text(["" if field is None else field for field in line] for line in lines)


@contextmanager
def json_file(path: Path) -> Iterator[Write]:
    """Figures are exact decimals as text; what is not there is null."""
    with path.open("w", encoding="utf-8", newline="") as file:
        before = "["

        def write(lines: Sequence[Line]) -> None:
            nonlocal before
            for line in lines:
                fields = {name: as_text(field) for name, field in line._asdict().items()}
                file.write(f"{before}\n{json.dumps(fields, ensure_ascii=False)}")
                before = ","

        yield write
        file.write("[]\n" if before == "[" else "\n]\n")


def as_text(field: Field) -> str | int | None:
    """A figure as an exact decimal; anything else as it is."""
    return f"{field:f}" if isinstance(field, Decimal) else field
