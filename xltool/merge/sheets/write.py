"""Writes a 汇总: the official workbook with the figures of all units, and the sheets that say where they come from."""

from __future__ import annotations

from pathlib import Path

from xltool.excel.write.workbook import workbook_bytes
from xltool.layout.book import MERGED
from xltool.merge.balance.sheet import explaining_sheet
from xltool.merge.consolidation import Consolidation
from xltool.merge.sheets.elimination import elimination
from xltool.merge.sheets.reasons import reasons
from xltool.merge.sheets.submissions import submissions
from xltool.merge.sheets.unit_table import UNIT_TABLE
from xltool.merge.sheets.working_paper import working_paper


def consolidation_bytes(consolidation: Consolidation, target: Path) -> bytes:
    """The content of a 汇总 that is to be written to `target`. Raises FileRefused for what a cell cannot hold."""
    paper, filled, rounding = working_paper(consolidation, target), consolidation.filled, []
    if consolidation.balanced is not None:
        paper = paper._replace(sources=consolidation.balanced.formulas(paper.sources))
        filled, rounding = consolidation.balanced.filled, [explaining_sheet(consolidation.balanced)]
    noted = {MERGED: "1"}
    if consolidation.unit_table is not None:
        noted[UNIT_TABLE] = consolidation.unit_table.name
    added = [submissions(consolidation, target), paper, *elimination(consolidation, target), *rounding]
    added += reasons(consolidation)
    return workbook_bytes(*filled, added, noted)
