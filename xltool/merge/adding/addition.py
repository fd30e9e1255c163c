"""Adds up what units hand over, one after the other: the figures of the 汇总, exact in 元, each with its origin."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import NamedTuple

from xltool.equations.evaluate import Values, compute
from xltool.equations.filling import Filled
from xltool.equations.instances import formulas
from xltool.equations.summed_rounding import rounding_of_totals
from xltool.layout.layout import BlockAt, Layout, Place, RowAt, sheet_key
from xltool.layout.outline import match_row, outline_of
from xltool.layout.plan import plan
from xltool.merge.adding.figures import CellFigure, RowFigures, UnitFigures
from xltool.merge.adding.members import PROJECT, Members, merged_path, projects
from xltool.merge.adding.texts import Said, joined, merged_notes
from xltool.merge.consolidation import Share
from xltool.model import CellRef, FactKey, Path
from xltool.template.spec import YUAN, Template

_NOTHING = Decimal(0)


class Off(NamedTuple):
    """A total of one unit's workbook that is not the sum of its parts: in 元 where it is an amount."""

    unit: int
    value: Decimal
    cell: CellRef
    is_rounding: bool


@dataclass
class _Sum:
    """A figure while it is being added up.

    `shares` has one for each column of the 底稿; `loose` is whether a unit gave it without parts to add it up from;
    `rounding` sums up what its `count` addends are rounded to.
    """

    rounding: Decimal = _NOTHING
    count: int = 0
    shares: dict[int, Share] = field(default_factory=dict)
    off: list[Off] = field(default_factory=list)
    loose: bool = False

    def add(self, share: Share) -> None:
        known = self.shares.get(share.column)
        if known is not None:
            share = Share(share.column, known.value + share.value)
        self.shares[share.column] = share

    @property
    def value(self) -> Decimal:
        return sum((share.value for share in self.shares.values()), _NOTHING)


@dataclass
class _Row:
    """A row of the 汇总 while it is being added up."""

    counted_in: dict[Path, None] = field(default_factory=dict)
    sums: dict[Path, _Sum] = field(default_factory=dict)
    texts: dict[Path, list[Said]] = field(default_factory=dict)


class Added(NamedTuple):
    """The 汇总: its workbook, the shares of every figure that is typed in, and totals that do not agree (in 元)."""

    filled: Filled
    shares: Mapping[Place, tuple[Share, ...]]
    off: Mapping[Place, tuple[Off, ...]]


