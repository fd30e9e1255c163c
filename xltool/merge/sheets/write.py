"""Writes a 汇总: the official workbook with the figures of all units, and the sheets that say where they come from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from xltool.excel.write.added import AddedSheet
from xltool.excel.write.workbook import write
from xltool.merge.balance.sheet import explaining_sheet
from xltool.merge.consolidation import Consolidation
from xltool.merge.roster.identity import MERGED
from xltool.merge.sheets.elimination import elimination
from xltool.merge.sheets.submissions import submissions
from xltool.merge.sheets.unit_table import UNIT_TABLE
from xltool.merge.sheets.working_paper import working_paper


def write_consolidation(
    consolidation: Consolidation, target: Path, more: Sequence[AddedSheet] = (), unit_table: Path | None = None
) -> None:
    """Write a 汇总 to `target`, in one step; `more` sheets come last.

    `unit_table` is the file beside it with what each unit gives, see `write_unit_table`. Raises FileRefused if it
    cannot be written.
    """
    paper, filled, rounding = working_paper(consolidation, target, unit_table), consolidation.filled, []
    if consolidation.balanced is not None:
        paper = paper._replace(sources=consolidation.balanced.formulas(paper.sources))
        filled, rounding = consolidation.balanced.filled, [explaining_sheet(consolidation.balanced)]
    noted = {MERGED: "1"} if unit_table is None else {MERGED: "1", UNIT_TABLE: unit_table.name}
    added = [submissions(consolidation, target), paper, *elimination(consolidation, target), *rounding, *more]
    write(*filled, target, added, noted)
