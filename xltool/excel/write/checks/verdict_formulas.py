"""What the verdict on an equation depends on, `Precision` in equations/verdicts.py, as formulas over its cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from xltool.equations.verdicts import Figures
from xltool.excel.write.checks.rule_sides import Side, column_of, looked_up
from xltool.excel.write.checks.typed_cells import TypedCells
from xltool.excel.write.formulas import Piece, cells_of, in_cell, reference
from xltool.layout.equation import Term

PRECISION = 6
"""Decimals of a difference and of what figures are rounded to: enough for 分 in 万元, and free of binary noise."""

_LONGEST = 8000
"""Characters of a formula; Excel takes 8,192."""


class Quantity(NamedTuple):
    """A formula, without "=", and its value now."""

    formula: str
    now: Decimal

    @property
    def is_constant(self) -> bool:
        """Whether it never changes."""
        return self.formula.isdecimal()


class Known(NamedTuple):
    """How exactly the sides of an equation are known, see `Precision`: its counts, the units of each side summed up.

    `squares` is Σ (coefficient x unit)² of both sides, `hidden` what printed zeros can explain of a left side that is
    too great, and of one that is too small. What never changes is a plain number.
    """

    left_count: Quantity
    right_count: Quantity
    left_units: Quantity
    right_units: Quantity
    squares: Quantity
    hidden_above: Quantity
    hidden_below: Quantity


class Alike(NamedTuple):
    """Pieces of one side whose figures are printed alike: |coefficient| `factor`, rounded to `unit`.

    `is_summed` if they are added up from several workbooks: then `unit` is that of all together, see `Layout.rounding`.
    """

    pieces: tuple[Piece, ...]
    factor: Decimal
    unit: Decimal
    is_summed: bool = False


def known(
    sides: tuple[Side, Side], amounts: tuple[str, str], figures: Figures, typed: TypedCells, sheet: str
) -> Known | None:
    """How exactly an equation's sides are known, as seen from `sheet`; None if all their figures are exact.

    `amounts` are the cells of `sheet` that show what each side amounts to.
    """
    equation = sides[0].equation
    left, right = (_groups(side, amount, figures, sheet) for side, amount in zip(sides, amounts, strict=True))
    if not any(alike.unit for alike in (*left, *right)):
        return None
    is_copy = figures.is_copy(equation)
    formulas = _copies(left, right) if is_copy else _sums(sides, left, right, figures, typed, sheet)
    precision = figures.precision(equation)
    squares = [] if is_copy or equation.is_inequality else [unit**2 for unit in (*precision.left, *precision.right)]
    units = (sum(of, Decimal(0)) for of in (precision.left, precision.right, squares))
    now = (*map(Decimal, precision.counts), *units, *precision.hidden)
    return Known(*(Quantity(formula, value) for formula, value in zip(formulas, now, strict=True)))


def _groups(side: Side, amount: str, figures: Figures, sheet: str) -> list[Alike]:
    """The pieces of a side; if it is one cell, that where it is shown, which makes shorter formulas."""
    layout = figures.layout
    terms: dict[tuple[Decimal, Decimal, bool], list[Term]] = {}
    for term in side.terms:
        summed = layout.rounding.get(term.place)
        unit = layout.unit(term.place) if summed is None else summed
        terms.setdefault((abs(Decimal(term.coefficient)), unit, summed is not None), []).append(term)
    pieces = {key: [*in_cell(cells_of(alike, side.equation, layout, sheet))] for key, alike in terms.items()}
    for addend in side.missing:
        key = abs(Decimal(addend.coefficient)), layout.unit(column_of(addend.reference, layout)), False
        pieces.setdefault(key, []).extend(looked_up([addend], layout, sheet))
    only = [piece for found in pieces.values() for piece in found]
    if len(only) == 1 and only[0].coefficient == 1 and not only[0].is_range and not side.constant:
        return [Alike((only[0]._replace(cells=amount),), *key) for key in pieces]
    return [Alike(tuple(found), *key) for key, found in pieces.items()]


def _sums(
    sides: tuple[Side, Side],
    left: Sequence[Alike],
    right: Sequence[Alike],
    figures: Figures,
    typed: TypedCells,
    sheet: str,
) -> tuple[str, ...]:
    hidden = (_hidden(sides, sign, figures, typed, sheet) for sign in (1, -1))
    squares = "0" if sides[0].equation.is_inequality else _weighed([*left, *right], 2)
    units = _weighed(left, 1), _weighed(right, 1), squares
    return (_count(left), _count(right), *units, *hidden)


def _copies(left: Sequence[Alike], right: Sequence[Alike]) -> tuple[str, ...]:
    """Of a figure that stands in two places; more may be added to it where rows are yet to come.

    As long as it is one, it counts as rounded also if it is 0 or blank, and zeros hide nothing beside it.
    """
    counts, units = [], []
    for groups in (left, right):
        printed = f"{groups[0].unit:f}"
        count, weighed = _count(groups), _weighed(groups, 1)
        is_one = len(groups) == len(groups[0].pieces) == 1 and not groups[0].pieces[0].is_range
        counts.append("1" if is_one else f"MAX(1,{count})")
        units.append(_rounded([printed, *_finer(groups[0], 1)]) if is_one else f"IF({count}=0,{printed},{weighed})")
    if counts == ["1", "1"]:
        return (*counts, *units, "0", "0", "0")
    return (*counts, *units, f"IF(AND({counts[0]}=1,{counts[1]}=1),0,{_weighed([*left, *right], 2)})", "0", "0")


def _count(groups: Iterable[Alike]) -> str:
    """How many figures are not 0; one that is multiplied, or added up from several workbooks, counts twice."""
    pieces = [(piece, alike.is_summed) for alike in groups for piece in alike.pieces]
    counted = (f"{'2*' if is_summed or piece.coefficient != 1 else ''}{piece.filled}" for piece, is_summed in pieces)
    return "+".join(counted) or "0"


def _weighed(groups: Iterable[Alike], power: int) -> str:
    """Σ (|coefficient| x unit)ᵖᵒʷᵉʳ over the figures that are not 0, each with as many decimals as it has."""
    addends = []
    for alike in groups:
        if alike.unit:
            filled = "+".join(piece.filled for piece in alike.pieces)
            filled = f"({filled})" if len(alike.pieces) > 1 else filled
            addends += [f"{(alike.factor * alike.unit) ** power:f}*{filled}", *_finer(alike, power)]
    return _rounded(addends)


def _finer(alike: Alike, power: int) -> list[str]:
    """What is too much in that sum if every figure counts as rounded to the printed unit."""
    decimals = range(-alike.unit.adjusted(), PRECISION) if alike.unit and not alike.is_summed else ()
    factor = "" if alike.factor == 1 else f"{alike.factor**power:f}*"
    return [f"-{factor}{piece.finer(decimals, power)}" for piece in alike.pieces] if decimals else []


def _rounded(addends: Sequence[str]) -> str:
    """The sum, free of binary noise, so that equal units are equal.

    If it would be too long for a formula, finer figures count as rounded to the printed unit.
    """
    text = "+".join(addends).replace("+-", "-") or "0"
    if len(text) > _LONGEST:
        text = "+".join(addend for addend in addends if not addend.startswith("-"))
    return f"ROUND({text},15)" if len(addends) > 1 else text


def _hidden(sides: tuple[Side, Side], sign: int, figures: Figures, typed: TypedCells, sheet: str) -> str:
    """What printed zeros can explain of a difference with this sign, see `Figures.zeros`."""
    zeros = [text for side in sides for text in _zeros(side, sign, figures, typed, sheet)]
    return "+".join(zeros) or "0"


def _zeros(side: Side, sign: int, figures: Figures, typed: TypedCells, sheet: str) -> Iterator[str]:
    layout = figures.layout
    own = sign if side.is_left else -sign
    alike: dict[Decimal, list[Term]] = {}
    for term in side.terms:
        half = abs(Decimal(term.coefficient)) * layout.unit(term.place) / 2
        cell = layout.cell(term.place)
        if not half or cell is None or not (own * term.coefficient < 0 or layout.may_be_negative(term.place)):
            continue
        if term.place in figures.live:
            behind = [place for place in typed.of([term]) if layout.unit(place)]
            yield f"{half:f}*({reference(cell, sheet)}=0)*({typed.areas(behind, sheet).is_filled()})"
        elif typed.is_summed(term.place):  # free rows below have formulas there, which show 0
            yield f'{half:f}*COUNTIF({reference(cell, sheet)},"=0")'
        elif not typed.is_computed(term.place):
            alike.setdefault(half, []).append(term)
    for half, terms in alike.items():
        yield from (f"{half:f}*{piece.zeros}" for piece in in_cell(cells_of(terms, side.equation, layout, sheet)))
    for addend in side.missing:
        place = column_of(addend.reference, layout)
        half = abs(Decimal(addend.coefficient)) * layout.unit(place) / 2
        if half and (own * addend.coefficient < 0 or layout.may_be_negative(place)):
            yield from (f"{half:f}*{piece.zeros}" for piece in looked_up([addend], layout, sheet))
