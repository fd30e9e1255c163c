"""Opens a file for a long table of any length; the ending of its name says in which form."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import NamedTuple

from xltool.collecting.parquet import parquet_file, refuse_unfit
from xltool.collecting.sqlite import sqlite_file
from xltool.collecting.text import Write, csv_file, json_file
from xltool.errors import FileRefused
from xltool.excel.write.long_table import refuse_too_long_texts, sheet_file
from xltool.layout.long_table import Line
from xltool.saving import written_in_parts


class Form(NamedTuple):
    """How lines get into a file; `refuse` raises FileRefused for the lines of a workbook that do not fit into it."""

    opened: Callable[[Path], AbstractContextManager[Write]]
    refuse: Callable[[Iterable[Line]], None]


def _all_fit(_: Iterable[Line]) -> None:
    pass


_DATABASE = Form(sqlite_file, _all_fit)

FORMS = {
    ".csv": Form(csv_file, _all_fit),
    ".xlsx": Form(sheet_file, refuse_too_long_texts),
    ".json": Form(json_file, _all_fit),
    ".parquet": Form(parquet_file, refuse_unfit),
    ".sqlite": _DATABASE,
    ".db": _DATABASE,
}


def form_of(target: Path) -> Form:
    """The form that a file of this name has. Raises FileRefused if there is none."""
    form = FORMS.get(target.suffix.lower())
    if form is None:
        raise FileRefused(f"不知道怎样写“{target.name}”：数据表的文件名应以 {'、'.join(FORMS)} 结尾。")
    return form


@contextmanager
def long_table(target: Path) -> Iterator[Write]:
    """What writes lines, as often as it is called, into a file that takes the place of `target` at the end.

    If that raises, `target` is as it was. Raises FileRefused if it cannot be written, before anything is.
    """
    with written_in_parts(target) as temporary, form_of(target).opened(temporary) as write:
        yield write
