"""Rosters: read, and drafted from the workbooks of the units.

Heavy parts are imported where they are used, so that importing this module costs nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
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


def identities(
    files: Sequence[Path], *, template: str | None = None, templates: AnyPath | None = None
) -> Iterator[Identity | Failure]:
    """Which unit each workbook is of, or why it cannot be read, in the order of the files."""
    from xltool.api.batches import each_file, jobs_of

    return each_file(partial(_identity, template=template, templates=path_or_none(templates)), jobs_of(files))


def draft_roster(found: Iterable[tuple[Path, Identity | Failure]], target: AnyPath) -> DraftedRoster:
    """Write a first roster of the units that workbooks are of (see `identities`) to `target`.

    Raises FileRefused if there is no workbook of a unit, or `target`, which ends in .csv or .xlsx, cannot be written.
    """
    from xltool.api.failures import Failure
    from xltool.errors import FileRefused
    from xltool.merge.roster.draft import drafted
    from xltool.merge.roster.write import refuse_other_endings, save_roster

    place = path(target)
    refuse_other_endings(place)
    known: list[tuple[str, Identity]] = []
    troubles: list[str] = []
    for file, one in found:
        if isinstance(one, Failure):
            troubles.append(one.sentence)
        else:
            known.append((file.name, one))
    result = drafted(known)
    if not result.roster.units:
        raise FileRefused("\n".join(["没有读出一个单位，没有写名册。", *troubles, *result.remarks]))
    save_roster(result.roster, place)
    return DraftedRoster(result, tuple(troubles))


def _identity(job: Job, template: str | None, templates: Path | None) -> Identity | Failure:
    from xltool.api import books
    from xltool.api.failures import attempt
    from xltool.merge.roster.identity import identity

    return attempt(lambda: identity(books.read(job.source, template, templates)), job.name)
