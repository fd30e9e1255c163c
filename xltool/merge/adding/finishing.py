"""Puts what was added up into the layout of the 汇总: figures, texts, live totals, rates computed again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from xltool.equations.evaluate import Values, compute
from xltool.equations.filling import Filled
from xltool.equations.instances import formulas
from xltool.equations.rounding.of_totals import rounding_of_totals
from xltool.layout.block import BlockAt, Place
from xltool.layout.book import Book
from xltool.layout.layout import Layout
from xltool.merge.adding.merged_rows import Differing, MergedRow, Off
from xltool.merge.adding.texts import joined
from xltool.merge.consolidation import Share
from xltool.merge.rates import computed_rates


class Added(NamedTuple):
    """The 汇总: its workbook, the shares of every figure that is added up, totals that do not agree (in 元), what
    should be the same in all units but is not, and texts left blank because they differ in too many units."""

    filled: Filled
    shares: Mapping[Place, tuple[Share, ...]]
    off: Mapping[Place, tuple[Off, ...]]
    differing: Mapping[Place, Differing]
    unsaid: tuple[Place, ...]


class Finishing:
    """The values of a 汇总 as its rows are put into its layout."""

    def __init__(self, layout: Layout) -> None:
        self._rounding: dict[Place, Decimal] = {}
        self._layout = replace(layout, rounding=self._rounding)  # filled in before anybody else has it
        self._totals = formulas(self._layout)
        self._values: Values = {}
        self._given: Values = {}
        self._shares: dict[Place, tuple[Share, ...]] = {}
        self._off: dict[Place, tuple[Off, ...]] = {}
        self._differing: dict[Place, Differing] = {}
        self._unsaid: list[Place] = []
        self._rates: set[Place] = set()

    def take(self, block: BlockAt, r: int, row: MergedRow) -> None:
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
        for column, kept in row.kept.items():
            place = block.places[r][block.column_index[column]]
            self._values[place] = self._in_unit(place, kept.value) if isinstance(kept.value, Decimal) else kept.value
            if kept.is_rate and kept.count > 1:
                self._rates.add(place)
            elif kept.differing is not None:
                self._differing[place] = kept.differing
        for column, said in row.texts.items():
            place = block.places[r][block.column_index[column]]
            text = joined(said)
            if not text:
                self._unsaid.append(place)
            elif column not in row.sums:
                self._values[place] = text

    def _in_unit(self, place: Place, value: Decimal) -> Decimal:
        """An amount in 元 as the table prints it; the digits stay, whatever the unit."""
        return value / self._layout.yuan_of(place)

    def added(self) -> Added:
        """With the totals computed; one that a unit gave without parts stands as it was given, and is no live total."""
        live = compute(self._values, self._totals, self._given)
        self._rounding |= rounding_of_totals(self._layout, self._values, live)
        values: Values = {place: value for place, value in self._values.items() if value is not None}
        values |= computed_rates(Book(self._layout, values), self._rates)
        shares = {place: shares for place, shares in self._shares.items() if place not in live}
        return Added(Filled(self._layout, values, live), shares, self._off, self._differing, tuple(self._unsaid))
