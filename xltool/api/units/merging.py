"""Many units' workbooks made into one 汇总."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from xltool.api.batches import Job, Watch, each_file_apart, unwatched, workbooks
from xltool.api.books import annotated
from xltool.api.failures import Failure
from xltool.api.paths import AnyPath, path, path_or_none
from xltool.errors import MergeRefused, UnitsFaulty, XltoolError

if TYPE_CHECKING:
    from pathlib import Path

    from xltool.api.processes.cluster import Cluster
    from xltool.merge.consolidation import Consolidation
    from xltool.merge.findings.changed import Earlier
    from xltool.merge.roster.roster import Roster
    from xltool.merge.sorting import SortedFiles
    from xltool.merge.unit_file import UnitFile
    from xltool.template.spec import Template

_REFUSED = "没有汇总，什么也没有写："


def merge(
    files: Sequence[AnyPath],
    target: AnyPath,
    *,
    roster: AnyPath | None = None,
    under: str | None = None,
    nature: str | None = None,
    name: str | None = None,
    transfers: AnyPath | None = None,
    exclude: Sequence[AnyPath] = (),
    amount_unit: str | None = None,
    allow_errors: bool = False,
    balanced: bool = False,
    template: str | None = None,
    templates: AnyPath | None = None,
    cluster: Cluster | None = None,
    watch: Watch = unwatched,
) -> Consolidation:
    """Add up the workbooks of many units (files, or folders of them) and write the 汇总 to `target`.

    `roster` is the file of the 单位名册; without one the units are taken from the files. Of the roster, `under` chooses
    the units below a line, `nature` those of one 单位性质. `name` is the department's, `transfers` the file of the 往来
    清单, `exclude` are files to be left out, `amount_unit` is that of the 汇总 (the template's own by default). With
    `balanced` its amounts are rounded as they are printed, so that everything still adds up (舍位平衡). Errors and
    warnings about it are marked in its cells. On a `cluster` its workers read the files; `watch` shows how far they
    are. Raises MergeRefused with every reason why nothing was written (UnitsFaulty if only errors are), BalanceError,
    RosterError, TransfersError, ClusterRefused, FileRefused, UnknownTemplate, TemplateError.
    """
    from xltool.api.units.spool import Spool
    from xltool.api.units.unit_files import unit_file
    from xltool.api.units.unit_tables import written_beside
    from xltool.library import library
    from xltool.merge.adding.addition import Addition
    from xltool.merge.consolidating import consolidated
    from xltool.merge.findings.changed import changed_since
    from xltool.merge.sheets.unit_table import unit_table
    from xltool.merge.sheets.write import consolidation_bytes
    from xltool.merge.sorting import faults, sort_out
    from xltool.merge.transfers.listed import read_transfers
    from xltool.saving import refuse_unwritable, save_file

    known = _roster(roster)
    listed = None if transfers is None else read_transfers(path(transfers))
    chosen = _chosen(known, under, nature)
    left_out = {os.path.realpath(path(one)) for one in exclude}
    jobs = [Job(file, None, file.name) for file in workbooks(files)]
    work = partial(unit_file, template=template, templates=path_or_none(templates))
    with Spool() as spool:
        with watch(_read(work, jobs, cluster), len(jobs)) as coming:
            seen = [spool.keep(file) for file in coming]
        excluded = {str(job.source) for job in jobs if os.path.realpath(job.source) in left_out}
        sorted_out = sort_out(seen, known, chosen, excluded)
        reasons = [*_misplaced(seen, left_out, path(target)), *sorted_out.reasons]
        faulty = [] if allow_errors else faults(sorted_out)
        if reasons:
            raise MergeRefused(_REFUSED, [*reasons, *faulty])
        if faulty:
            raise UnitsFaulty(_REFUSED, faulty)
        first = next(iter(sorted_out.files.values()))
        spec = library(path_or_none(templates)).load(first.template)
        department = name or _department(chosen, sorted_out)
        before = _earlier(path(target), spec, path_or_none(templates))  # first: a large one takes much memory
        addition = Addition(spec, department, first.year, amount_unit or spec.amount_unit)
        consolidation = consolidated(addition, sorted_out, (chosen, known), listed, spool.figures)
        if balanced:
            consolidation = _balanced(consolidation)
        refuse_unwritable(path(target))
        table = unit_table(consolidation, addition.names, path(target))
        spooled = [spool.place(file) for file in sorted_out.files.values()]
        del seen, sorted_out, addition  # what is written takes their room
        with nullcontext() if table is None else written_beside(table, spooled):
            consolidation = replace(consolidation, unit_table=None if table is None else table.place)
            content = consolidation_bytes(consolidation, path(target))
            content = annotated(content, consolidation.findings, target)
    save_file(path(target), content)
    return consolidation if before is None else replace(consolidation, changed=changed_since(before, consolidation))


def _earlier(target: Path, spec: Template, templates: Path | None) -> Earlier | None:
    """The 汇总 that is about to be replaced; None if there is none that can be read."""
    from xltool.excel.read.sheets.source import open_workbook
    from xltool.excel.read.workbook import read
    from xltool.library import library
    from xltool.merge.findings.changed import earlier

    if not target.is_file():
        return None
    try:
        opened = open_workbook(target)
        return earlier(opened, read(opened, None, library(templates)), spec)
    except XltoolError:
        return None


def _misplaced(files: Sequence[UnitFile], left_out: Iterable[str], target: Path) -> Iterator[str]:
    """What is wrong with the names given: a file left out that is none of them, a 汇总 to be written over one."""
    there = {os.path.realpath(file.sent.path): file for file in files}
    for one in left_out:
        if one not in there:
            yield f"--exclude 后面的“{one}”不在要汇总的文件里：请检查文件名。"
    file = there.get(os.path.realpath(target))
    if file is not None and not file.identity.is_merged:
        yield f"“{target}”是报来的文件，汇总不能写在它上面：请在 -o 后面换一个文件名。"


def _balanced(consolidation: Consolidation) -> Consolidation:
    from xltool.merge.balance.balance import balanced
    from xltool.merge.balance.exactness import refuse_inexact

    refuse_inexact(consolidation.filled.book)
    return replace(consolidation, balanced=balanced(consolidation.filled))


def _roster(file: AnyPath | None) -> Roster | None:
    from xltool.merge.roster.read import read_roster

    return None if file is None else read_roster(path(file))


def _chosen(roster: Roster | None, under: str | None, nature: str | None) -> Roster | None:
    """The part of the roster that is added up (选择汇总)."""
    from xltool.merge.roster.roster import Nature

    if roster is None:
        if under or nature:
            raise MergeRefused(_REFUSED, ["--under 和 --nature 在名册里选单位：请用 --roster 写明名册。"])
        return None
    part = roster.under(under) if under else roster
    return part.of_nature(Nature(nature)) if nature else part


def _read(work: Callable[[Job], UnitFile], jobs: Sequence[Job], cluster: Cluster | None) -> Iterator[UnitFile]:
    from xltool.api.units.unit_files import unreadable

    for job, file in zip(jobs, each_file_apart(work, jobs, cluster), strict=True):
        yield unreadable(job, file.sentence) if isinstance(file, Failure) else file


def _department(roster: Roster | None, sorted_out: SortedFiles) -> str:
    """The name of the department: the top of the roster, else the one printed in the workbooks of all units."""
    printed = {file.department for file in sorted_out.files.values()}
    units = {line.unit.name for line in sorted_out.lines}
    name = roster.department if roster is not None else "".join(printed) if len(printed) == 1 else ""
    if not name or (roster is None and name in units and len(units) > 1):
        raise MergeRefused(_REFUSED, ["不知道部门的名称：请用 --name 写明，如某某局。"])
    return name
