"""What one workbook says of 内部往来: the cells that its format eliminates, small enough to be sent on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from enum import Enum
from typing import NamedTuple

from xltool.equations.instances import formulas
from xltool.equations.references import places_at
from xltool.equations.rounding.judging import judge
from xltool.expression import Reference
from xltool.layout.block import Place
from xltool.layout.book import Book
from xltool.layout.equation import Equation
from xltool.model import CellRef, Path, Verdict
from xltool.template.spec import DIMENSIONS


class TransferSide(Enum):
    """Who has a cell; the value is what the 抵销 sheet calls it."""

    RECEIVED = "收款"
    PAID = "付款"


class Spot(NamedTuple):
    """A cell by meaning, unit by unit the same: the path of its row with "unit" in place of the unit."""

    table: str
    block: int
    row: Path
    pattern: Path
    column: Path


class InternalLine(NamedTuple):
    """A cell that is filled in: amounts in 元.

    `elimination` is the name of the kind; `reference` the index among those of its side, of which the first is what
    the unit says and the others repeat it; `member` the 科目 of its row, where it is one; `rounded_to` 0 for what is
    exact.
    """

    elimination: str
    side: TransferSide
    reference: int
    spot: Spot
    member: Path
    amount: Decimal
    rounded_to: Decimal
    cell: CellRef


class Said(NamedTuple):
    """A line, and whose it is: the unit by its place among the lines of 报送情况, and its name."""

    unit: int
    name: str
    line: InternalLine


def internal_lines(book: Book) -> tuple[InternalLine, ...]:
    """Every cell of a workbook that its format eliminates, where something else than 0 is typed in."""
    totals = formulas(book.layout)
    return tuple(
        line
        for elimination in book.template.merging.eliminations
        for side, references in (
            (TransferSide.RECEIVED, elimination.income),
            (TransferSide.PAID, elimination.expenditure),
        )
        for index, reference in enumerate(references)
        for line in _lines(book, totals, elimination.name, side, index, reference)
    )


def _lines(
    book: Book, totals: Mapping[Place, Equation], name: str, side: TransferSide, index: int, reference: Reference
) -> Iterator[InternalLine]:
    layout = book.layout
    for place in places_at(reference, layout):
        value, cell = book.values.get(place), layout.cell(place)
        if not isinstance(value, Decimal) or not value or cell is None or _follows(book, totals, place):
            continue
        block = layout.blocks[place.block]
        row = block.rows[place.row]
        number = block.table.number_of(block.block)
        path = tuple("unit" if each == "unit" else one for one, each in zip(row.path, row.pattern, strict=True))
        members = zip(row.path, row.pattern, strict=True)
        yield InternalLine(
            *(name, side, index),
            Spot(block.table.id, number, path, row.pattern, reference.column),
            tuple(one for one, each in members if each in DIMENSIONS and each != "unit"),
            value * (yuan := layout.yuan_of(place)),
            layout.unit_of(place, value) * yuan,
            cell,
        )


def _follows(book: Book, totals: Mapping[Place, Equation], place: Place) -> bool:
    """Whether a cell is a total or a link, and something that it follows from is filled in."""
    equation = totals.get(place)
    return equation is not None and any(book.values.get(term.place) is not None for term in equation.right)


def amount_of(said: Iterable[Said]) -> Decimal:
    """What lines come to, in 元."""
    return sum((one.line.amount for one in said), Decimal(0))


def agrees(difference: Decimal, said: Iterable[Said]) -> bool:
    """Whether the rounding of these lines explains a difference, in 元."""
    verdict, _ = judge(difference, [one.line.rounded_to for one in said])
    return verdict in (Verdict.PASS, Verdict.ROUNDING)
