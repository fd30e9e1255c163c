"""The facts of many workbooks as one long table, for those who go on with pandas, DuckDB or a database."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from xltool.api import books
from xltool.api.batches import Job, Watch, each_file, jobs_of, unwatched
from xltool.api.failures import Failure, attempt
from xltool.api.paths import AnyPath, path, path_or_none
from xltool.errors import FileRefused

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xltool.layout.long_table import Line


class Collected(NamedTuple):
    """How many workbooks were read, how many lines they gave, and in how many of these no figure could be read."""

    files: int
    lines: int
    unread: int


def collect(
    files: Sequence[AnyPath],
    target: AnyPath,
    *,
    template: str | None = None,
    templates: AnyPath | None = None,
    tell: Callable[[str], object],
    watch: Watch = unwatched,
) -> Collected:
    """Write the facts of all workbooks to `target`, whose ending says in which form (see `collecting.target.FORMS`).

    A workbook that cannot be read does not stop the others: why is told to `tell`, in a sentence; `watch` shows how far
    they are. Raises FileRefused if `target` cannot be written, or if no workbook could be read; it is then as it was.
    """
    from xltool.collecting.target import form_of, long_table

    place = path(target)
    refuse = form_of(place).refuse
    files_read = lines = unread = 0
    coming = lines_of(files, template=template, templates=templates, refuse=refuse)
    with long_table(place) as write, watch(coming, len(files)) as read:
        for found in read:
            if isinstance(found, Failure):
                tell(found.sentence)
                continue
            write(found)
            files_read, lines, unread = files_read + 1, lines + len(found), unread + sum(one.is_unread for one in found)
        if not files_read:
            raise FileRefused(f"一个工作簿也没有读成，没有写“{place}”。")
    return Collected(files_read, lines, unread)


def refuse_over_budget(
    target: Path, files: Sequence[Path], template: str | None = None, templates: AnyPath | None = None
) -> None:
    """Raise FileRefused if `target` is one of the workbooks to read; an earlier table that lies among them is none."""
    is_among = target.exists() and any(file.exists() and file.samefile(target) for file in files)
    if is_among and not isinstance(attempt(lambda: books.read(target, template, templates)), Failure):
        raise FileRefused(f"“{target}”是要读的工作簿，不能写在它上面：请在 -o 后面换一个文件名。")


def lines_of(
    files: Sequence[AnyPath],
    *,
    template: str | None = None,
    templates: AnyPath | None = None,
    refuse: Callable[[Iterable[Line]], None] | None = None,
) -> Iterator[list[Line] | Failure]:
    """The facts of each workbook, in the order of the files, or why there are none; `refuse` may refuse them too.

    A 汇总 of ours among several files is left out, or its units would count twice.
    """
    work = partial(_read, template=template, templates=path_or_none(templates), refuse=refuse)
    return each_file(work, jobs_of([*map(path, files)]))


def _read(
    job: Job, template: str | None, templates: Path | None, refuse: Callable[[Iterable[Line]], None] | None
) -> list[Line] | Failure:
    from xltool.layout.long_table import lines
    from xltool.merge.roster.identity import identity

    def read() -> list[Line]:
        book = books.read(job.source, template, templates)
        of = identity(book)
        if of.is_merged and job.name:
            raise FileRefused("这是汇总，与单位的放在一起，数会重复：没有读。要读它，请只写这一个文件。")
        found = [*lines(book, of.name, of.code, job.source)]
        if refuse is not None:
            refuse(found)
        return found

    return attempt(read, job.name)
