"""Many units' workbooks made into one 汇总."""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from xltool.api.batches import Job, each_file, workbooks
from xltool.api.failures import Failure
from xltool.api.paths import AnyPath, path, path_or_none
from xltool.api.unit_files import unit_file, unreadable
from xltool.errors import MergeRefused

if TYPE_CHECKING:
    from xltool.merge.consolidation import Consolidation
    from xltool.merge.roster.roster import Roster
    from xltool.merge.sorting import Sorted
    from xltool.merge.unit_file import UnitFile


def merge(
    files: Sequence[AnyPath],
    target: AnyPath,
    *,
    roster: AnyPath | None = None,
    name: str | None = None,
    exclude: Sequence[AnyPath] = (),
    amount_unit: str | None = None,
    allow_errors: bool = False,
    template: str | None = None,
    templates: AnyPath | None = None,
) -> Consolidation:
    """Add up the workbooks of many units (files, or folders of them) and write the 汇总 to `target`.

    `roster` is the file of the 单位名录; without one the units are taken from the files. `name` is the department's,
    `exclude` are files to be left out, `amount_unit` is that of the 汇总 (the template's own by default). Raises
    MergeRefused with every reason why nothing was written, RosterError, FileRefused, UnknownTemplate, TemplateError.
    """
    from xltool.excel.write.workbook import write
    from xltool.library import library

    known = _roster(roster)
    jobs = [Job(file, None, file.name) for file in workbooks(files)]
    work = partial(unit_file, template=template, templates=path_or_none(templates))
    with _Spool() as spool:
        seen = [spool.kept(file) for file in _read(work, jobs)]
        sorted_out = _sorted(seen, known, exclude, allow_errors)
        first = next(iter(sorted_out.files.values()))
        spec = library(path_or_none(templates)).load(first.template)
        department = name or (known.department if known is not None else "") or _common_department(sorted_out)
        heads = (department, first.year, amount_unit or spec.amount_unit)
        consolidation = _added(spec, heads, sorted_out, spool)
    filled = consolidation.filled
    write(filled.layout, filled.values, filled.live, path(target))
    return consolidation