class Addition:
    """The units of one 汇总, added one by one. Amounts are added in 元; what is not money as it is."""

    def __init__(self, template: Template, department: str, year: int, amount_unit: str) -> None:
        self.template = template
        self.department = department
        self._heads = (department, year, amount_unit)
        self._members = Members(template)
        self._rows: dict[tuple[str, int, Path], _Row] = {}
        self._kinds: dict[tuple[str, int, Path], str] = {}
        self._notes: dict[tuple[str, Path], list[Said]] = {}
        self._corrections: set[str] = set()

    def add(self, unit: int | None, name: str, column: int, figures: UnitFigures, *, corrects: bool = False) -> None:
        """Add the workbook of a unit, called `name` in the roster, to a column of the 底稿; None is no unit's.

        One that `corrects` others (差额, 调整) may have amounts below zero.
        """
        names = self._members.renamed(figures, unit, name)
        if corrects:
            self._corrections |= {name, *(names.get((PROJECT, one), one) for one in projects(figures.rows))}
        own = {figures.department, *figures.units} if len(figures.units) <= 1 else {figures.department}
        for path, row in self.rows(unit, name, figures):
            merged = self._rows.setdefault((row.table, row.block, path), _Row())
            merged.counted_in.update(dict.fromkeys(row.counted_in))
            for figure in row.cells:
                if isinstance(figure.value, Decimal):
                    self._add_figure(merged, row, figure, unit, column)
                else:
                    text = self._heads[0] if figure.value in own else figure.value
                    merged.texts.setdefault(figure.column, []).append(Said(name, str(text)))
        for (table, above), lines in figures.notes.items():
            place = table, tuple(names.get(("project", member), member) for member in above)
            self._notes.setdefault(place, []).extend(Said(name, line) for line in lines)

    def rows(self, unit: int | None, name: str, figures: UnitFigures) -> Iterator[tuple[Path, RowFigures]]:
        """The rows of a unit's workbook, each with its path in the 汇总."""
        names = self._members.renamed(figures, unit, name)
        for row in figures.rows:
            yield merged_path(row, names), row

    def _add_figure(self, merged: _Row, row: RowFigures, figure: CellFigure, unit: int | None, column: int) -> None:
        assert isinstance(figure.value, Decimal)
        factor = YUAN[row.amount_unit] if self._kind(row, figure.column) == "amount" else 1
        total = merged.sums.setdefault(figure.column, _Sum())
        cell = row.cell(figure)
        total.add(Share(column, figure.value * factor, unit, cell))
        total.count += 1
        if figure.value:
            total.rounding += figure.unit * factor
        if figure.off and unit is not None:
            total.off.append(Off(unit, figure.off * factor, cell, figure.is_rounding))
        total.loose |= not figure.is_total

    def _kind(self, row: RowFigures, column: Path) -> str:
        known = self._kinds.get((row.table, row.block, column))
        if known is None:
            block = self.template.tables[row.table].blocks[row.block]
            known = next(one.kind for one in block.columns if one.path == column)
            self._kinds[row.table, row.block, column] = known
        if known == "field":
            chain = match_row(self.template.tables[row.table].blocks[row.block].rows, row.path)
            return chain[-1].kind if chain else "text"
        return known

    def result(self) -> Added:
        """All that was added so far as one workbook; totals are live."""
        layout = self._layout()
        at = {(block.table.id, block.above, _block_number(block)): block for block in layout.blocks}
        finished = _Finished(layout)
        for (table, number, path), row in self._rows.items():
            above = path[:1] if self.template.tables[table].each else ()
            block = at[table, above, number]
            finished.take(block, block.row_index[path], row)
        return finished.added()

    def _layout(self) -> Layout:
        keys = [
            FactKey(table, path, column)
            for (table, _, path), row in self._rows.items()
            for column in (next(iter(row.sums or row.texts)),)
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
        number = _block_number(block)

        def counted(row: RowAt) -> RowAt:
            known = self._rows.get((block.table.id, number, row.path))
            return row if row.definition is not None or known is None else row._replace(counted_in=(*known.counted_in,))

        return replace(block, rows=tuple(counted(row) for row in block.rows))


def _block_number(block: BlockAt) -> int:
    return next(i for i, other in enumerate(block.table.blocks) if other is block.block)


class _Finished:
    """The values of a 汇总 as its rows are put into its layout."""

    def __init__(self, layout: Layout) -> None:
        self._rounding: dict[Place, Decimal] = {}
        self._layout = replace(layout, rounding=self._rounding)  # filled in before anybody else has it
        self._totals = formulas(self._layout)
        self._values: Values = {}
        self._given: Values = {}
        self._shares: dict[Place, tuple[Share, ...]] = {}
        self._off: dict[Place, tuple[Off, ...]] = {}

    def take(self, block: BlockAt, r: int, row: _Row) -> None:
        """Put the figures and texts of one row in."""
        for column, total in row.sums.items():
            place = block.places[r][block.column_index[column]]
            value = self._in_unit(place, total.value)
            if place not in self._totals:
                self._values[place] = value
            elif total.loose:
                self._given[place] = value
            if total.count > 1:
                self._rounding[place] = self._in_unit(place, total.rounding)
            self._shares[place] = tuple(sorted(total.shares.values()))
            if total.off:
                self._off[place] = tuple(total.off)
        for column, said in row.texts.items():
            text = joined(said)
            if text and column not in row.sums:
                self._values[block.places[r][block.column_index[column]]] = text

    def _in_unit(self, place: Place, value: Decimal) -> Decimal:
        """An amount in 元 as the table prints it; the digits stay, whatever the unit."""
        is_amount = self._layout.kind(place) == "amount"
        return value / YUAN[self._layout.amount_unit(place.block)] if is_amount else value

    def added(self) -> Added:
        """With the totals computed; one that a unit gave without parts stands as it was given, and is no live total."""
        live = compute(self._values, self._totals, self._given)
        self._rounding |= rounding_of_totals(self._layout, self._values, live)
        values: Values = {place: value for place, value in self._values.items() if value is not None}
        shares = {place: shares for place, shares in self._shares.items() if place not in live}
        return Added(Filled(self._layout, values, live), shares, self._off)
