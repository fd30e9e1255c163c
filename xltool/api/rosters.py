"""Rosters: read, and drafted from the workbooks of the units.

Heavy parts are imported where they are used, so that importing this module costs nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from xltool.api.paths import path, path_or_none

TYPE_CHECKING = False
if TYPE_CHECKING:  # spelt out, because importing pathlib takes a tenth of what `xltool -h` may take
    from pathlib import Path

    from xltool.api.batches import Job
    from xltool.api.failures import Failure
    from xltool.api.paths import AnyPath
    from xltool.merge.roster.draft import Drafted
    from xltool.merge.roster.identity import Identity
    from xltool.merge.roster.roster import Roster


class DraftedRoster(NamedTuple):
    """What was drafted, and a sentence for every file that could not be read."""

    drafted: Drafted
    troubles: tuple[str, ...]


def read_roster(source: AnyPath) -> Roster:
    """The roster in a file (CSV, .xlsx, TOML). Raises FileRefused, and RosterError listing every wrong line."""
    from xltool.merge.roster.read import read_roster as read

    return read(path(source))


def draft_roster(
    files: Sequence[AnyPath],
    target: AnyPath,
    *,
    template: str | None = None,
    templates: AnyPath | None = None,
) -> DraftedRoster:
    """Write a first roster of the units that the workbooks (or folders of workbooks) are of to `target`.

    A file that cannot be read does not stop the others. Raises FileRefused if there is no workbook of a unit, or
    `target`, which ends in .csv or .xlsx, cannot be written.
    """
    from xltool.api.batches import each_file, jobs_of, workbooks
    from xltool.api.failures import Failure
    from xltool.errors import FileRefused
    from xltool.merge.roster.draft import drafted
    from xltool.merge.roster.write import refuse_other_endings, save_roster

    place = path(target)
    refuse_other_endings(place)
    paths = [file for file in workbooks(files) if not _is_same(file, place)]
    work = partial(_identity, template=template, templates=path_or_none(templates))
    found = [*zip(paths, each_file(work, jobs_of(paths)), strict=True)]
    known = [(file.name, one) for file, one in found if not isinstance(one, Failure)]
    troubles = tuple(one.sentence for _, one in found if isinstance(one, Failure))
    result = drafted(known)
    if not result.roster.units:
        raise FileRefused("\n".join(["没有读出一个单位，没有写名册。", *troubles, *result.remarks]))
    save_roster(result.roster, place)
    return DraftedRoster(result, troubles)


def _is_same(file: Path, target: Path) -> bool:
    return file.exists() and target.exists() and file.samefile(target)


def _identity(job: Job, template: str | None, templates: Path | None) -> Identity | Failure:
    from xltool.api import books
    from xltool.api.failures import attempt
    from xltool.merge.roster.identity import identity

    return attempt(lambda: identity(books.read(job.source, template, templates)), job.name)
