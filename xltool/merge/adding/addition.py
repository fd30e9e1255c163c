"""Adds up what units hand over, one after the other: the figures of the 汇总, exact in 元, each with its origin."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from xltool.layout.block import BlockAt, RowAt
from xltool.layout.layout import Layout, sheet_key
from xltool.layout.outline import match_row, outline_of
from xltool.layout.plan import plan
from xltool.merge.adding.figures import CellFigure, RowFigures, UnitFigures
from xltool.merge.adding.finishing import Added, Finishing
from xltool.merge.adding.members import PROJECT, Members, merged_path, projects
from xltool.merge.adding.merged_rows import Kept, MergedRow, Off, Sum
from xltool.merge.adding.texts import Said, merged_notes
from xltool.merge.consolidation import Share
from xltool.model import FactKey, Path
from xltool.template.merge_ways import EACH, RATE, SAME, way_of
from xltool.template.spec import FORM_COLUMN, YUAN, Column, Row, Template

_KEPT = (EACH, SAME, RATE)
"""The ways in which what units have is not added up."""


class _Line(NamedTuple):
    """The kind of a column or field, and how it merges; what nobody says is a unit's own."""

    kind: str
    way: str


class Addition:
    """The units of one 汇总, added one by one. Amounts are added in 元; what is not money as it is."""

    def __init__(self, template: Template, department: str, year: int, amount_unit: str) -> None:
        self.template = template
        self.department = department
        self._heads = (department, year, amount_unit)
        self._members = Members(template)
        self._rows: defaultdict[tuple[str, int, Path], MergedRow] = defaultdict(MergedRow)
        self._lines: dict[tuple[str, int, Path, str], _Line] = {}
        self._notes: dict[tuple[str, Path], list[Said]] = {}
        self._corrections: set[str] = set()
        self.names: dict[int, Mapping[tuple[str, str], str]] = {}
        """What the members of each unit's workbook are called in the 汇总, where that is not what they are there."""

    def add(self, unit: int | None, name: str, column: int, figures: UnitFigures, *, corrects: bool = False) -> None:
        """Add the workbook of a unit, called `name` in the roster, to a column of the 底稿; None is no unit's.

        One that `corrects` others (差额, 调整) may have amounts below zero.
        """
        names = self._members.renamed(figures, unit, name)
        if unit is not None:
            self.names[unit] = names
        if corrects:
            self._corrections |= {name, *(names.get((PROJECT, one), one) for one in projects(figures.rows))}
        own = {figures.department, *figures.units} if len(figures.units) <= 1 else {figures.department}
        for row in figures.rows:
            merged = self._rows[row.table, row.block, merged_path(row, names)]
            merged.counted_in.update(dict.fromkeys(row.counted_in))
            for figure in row.cells:
                line = self._line(row, figure.column)
                factor = YUAN[row.amount_unit] if line.kind == "amount" else 1
                if line.way in _KEPT:
                    _keep(merged, row, figure, unit, factor, line.way == RATE)
                elif isinstance(figure.value, Decimal):
                    _add_figure(merged.sums[figure.column], row, figure, (column, figure.value * factor, unit), factor)
                else:
                    text = self._heads[0] if figure.value in own else figure.value
                    merged.texts.setdefault(figure.column, []).append(Said(name, str(text)))
        for (table, above), lines in figures.notes.items():
            place = table, tuple(names.get((PROJECT, member), member) for member in above)
            self._notes.setdefault(place, []).extend(Said(name, line) for line in lines)

    def _line(self, row: RowFigures, column: Path) -> _Line:
        """What stands in a column, or in the field in a row, and how it merges."""
        key = row.table, row.block, column, row.path[-1] if column == FORM_COLUMN else ""
        known = self._lines.get(key)
        if known is None:
            table = self.template.tables[row.table]
            block = table.blocks[row.block]
            line: Column | Row = next(one for one in block.columns if one.path == column)
            if line.kind == "field":
                line = (match_row(block.rows, row.path) or (Row(),))[-1]
            known = self._lines[key] = _Line(line.kind, way_of(self.template, table, line) or EACH)
        return known

    def result(self) -> Added:
        """All that was added so far as one workbook; totals are live."""
        layout = self._layout()
        at = {(block.table.id, block.above, block.table.number_of(block.block)): block for block in layout.blocks}
        finished = Finishing(layout)
        for (table, number, path), row in self._rows.items():
            above = path[:1] if self.template.tables[table].each else ()
            block = at[table, above, number]
            finished.take(block, block.row_index[path], row)
        return finished.added()

    def _layout(self) -> Layout:
        keys = [
            FactKey(table, path, column)
            for (table, _, path), row in self._rows.items()
            for column in (next(iter(row.sums or row.texts or row.kept)),)
        ]
        outline = outline_of(self.template, keys, *self._heads)
        layout = plan(self.template, outline._replace(corrections=frozenset(self._corrections)))
        layout = layout.with_blocks([self._with_counted(block) for block in layout.blocks])
        notes = {
            sheet_key(at.table.id, at.above): merged_notes(
                at.table, self._notes.get((at.table.id, at.above), ()), layout.outline
            )
            for at in layout.tables.values()
        }
        return layout.with_notes(notes)

    def _with_counted(self, block: BlockAt) -> BlockAt:
        """A block in which rows that the template does not know are counted by the totals that count them in units."""
        if all(row.definition is not None for row in block.rows):
            return block
        number = block.table.number_of(block.block)

        def counted(row: RowAt) -> RowAt:
            known = self._rows.get((block.table.id, number, row.path))
            return row if row.definition is not None or known is None else row._replace(counted_in=(*known.counted_in,))

        return replace(block, rows=tuple(counted(row) for row in block.rows))


def _add_figure(
    total: Sum, row: RowFigures, figure: CellFigure, share: tuple[int, Decimal, int | None], factor: int
) -> None:
    """Add a figure, of which one unit is `factor` 元 if it is money; `share` is to which column, what, and whose."""
    column, value, unit = share
    known = total.shares.get(column)
    total.shares[column] = Share(*share, row.cell(figure)) if known is None else known.plus(value)
    total.count += 1
    if figure.value:
        total.rounding += figure.unit * factor
    if figure.off and unit is not None:
        total.off.append(Off(unit, figure.off * factor, row.cell(figure), figure.is_rounding))
    total.loose |= not figure.is_total


def _keep(merged: MergedRow, row: RowFigures, figure: CellFigure, unit: int | None, factor: int, is_rate: bool) -> None:
    value, cell = figure.value, row.cell(figure)
    if isinstance(value, Decimal):
        value *= factor
    known = merged.kept.get(figure.column)
    if known is None:
        merged.kept[figure.column] = Kept(unit, value, cell, is_rate)
    else:
        known.add(unit, value, cell)
