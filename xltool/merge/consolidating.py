"""Makes the 汇总 of files that were sorted out: adds them up, takes 内部往来 out, checks what came of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from xltool.merge.adding.addition import Addition
from xltool.merge.adding.columns import share_columns
from xltool.merge.adding.figures import UnitFigures
from xltool.merge.consolidation import Consolidation, ShareColumn
from xltool.merge.findings.of_differences import difference_findings, text_findings
from xltool.merge.findings.of_sums import balance_findings, sum_findings
from xltool.merge.findings.of_transfers import transfer_findings
from xltool.merge.findings.of_units import dependent_finding, unit_findings
from xltool.merge.roster.roster import CORRECTIONS, Roster
from xltool.merge.sorting import SortedFiles
from xltool.merge.transfers.adjustment import adjustment
from xltool.merge.transfers.eliminated import Eliminated
from xltool.merge.transfers.internal import Said
from xltool.merge.transfers.listed import Transfer
from xltool.merge.transfers.pairs import eliminated_by_pairs
from xltool.merge.transfers.sums import eliminated_by_sums
from xltool.merge.unit_file import UnitFile
from xltool.template.spec import Template


def consolidated(
    addition: Addition,
    sorted_out: SortedFiles,
    rosters: tuple[Roster | None, Roster | None],
    transfers: Sequence[Transfer] | None,
    figures_of: Callable[[UnitFile], UnitFigures],
) -> Consolidation:
    """The 汇总 of the files that are to be added up; `transfers` is None without a list of 往来.

    `rosters` are the part that is added up and the whole, None without one. `figures_of` gives the figures of a file,
    which are let go of as soon as they are added.
    """
    template, lines = addition.template, sorted_out.lines
    columns = share_columns(lines, sorted_out.files.keys(), rosters[0])
    column_of = {unit: i for i, column in enumerate(columns) for unit in column.units}
    dependent = []
    for unit, file in sorted_out.files.items():
        figures = figures_of(file)
        known = lines[unit].unit
        addition.add(unit, known.name, column_of[unit], figures, corrects=known.type in CORRECTIONS)
        dependent.append(dependent_finding(known, figures, template))
    eliminated = _eliminated(sorted_out, rosters[1], transfers, template)
    taken = adjustment(eliminated.taken, template, addition.department)
    if taken is not None:
        name = template.merging.adjustment
        addition.add(None, name, len(columns), taken, corrects=True)
        columns = (*columns, ShareColumn(name, (), True))
    filled, shares, off, differing, unsaid = addition.result()
    findings = (
        *unit_findings(lines, addition.department),
        *filter(None, dependent),
        *sum_findings(filled, off, lines),
        *difference_findings(filled, differing, lines),
        *text_findings(filled, unsaid),
        *transfer_findings(eliminated, filled.layout),
        *balance_findings(filled, off, lines),
    )
    reasons = tuple((lines[unit].unit.name, one) for unit, file in sorted_out.files.items() for one in file.accepted)
    return Consolidation(filled, lines, columns, shares, findings, eliminated, reasons=reasons)


def _eliminated(
    sorted_out: SortedFiles, roster: Roster | None, transfers: Sequence[Transfer] | None, template: Template
) -> Eliminated:
    names = {unit: sorted_out.lines[unit].unit.name for unit in sorted_out.files}
    said = [Said(unit, names[unit], line) for unit, file in sorted_out.files.items() for line in file.internal]
    if transfers is None:
        return eliminated_by_sums(said, template)
    known = roster or Roster(sorted_out.lines[unit].unit for unit in sorted_out.files)
    return eliminated_by_pairs(said, transfers, template, known, set(names.values()))
