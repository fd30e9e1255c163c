"""Whether a table is filled in, as a formula that 目录 shows and that the lines of 校验 wait for."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from xltool.equations.sums import column_sums
from xltool.excel.write.cells import Job
from xltool.excel.write.formulas import quoted
from xltool.excel.write.table.rows import live_formula
from xltool.layout.block import BlockAt
from xltool.layout.geometry import area, runs
from xltool.layout.layout import TableAt
from xltool.template.spec import FIGURES

FILLED, EMPTY, EMPTY_ON_PURPOSE = "已填", "未填", "空表"


def state_formula(job: Job, table: TableAt) -> str:
    """The formula that says whether a figure other than 0 is typed into a table; "" if it takes no figures."""
    areas = [text for block in table.blocks for text in _typed_areas(job, block)]
    prefix = f"{quoted(table.sheet)}!"
    squares = ",".join(prefix + text for text in areas)
    return f'IF(SUMSQ({squares})=0,"{_empty(table)}","{FILLED}")' if areas else ""


def state(job: Job, table: TableAt) -> str:
    """The result of that formula now."""
    typed = (place for block in table.blocks for place in block.figures() if not live_formula(job, place))
    return FILLED if any(job.values.get(place) for place in typed) else _empty(table)


def _empty(table: TableAt) -> str:
    return EMPTY_ON_PURPOSE if table.table.empty_note else EMPTY


def _typed_areas(job: Job, block: BlockAt) -> Iterator[str]:
    """The rectangles of cells in which figures are typed, spare rows included."""
    columns: dict[int, set[int]] = {}
    for place in block.figures():
        cell = block.cell(place.row, place.column)
        if cell is not None and not live_formula(job, place):
            columns.setdefault(cell.row, set()).add(cell.column)
    summed = {line.target for line in column_sums(block)} if block.blank_rows else set()
    typed = [at.sheet_column for c, at in enumerate(block.columns) if at.definition.kind in FIGURES and c not in summed]
    columns |= {row: set(filter(None, typed)) for row in block.blank_rows}
    for alike, rows in groupby(sorted(columns), key=lambda row: sorted(columns[row])):
        for top, bottom in runs(list(rows)):
            yield from (area(top, left, bottom, right) for left, right in runs(alike))
