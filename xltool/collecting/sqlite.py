"""A long table as the table `facts` of an SQLite database; figures are TEXT, because SQLite has no exact decimals."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from xltool.collecting.text import Write, as_text
from xltool.layout.long_table import Line

_COLUMNS = ", ".join(f'"{name}" {"INTEGER" if name == "year" else "TEXT"}' for name in Line._fields)
_CREATE = f"CREATE TABLE facts ({_COLUMNS})"
_INSERT = f"INSERT INTO facts VALUES ({', '.join('?' * len(Line._fields))})"
_INDEXES = (
    'CREATE INDEX facts_by_figure ON facts ("table", "row", "column")',
    'CREATE INDEX facts_by_unit ON facts ("unit", "table")',
)


@contextmanager
def sqlite_file(path: Path) -> Iterator[Write]:
    """One transaction, without a journal: what fails is thrown away whole."""
    uri = f"{path.absolute().as_uri()}?nolock=1"  # nobody else knows the file; network drives mix up kinds of locks
    with _disk_errors(), closing(sqlite3.connect(uri, uri=True, isolation_level=None)) as database:
        for statement in ("PRAGMA journal_mode=OFF", "PRAGMA synchronous=OFF", "BEGIN", _CREATE):
            database.execute(statement)
        yield lambda lines: _insert(database, lines)
        for statement in (*_INDEXES, "COMMIT"):
            database.execute(statement)


def _insert(database: sqlite3.Connection, lines: Sequence[Line]) -> None:
    database.executemany(_INSERT, ([as_text(field) for field in line] for line in lines))


@contextmanager
def _disk_errors() -> Iterator[None]:
    """What SQLite says of the disk, as the system says it."""
    try:
        yield
    except sqlite3.OperationalError as error:
        code = errno.ENOSPC if error.sqlite_errorcode == sqlite3.SQLITE_FULL else errno.EIO
        raise OSError(code, os.strerror(code)) from error
