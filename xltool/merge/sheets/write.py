"""Writes a 汇总: the official workbook with the figures of all units, and the sheets that say where they come from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from xltool.excel.write.added import AddedSheet
from xltool.excel.write.workbook import write
from xltool.merge.consolidation import Consolidation
from xltool.merge.roster.identity import MERGED
from xltool.merge.sheets.submissions import submissions
from xltool.merge.sheets.working_paper import working_paper


def write_consolidation(consolidation: Consolidation, target: Path, more: Sequence[AddedSheet] = ()) -> None:
    """Write a 汇总 to `target`, in one step; `more` sheets come last. Raises FileRefused if it cannot be written."""
    added = [submissions(consolidation, target), working_paper(consolidation, target), *more]
    write(*consolidation.filled, target, added, {MERGED: "1"})
