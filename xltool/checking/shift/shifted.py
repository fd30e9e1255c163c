"""Rows whose cells stand under the wrong headings (S03.1): told once, and judged by their cells moved back."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple

from xltool.checking.problems import SHIFTED, problem
from xltool.checking.shift.alignment import Alignment, RowCells, alignments
from xltool.checking.tell.related import related_cells
from xltool.checking.tell.words import Words, quoted
from xltool.equations.evaluate import Values, compute
from xltool.equations.sums import column_sums
from xltool.equations.verdicts import evaluate
from xltool.layout.block import Astray, BlockAt, Place
from xltool.layout.book import Book
from xltool.layout.equation import Equation, Term
from xltool.model import Finding, Role, Statement, Value, Verdict
from xltool.source.columns import figure_in, fits
from xltool.template.spec import CODE_LEVELS, FIGURES

RowIndex = tuple[int, int]
"""A block's index in the layout and a row's in the block."""


class Straightened(NamedTuple):
    """A book with the cells of its shifted rows moved back.

    Of the cells that were moved only figures are put where they belong: a text may belong elsewhere still, so nobody
    should judge it. `moved` are the places whose value changed, `nameless` the rows whose own name is a moved cell;
    `findings` say which cells.
    """

    book: Book
    moved: frozenset[Place]
    nameless: frozenset[RowIndex]
    findings: tuple[Finding, ...] = ()


class _Cell(NamedTuple):
    place: Place
    value: Value


class _Shift(NamedTuple):
    """A shifted row: how its cells are to be moved, those that are, and what their places then hold (None: nothing)."""

    way: Alignment
    moved: list[_Cell]
    values: dict[Place, Value]


def straighten(book: Book) -> Straightened:
    """Find the shifted rows of `book` in blocks that have a column of words, and move their cells back."""
    shifts = [
        shift
        for block in book.layout.blocks
        for run in _runs(block)
        for r in range(len(block.rows))
        if (shift := _shift(_Stretch(book, block, run, r))) is not None
    ]
    read_so = frozenset(place for row, _ in _read_astray(book) for place in row)
    if not shifts:
        return Straightened(book, read_so, frozenset())
    changes = {place: value for shift in shifts for place, value in shift.values.items()}
    values: Values = {place: value for place, value in {**book.values, **changes}.items() if value is not None}
    compute(values, book.live)
    words = Words(book.layout, book.values)
    unreadable = {place: cell for place, cell in book.seen.unreadable.items() if place not in changes}
    as_text = [place for place in book.as_text if place not in changes]
    starts = [shift.moved[0].place for shift in shifts]
    nameless = frozenset(place[:2] for place in starts if book.layout.kind(place) == "label")
    straight = replace(book, values=values, as_text=as_text, seen=replace(book.seen, unreadable=unreadable))
    told = tuple(_told(book, shift, words) for shift in shifts)
    return Straightened(straight, read_so.union(changes), nameless, told)


def _runs(block: BlockAt) -> Iterator[list[int]]:
    """The columns that cells can be shifted over: neighbours with texts, figures and labels, one of words at least."""
    labels = block.label_columns[-1:]

    def takes_part(c: int) -> bool:
        return block.block.columns[c].kind in ("text", *FIGURES) or c in labels

    present = sorted((at.sheet_column, c) for c, at in enumerate(block.columns) if at.sheet_column)
    for is_part, group in groupby((c for _, c in present), key=takes_part):
        run = list(group)
        if is_part and any(block.block.columns[c].words for c in run):
            yield run


def _shift(stretch: _Stretch) -> _Shift | None:
    """How a row is shifted, if it is: cells do not fit their columns and cannot just have slipped into the next one;
    moving all that follow mends more than twice as much as it leaves, and leaves no sum wrong."""
    row = stretch.row
    astray = row.astray
    if not astray or _have_slipped(stretch, row):
        return None
    ways = [(way, stretch.moved(way.steps)) for way in alignments(row) if 2 * way.misfits < len(astray)]
    judged = [(way.misfits, sums.wrong, way) for way, values in ways if (sums := stretch.sums(values)).hold]
    if not judged:
        return None
    way = min(judged)[-1]
    moved = [cell for cell, steps in zip(stretch.cells.values(), way.steps, strict=True) if steps]
    return _Shift(way, moved, stretch.moved(way.steps))


def _have_slipped(stretch: _Stretch, row: RowCells) -> bool:
    """Whether the row is in order when the cells that do not fit go to the blank column beside them."""
    sums = None if row.slips is None else stretch.sums(stretch.moved(row.slips))
    return sums is not None and sums.hold and not sums.blank


class _Sums(NamedTuple):
    """The sums across a row after a change: whether those of its cells hold, how many of all are wrong, and how many
    totals are blank, which may be the cells that were lost."""

    hold: bool
    wrong: int
    blank: int


class _Stretch:
    """The cells of a row in a run of columns; `cells` are those that are filled, by their position in the run."""

    def __init__(self, book: Book, block: BlockAt, run: list[int], r: int) -> None:
        self.book = book
        self.block = block
        self.run = run
        self.r = r
        self.places = [block.places[r][c] for c in run]
        self.columns = [block.block.columns[c] for c in run]
        contents = ((i, place, self._content(place)) for i, place in enumerate(self.places))
        self.cells = {i: _Cell(place, value) for i, place, value in contents if value is not None}

    def _content(self, place: Place) -> Value:
        """What stands in a cell, readable as what its column holds or not."""
        if self.book.layout.kind(place) != "label":
            unreadable = self.book.seen.unreadable.get(place)
            return self.book.values.get(place, unreadable.text or None if unreadable is not None else None)
        is_own = self.block.depth(self.r) + 1 >= len(self.block.label_columns)
        return self.block.rows[self.r].label or None if is_own else None

    @property
    def row(self) -> RowCells:
        """The row as something whose cells can be moved."""
        values = [cell.value for cell in self.cells.values()]
        fixed = [i for i, cell in enumerate(self.cells.values()) if self._cannot_move(cell.place)]
        needed = [column.words or column.kind in FIGURES for column in self.columns]
        return RowCells(
            list(self.cells), needed, lambda i, c: fits(values[i], self.columns[c]), max(fixed, default=-1) + 1
        )

    def _cannot_move(self, place: Place) -> bool:
        """Whether a cell is a formula, or a label by which its row was recognised."""
        definition = self.block.rows[self.r].definition
        is_known = definition is None or not definition.each or definition.each in CODE_LEVELS
        is_label = self.book.layout.kind(place) == "label"
        return place in self.book.formulas or place in self.book.live or (is_label and is_known)

    def moved(self, steps: tuple[int, ...]) -> dict[Place, Value]:
        """What the places of cells that are moved hold then, and where figures are moved to."""
        values: dict[Place, Value] = {}
        for cell, step in zip(self.cells.values(), steps, strict=True):
            if step:
                values[cell.place] = None
        for (position, cell), step in zip(self.cells.items(), steps, strict=True):
            if step and self.columns[position + step].kind in FIGURES:
                values[self.places[position + step]] = figure_in(cell.value, self.columns[position + step])
        return values

    def sums(self, changes: Mapping[Place, Value]) -> _Sums:
        """The sums across the row after `changes`, rounding allowed."""
        values = ChainMap(dict(changes), self.book.values)
        here, hold, wrong, blank = self.block.places[self.r], True, 0, 0
        for total in column_sums(self.block):
            terms = tuple([Term(sign, here[c]) for sign, c in total.parts])
            equation = Equation("", (Term(1, here[total.target]),), terms, None, True)
            outcome = evaluate(equation, self.book.layout, values, self.book.live)
            if outcome is None or outcome.verdict is not Verdict.FAIL:
                continue
            if values.get(here[total.target]) is None:
                blank += 1
                continue
            wrong += 1
            hold = hold and not any(place in changes for place in equation.places)
        return _Sums(hold, wrong, blank)


def _told(book: Book, shift: _Shift, words: Words) -> Finding:
    """From which cell on, how far and in which direction, and one cell that shows it."""
    first, *others = [cell.place for cell in shift.moved]
    block = book.layout.blocks[first.block]
    proof = next(cell for cell in shift.moved if not fits(cell.value, block.block.columns[cell.place.column]))
    statement = _statement(words, first, _how_far(shift.way), proof)
    alike = related_cells(book, dict.fromkeys(others, Role.ALIKE))
    return problem(SHIFTED, statement, book.layout.key(first), book.layout.cell(first), alike)


def shifts_read(book: Book, words: Words) -> Iterator[Finding]:
    """The rows that the reader could place only as if their cells stood under their headings."""
    for places, astray in _read_astray(book):
        columns = book.layout.blocks[places[0].block].column_of_line
        first, proof = places[columns[astray.first]], places[columns[astray.proof]]
        how_far = f"偏{'右' if astray.steps > 0 else '左'} {abs(astray.steps)} 格"
        statement = _statement(words, first, how_far, _Cell(proof, astray.content))
        yield problem(SHIFTED, statement, book.layout.key(first), book.layout.cell(first))


def _read_astray(book: Book) -> Iterator[tuple[tuple[Place, ...], Astray]]:
    """The places of each such row, and how its cells stand."""
    for block in book.layout.blocks:
        for places, row in zip(block.places, block.rows, strict=True):
            if row.astray is not None:
                yield places, row.astray


def _statement(words: Words, first: Place, how_far: str, proof: _Cell) -> Statement:
    block = words.layout.blocks[first.block]
    value = words.amount(proof.value, proof.place) if isinstance(proof.value, Decimal) else quoted(str(proof.value))
    return Statement(
        "{what}，各格比标题{off}：{basis}里是{found}。",
        f"表{quoted(block.table.id)}第 {block.rows[first.row].sheet_row} 行从{words.heading(first)}起",
        value,
        basis=words.heading(proof.place),
        off=how_far,
    )


def _how_far(way: Alignment) -> str:
    """Exactly, if the cells have no room to be moved any further; else they may have to be."""
    steps = [abs(steps) for steps in way.steps if steps]
    side = "左" if way.steps[-1] > 0 else "右"
    if not way.is_tight:
        return f"偏{side} {steps[0]} 格以上"
    return f"偏{side} {steps[0]} 格" if steps[0] == steps[-1] else f"偏{side} {steps[0]} 至 {steps[-1]} 格"
