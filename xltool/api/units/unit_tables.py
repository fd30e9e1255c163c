"""The second file of a 汇总 of many units, which another process writes while this one makes the 汇总."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from xltool.api.failures import Failure, attempt, naming
from xltool.api.processes import pool
from xltool.api.processes.pool import Lost
from xltool.api.units.spool import Spooled
from xltool.errors import FileRefused
from xltool.merge.sheets.unit_table import UnitTable, write_unit_table
from xltool.saving import written_in_parts


@contextmanager
def written_beside(table: UnitTable, figures: Sequence[Spooled]) -> Iterator[None]:
    """Have the file written; when the context ends, it waits until it is, and puts it in its place.

    `figures` are those of its units, in their order. If something is raised, the file is as it was. Raises FileRefused.
    """
    with (
        written_in_parts(table.place) as temporary,
        pool.beside(_write, _Order(table, tuple(figures), temporary)) as result,
    ):
        yield
        done = result()
        if isinstance(done, Failure):
            raise FileRefused(done.sentence)
        if isinstance(done, Lost):
            raise FileRefused(naming(table.place.name, done.value))


class _Order(NamedTuple):
    """What another process is to write, and where."""

    table: UnitTable
    figures: tuple[Spooled, ...]
    target: Path


def _write(order: _Order) -> None | Failure:
    each_unit = (spooled.figures() for spooled in order.figures)
    return attempt(lambda: write_unit_table(order.table, each_unit, order.target), order.table.place.name)
