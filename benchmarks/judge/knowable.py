"""Which whole lines that are wrong can be told from what stands in the workbook: the others the judge leaves out.

What a reader is to know must follow from the equations; each kind of line says in slips.toml what it is `known_by`:

- `figures` (most kinds): more than one wrong figure is noticed. No other figure of one cell explains all that is off.
- `moved` (rows on a wrong line): more than that; what was moved is noticed, too. Neither other figures in the row that
  is now blank, nor in the cells whose own figure is gone, explain all that is off: else a row left out, or figures that
  are merely wrong, would look the same.
- `table` (a table of another year): it agrees with itself, and at least three equations that share none of its cells
  find it at odds with other tables: fewer would be so many wrong figures.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from benchmarks.judge.expected import Expected, Weights, difference, is_off, slack
from benchmarks.judge.lines import Harmed
from xltool.layout.block import Place
from xltool.layout.book import Book
from xltool.layout.equation import Equation
from xltool.model import Path, Value

FEWEST_AT_ODDS = 3
"""So many equations, each of other cells of a table, find that it is another one."""


class Noticed(NamedTuple):
    """An equation: by which cells it is `off`, and by how much it may be."""

    equation: Equation
    weights: Weights
    off: Decimal
    slack: Decimal


def is_known(known_by: str, harmed: Harmed, expected: Expected) -> bool:
    """Whether a line put wrong in the book of `expected` can be told; a row too many is seen by its name."""
    if not harmed.changes:
        return True
    if _rows(harmed.book) == _rows(expected.book):
        return _KNOWN_BY[known_by](_noticed(harmed.book, expected, harmed.changes), harmed, expected)
    return _of_figures(_noticed_without(harmed.book, expected), harmed, expected)


def _rows(book: Book) -> list[list[Path]]:
    return [[row.path for row in block.rows] for block in book.layout.blocks]


def _noticed(book: Book, expected: Expected, changes: Mapping[Place, Value]) -> list[Noticed]:
    """The equations that changes put off."""
    return [_as_noticed(equation, book, expected) for equation in expected.newly_broken_by(changes)]


def _as_noticed(equation: Equation, book: Book, expected: Expected) -> Noticed:
    off = difference(equation, book) - difference(equation, expected.book)
    return Noticed(equation, expected.weights(equation), off, slack(equation, book))


def _noticed_without(book: Book, before: Expected) -> list[Noticed]:
    """The equations that are off in a book with other rows than before, unless they were off with those, too."""
    now = Expected(book)
    known = {_name(equation, before.book) for equation in before.equations if is_off(equation, before.book)}
    new = (e for e in now.equations if is_off(e, book) and not now.has_nothing(e, book) and _name(e, book) not in known)
    return [Noticed(e, now.weights(e), difference(e, book), slack(e, book)) for e in new]


def _name(equation: Equation, book: Book) -> tuple[object, ...]:
    """What an equation of one layout is in another one, too."""
    return equation.rule, equation.member, book.layout.key((*equation.left, *equation.right)[0].place)


def _of_figures(noticed: list[Noticed], _: Harmed, __: Expected) -> bool:
    for cell in set.intersection(*(set(one.weights) for one in noticed)) if noticed else ():
        wanted = [(one.off / one.weights[cell], one.slack / abs(one.weights[cell])) for one in noticed]
        if max(off - within for off, within in wanted) <= min(off + within for off, within in wanted):
            return False
    return len(noticed) > 1


def _of_what_moved(noticed: list[Noticed], harmed: Harmed, expected: Expected) -> bool:
    before, changes = expected.book.values, harmed.changes
    emptied = {place for place, value in changes.items() if not value and before.get(place)}
    there = {(place.column, value) for place, value in changes.items()}
    gone = {place for place in changes if before.get(place) and (place.column, before[place]) not in there}
    return _of_figures(noticed, harmed, expected) and not any(
        _explains(cells, noticed, harmed.book, expected) for cells in (emptied, gone)
    )


def _explains(cells: Iterable[Place], noticed: Iterable[Noticed], book: Book, expected: Expected) -> bool:
    """Whether other figures in some cells explain what is off, and put nothing else off: one worked out after another,
    those that equations tell only together left open."""
    own = set(cells)
    touched = {id(e): e for cell in own for e in expected.equations_of(cell) if not is_off(e, book)}
    waiting = [*noticed, *(_as_noticed(equation, book, expected) for equation in touched.values())]
    waiting.sort(key=lambda one: one.slack)
    right: dict[Place, tuple[Decimal, Decimal]] = {}
    while (ready := next((one for one in waiting if len(_open(one, own, right)) < 2), None)) is not None:
        waiting.remove(ready)
        known = [(weight, *right[cell]) for cell, weight in ready.weights.items() if cell in right]
        off = ready.off + sum((weight * more for weight, more, _ in known), Decimal(0))
        within = ready.slack + sum((abs(weight) * about for weight, _, about in known), Decimal(0))
        for cell in _open(ready, own, right):
            more, about = -off / ready.weights[cell], within / abs(ready.weights[cell])
            stands = book.values.get(cell)
            figure = more + (stands if isinstance(stands, Decimal) else 0)
            if figure < -about and not book.layout.may_be_negative(cell):
                return False
            right[cell] = more, about
            break
        else:
            if abs(off) > within:
                return False
    return True


def _open(one: Noticed, cells: set[Place], right: Mapping[Place, object]) -> list[Place]:
    return [cell for cell in one.weights if cell in cells and cell not in right]


def _of_a_table(noticed: list[Noticed], harmed: Harmed, expected: Expected) -> bool:
    blocks = expected.book.layout.blocks
    own = [{cell for cell in one.weights if blocks[cell.block].sheet == harmed.sheet} for one in noticed]
    agrees = all({blocks[place.block].sheet for place in one.equation.places} != {harmed.sheet} for one in noticed)
    taken: set[Place] = set()
    at_odds = 0
    for cells in sorted(own, key=len):
        at_odds += taken.isdisjoint(cells)
        taken |= cells
    return agrees and at_odds >= FEWEST_AT_ODDS


_KNOWN_BY: Mapping[str, Callable[[list[Noticed], Harmed, Expected], bool]] = {
    "figures": _of_figures,
    "moved": _of_what_moved,
    "table": _of_a_table,
}
