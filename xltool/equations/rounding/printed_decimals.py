"""What the figures of a column are rounded to, told by how they are printed where that is not as the template says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Set
from decimal import Decimal
from math import erf, log, sqrt
from typing import NamedTuple

from xltool.equations.evaluate import sides
from xltool.equations.instances import all_equations
from xltool.layout.block import Place
from xltool.layout.equation import Equation
from xltool.layout.layout import Layout
from xltool.model import Value

ColumnAt = tuple[int, int]
"""The index of a block, and of a column in it."""

_FEWEST_FIGURES = 5
"""Of a column that shows more decimals than its template has: fewer may be exact by chance."""

_MOST_OF_THEM = Decimal("0.8")
"""Of these, as many show them: one in ten amounts ends in 0."""

_FEWEST_TERMS = 3
"""A total and two parts: what is rounded once is never off."""

_FEWEST_OFF = 3
"""Sums without a common cell that are off by little: as many are no accident."""

_SLIP = 0.001
"""How often a sum of exact figures is off by so little, by mistake."""

_ODDS = log(1000)


class Printed(NamedTuple):
    """Columns that are printed otherwise than their template says.

    `coarser` are blocks whose figures have fewer decimals because they are rounded, `sums_off` how many sums say so.
    """

    units: Mapping[ColumnAt, Decimal]
    coarser: tuple[int, ...] = ()
    sums_off: int = 0


class _Evidence(NamedTuple):
    """What one sum says for rounding: the logarithm of its odds, the blocks it is in, its cells, whether it is off."""

    weight: float
    blocks: frozenset[int]
    cells: frozenset[Place]
    is_off: bool


class _Column(NamedTuple):
    """The typed amounts of a column other than 0: how many show how many decimals, and how many they should show."""

    shown: Counter[int]
    decimals: int


def printed_units(layout: Layout, values: Mapping[Place, Value], live: Mapping[Place, Equation]) -> Printed:
    """The columns of amounts whose figures show more decimals than the template has, or fewer.

    Fewer may also be whole amounts, known exactly. They are rounded ones only if the sums say so: several are off by
    what rounding explains, with no cell in common, and as many as rounding would leave off rather than mistakes.
    """
    columns = _columns(layout, values, live)
    units = {at: unit for at, column in columns.items() if (unit := _finer(layout, at, column)) is not None}
    coarser = _coarser(columns)
    equations = (e for e in all_equations(layout) if coarser and (e.target is None or live.get(e.target) is not e))
    found = [one for equation in equations if (one := _evidence(equation, values, coarser)) is not None]
    kept = {block for block, _ in coarser}
    kept -= {b for b in kept if sum(one.weight for one in found if b in one.blocks) <= -_ODDS}
    weight, off = 0.0, list[Set[Place]]()
    for one in found:
        if one.blocks <= kept and not (one.is_off and any(one.cells & cells for cells in off)):
            weight += one.weight
            off += [one.cells] if one.is_off else []
    if len(off) < _FEWEST_OFF or weight < _ODDS:
        return Printed(units)
    units |= {at: unit for at, unit in coarser.items() if at[0] in kept}
    return Printed(units, tuple(sorted(kept)), len(off))


def _columns(layout: Layout, values: Mapping[Place, Value], live: Mapping[Place, Equation]) -> dict[ColumnAt, _Column]:
    found: dict[ColumnAt, _Column] = {}
    for block in layout.blocks:
        for place in block.figures(("amount",)):
            value = values.get(place)
            if isinstance(value, Decimal) and value and place not in live:
                column = found.get(place[::2])
                if column is None:
                    column = found[place[::2]] = _Column(Counter(), layout.decimals(place))
                column.shown[_decimals(value)] += 1
    return found


def _decimals(value: Decimal) -> int:
    """How many decimals a figure shows."""
    text = str(value)
    return len((f"{value:f}" if "E" in text else text).partition(".")[2])


def _finer(layout: Layout, at: ColumnAt, column: _Column) -> Decimal | None:
    shown, decimals = column
    is_rounded, is_enough = layout.unit_with(decimals, at[0]) > 0, shown.total() >= _FEWEST_FIGURES
    more = sum(count for n, count in shown.items() if n > decimals)
    is_told = is_rounded and is_enough and more >= _MOST_OF_THEM * shown.total()
    return layout.unit_with(max(shown), at[0]) if is_told else None


def _coarser(columns: Mapping[ColumnAt, _Column]) -> dict[ColumnAt, Decimal]:
    """The columns of blocks in which no amount shows as many decimals as the template has."""
    most: dict[int, int] = {}
    for (block, _), column in columns.items():
        most[block] = max(most.get(block, 0), *column.shown)
    return {at: Decimal(1).scaleb(-most[at[0]]) for at, column in columns.items() if most[at[0]] < column.decimals}


def _evidence(
    equation: Equation, values: Mapping[Place, Value], coarser: Mapping[ColumnAt, Decimal]
) -> _Evidence | None:
    """What a sum says for rounding; None if it says nothing."""
    if equation.is_inequality or any(equation.constants) or any(abs(factor) != 1 for factor, _ in equation.terms):
        return None
    places = [place for place in equation.places if values.get(place)]
    if len(places) < _FEWEST_TERMS or not all(place[::2] in coarser for place in places):
        return None
    (unit, *others) = {coarser[place[::2]] for place in places}
    left, right = sides(equation, values)
    steps = abs(left - right) / unit
    if others or 2 * steps > len(places):
        return None
    weight = log(_share_off(int(steps), len(places) - 1)) - (log(_SLIP) if steps else log(1 - _SLIP))
    return _Evidence(weight, frozenset(place.block for place in places), frozenset(places), steps > 0)


def _share_off(steps: int, parts: int) -> float:
    """How often the rounded total of so many rounded parts is off by so many units of the last digit, one way."""
    spread = sqrt(parts / 12) * sqrt(2)
    return (erf((steps + 0.5) / spread) - erf((steps - 0.5) / spread)) / 2
