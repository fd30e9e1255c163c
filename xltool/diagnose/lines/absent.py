"""Rows that a table lacks: put into it in thought, they are rows in which nothing is filled in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import NamedTuple

from xltool.checking.check import Checked, check
from xltool.checking.tell.lacking import absent_tables
from xltool.checking.tell.words import quoted
from xltool.equations.instances import all_equations, formulas
from xltool.equations.verdicts import Outcome, signed
from xltool.layout.block import BlockAt, Place, RowAt
from xltool.layout.equation import Equation
from xltool.model import Path

_MOST = 6
_MOST_EQUATIONS = 20_000
"""So many rows are tried, and none in a workbook with more equations: each is a check of its own."""

_NUMBERS = [f"{number:02d}" for number in range(99, 0, -1)]
"""The last digits of a code that stands for any."""


class Lacking(NamedTuple):
    """A row that a block may lack; it lies nowhere (`sheet_row` 0), its label is what a sentence calls it."""

    block: int
    row: RowAt


class Widened(NamedTuple):
    """A book checked as if a block had the row that it may lack, its last one."""

    checked: Checked
    block: int
    row: int


def widened(checked: Checked) -> Iterator[Widened]:
    """The book with each of the rows that it may lack."""
    layout = checked.book.layout
    if not checked.judged.failing or len(all_equations(layout)) > _MOST_EQUATIONS:
        return
    found = {(one.block, one.row.path): one for one in (*_known_elsewhere(checked), *_missing_parts(checked))}
    for lacking in islice(found.values(), _MOST):
        yield Widened(_with(checked, lacking), lacking.block, len(layout.blocks[lacking.block].rows))


def _with(checked: Checked, lacking: Lacking) -> Checked:
    """The book checked with one row more; where totals are live, those of the row are too."""
    book = checked.book
    blocks = [
        replace(block, rows=(*block.rows, lacking.row)) if block.index == lacking.block else block
        for block in book.layout.blocks
    ]
    layout = book.layout.with_blocks(blocks)
    new = (lacking.block, len(blocks[lacking.block].rows) - 1)
    live: Mapping[Place, Equation] = {
        place: equation
        for place, equation in formulas(layout).items()
        if place in book.live or (book.live and place[:2] == new)
    }
    return check(replace(book, layout=layout, live=live))


def _known_elsewhere(checked: Checked) -> Iterator[Lacking]:
    """Rows that other tables have, and a rule says that this one should have them too."""
    layout = checked.book.layout
    for outcome in checked.judged.failing:
        equation = outcome.equation
        if not equation.member:
            continue
        place, name = (equation.left or equation.right)[0].place, equation.member[-1]
        for table in absent_tables(checked.rules[equation.rule], equation):
            for block in layout.blocks_of(table):
                for like in _alike(block, name):
                    yield from _lacking(block, like, name, _called(checked, place, name))


def _called(checked: Checked, place: Place, name: str) -> str:
    """A row that another table has: as it is called there, or by the name that a rule knows it by."""
    is_member = checked.book.layout.blocks[place.block].rows[place.row].path[-1] == name
    return f"{quoted(checked.words.row(place) if is_member else name)}这一行"


def _alike(block: BlockAt, name: str) -> Iterator[RowAt]:
    """For every group of rows one that is of the kind that a name is of: codes of one length, or names."""
    groups = dict[Path, RowAt]()
    for row in block.rows:
        if row.definition is not None and row.definition.each and _form(row.path[-1]) == _form(name):
            groups.setdefault(row.path[:-1], row)
    return iter(groups.values())


def _form(name: str) -> int:
    return len(name) if name.isdecimal() else 0


def _missing_parts(checked: Checked) -> Iterator[Lacking]:
    """A part of a total that is too great for its parts, or too small for other tables, in more than one column."""
    layout = checked.book.layout
    totals: dict[tuple[int, int], dict[Place, Equation]] = {}
    tops: dict[tuple[int, int], Place] = {}
    for outcome in checked.judged.failing:
        for top, sums in _too_few_parts(checked, outcome):
            for place, own in _down(checked, top, sums):
                totals.setdefault(place[:2], {})[place] = own
                tops.setdefault(place[:2], top)
    mentioned = _mentioned(checked)
    for (index, r), sums_of in totals.items():
        block = layout.blocks[index]
        like = block.rows[next(part.row for total, sums in sums_of.items() for part in _rows_of(sums, total))]
        if len(sums_of) < 2 or like.definition is None or not like.definition.each:
            continue
        name = like.path[-1]
        for other, place in mentioned.get(name[:-2], ()) if name.isdecimal() else ():
            if len(other) == len(name):
                yield from _lacking(block, like, other, _called(checked, place, other))
        names = [name[:-2] + number for number in _NUMBERS] if name.isdecimal() else ["（漏掉的一行）"]
        free = next((one for one in names if (*like.path[:-1], one) not in block.row_index), None)
        if free is not None:
            yield from _lacking(block, like, free, f"{quoted(checked.words.row(tops[index, r]))}下面的一行")


def _mentioned(checked: Checked) -> dict[str, list[tuple[str, Place]]]:
    """The members that failing equations are of, each with a place in its row, by all but the last two digits."""
    found: dict[str, list[tuple[str, Place]]] = {}
    for outcome in checked.judged.failing:
        equation = outcome.equation
        if equation.member:
            name = equation.member[-1]
            found.setdefault(name[:-2], []).append((name, (equation.left or equation.right)[0].place))
    return found


def _down(checked: Checked, total: Place, sums: Equation) -> Iterator[tuple[Place, Equation]]:
    """A total of rows and the live totals of rows among its parts, each with its sum."""
    waiting = [(total, sums)]
    for place, own in waiting:  # it grows meanwhile
        yield place, own
        parts = ((part, checked.nets.live.get(part)) for _, part in own.right)
        waiting += [(part, of) for part, of in parts if of is not None and _rows_of(of, part)]


def _too_few_parts(checked: Checked, outcome: Outcome) -> Iterator[tuple[Place, Equation]]:
    """The totals of rows, each with its sum, that something may be missing in if an equation fails."""
    equation, target = outcome.equation, outcome.equation.target
    if equation.structural and target is not None:
        if outcome.difference > 0 and _rows_of(equation, target):
            yield target, equation
        return
    for factor, place in signed(equation):
        sums = checked.nets.live.get(place)
        if sums is not None and factor * outcome.difference < 0 and _rows_of(sums, place):
            yield place, sums


def _rows_of(sums: Equation, total: Place) -> list[Place]:
    """The parts of a total that are in other rows of its block."""
    return [part for _, part in sums.right if part.block == total.block and part.row != total.row]


def _lacking(block: BlockAt, like: RowAt, name: str, called: str) -> Iterator[Lacking]:
    """The row, unless it may well be one that stands there under a name which nobody knows (S03)."""
    path = (*like.path[:-1], name)
    if path not in block.row_index and all(row.definition is not None for row in block.rows):
        row = like._replace(path=path, label=called, sheet_row=0, shift=0, astray=None, is_guessed=False)
        yield Lacking(block.index, row)
