"""Takes out of one book what is to be added up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from xltool.catalogue import by_year
from xltool.equations.evaluate import Values, compute
from xltool.equations.instances import formulas, is_code_row
from xltool.equations.nets import Nets
from xltool.equations.rounding.judging import judge
from xltool.layout.block import BlockAt, Place
from xltool.layout.book import Book
from xltool.layout.equation import Equation
from xltool.merge.adding.figures import CellFigure, RowFigures, UnitFigures
from xltool.model import Path, Value, Verdict
from xltool.template.spec import FIGURES

_ALWAYS = (*FIGURES, "text")
"""The kinds of cells that are carried whatever their row is."""


def collected(book: Book) -> UnitFigures:
    """Every row of a book that has anything in it, as printed.

    Labels, codes and 序号 follow from the rows and are left out, and so are the names of 科目 that the catalogue has.
    """
    taken = _Taken.of(book)
    rows = tuple(row for block in book.layout.blocks for row in _rows(taken, block))
    notes = {(at.table.id, at.above): tuple(at.notes.values()) for at in book.layout.tables.values() if at.notes}
    return UnitFigures(book.outline.members.get("unit", ()), book.outline.department, rows, notes)


class _Taken(NamedTuple):
    """A book, its totals with their equations, and what these come to from the cells that are typed in."""

    book: Book
    totals: Mapping[Place, Equation]
    computed: Values
    nets: Nets

    @classmethod
    def of(cls, book: Book) -> _Taken:
        totals = formulas(book.layout)
        typed = [equation for place, equation in totals.items() if book.live.get(place) is not equation]
        if not any(book.values.get(place) is not None for equation in typed for place in equation.places):
            return cls(book, totals, book.values, Nets(book.live))  # nothing but live totals is filled in
        computed = {place: value for place, value in book.values.items() if place not in totals}
        live = compute(computed, totals)
        return cls(book, totals, computed, Nets(live))

    def figure(self, path: Path, sheet_column: int, place: Place, value: Value) -> CellFigure:
        """What stands at a place, in a column."""
        if not isinstance(value, Decimal):
            return CellFigure(path, value, sheet_column)
        unit = self.book.layout.unit_of(place, value)
        if place not in self.totals:
            return CellFigure(path, value, sheet_column, False, unit)
        sum_of_parts = self.computed.get(place)
        if not isinstance(sum_of_parts, Decimal):
            return CellFigure(path, value, sheet_column, not value, unit)
        off = value - sum_of_parts
        return CellFigure(
            path, value, sheet_column, True, unit, off, bool(off) and self._is_rounding(place, value, off)
        )

    def _is_rounding(self, place: Place, value: Decimal, off: Decimal) -> bool:
        """Whether the rounding of a total and of the typed cells behind it explains what it is off by."""
        layout = self.book.layout
        units = [layout.unit_of(place, value)]
        for cell, factor in self.nets.at(place).items():
            typed = self.computed.get(cell)
            if isinstance(typed, Decimal) and typed:
                units.append(abs(Decimal(factor)) * layout.unit_of(cell, typed))
        return judge(off, units)[0] in (Verdict.ROUNDING, Verdict.IMPLAUSIBLE)


def _rows(taken: _Taken, block: BlockAt) -> Iterator[RowFigures]:
    index = block.table.number_of(block.block)
    unit = taken.book.layout.amount_unit(block.index)
    values = taken.book.values
    columns = [
        (at.definition.path, at.sheet_column, at.definition.kind in _ALWAYS) for at in block.columns if at.sheet_column
    ]
    present = [c for c, at in enumerate(block.columns) if at.sheet_column]
    for row, places in zip(block.rows, block.places, strict=True):
        cells = tuple(
            [
                taken.figure(path, column + row.shift, place, value)
                for (path, column, is_always), c in zip(columns, present, strict=True)
                if (value := values.get(place := places[c])) is not None
                and (is_always or _is_carried(taken.book, block, place))
            ]
        )
        if cells:
            yield RowFigures(
                *(block.table.id, index, row.path, row.pattern, unit, block.sheet, row.sheet_row),
                *(row.definition is not None, row.counted_in, cells),
            )


def _is_carried(book: Book, block: BlockAt, place: Place) -> bool:
    kind = block.kind(place.row, place.column)
    if kind in _ALWAYS:
        return True
    if kind not in ("name", "label") or not is_code_row(block, place.row):
        return False
    row = block.rows[place.row]
    assert row.definition is not None
    return row.code not in by_year.names(row.definition.each, book.outline.year)
