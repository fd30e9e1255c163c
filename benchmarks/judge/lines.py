"""Makes mistakes that concern a whole row, column or table of a budget, each as people make it.

In a workbook with live formulas only what is typed goes wrong, and the totals follow; of pasted values all go wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cache, partial
from itertools import chain
from random import Random
from typing import Any, NamedTuple

from benchmarks.judge.budgets import Kind, budget, last_year
from benchmarks.judge.expected import with_changes
from benchmarks.judge.making import Changes, amount, read_slips
from xltool.equations.evaluate import compute
from xltool.equations.filling import fill
from xltool.equations.instances import formulas
from xltool.layout.block import BlockAt, Place
from xltool.layout.book import Book
from xltool.model import FactKey, Path, Value


class Harmed(NamedTuple):
    """A book with a whole line wrong, the sheet where that is, and what its wrong cells then hold (none if there
    only is a line too many). `is_only_row`: it is the only row that a unit has in its table."""

    book: Book
    sheet: str
    changes: Changes
    is_only_row: bool = False


class Spot(NamedTuple):
    """Where a mistake is to be made: in a block of a budget of a kind."""

    kind: Kind
    seed: str
    book: Book
    block: BlockAt


class Line(NamedTuple):
    """A kind of mistake in whole lines, as what it may be `told` (where it is the only row of a unit: as
    `told_of_only_row`, too), and what it is `known_by` (see knowable.py).

    `make` gives None if it cannot happen there.
    """

    id: str
    name: str
    told: list[str]
    make: Callable[[Spot, Random], Harmed | None]
    known_by: str
    told_of_only_row: list[str]


@cache
def lines() -> Mapping[str, Line]:
    """Every kind of mistake in whole lines, by its id."""
    return {entry["id"]: _line(**entry) for entry in read_slips()["line"]}


def _line(
    id: str,
    name: str,
    told: list[str],
    make: str,
    known_by: str = "figures",
    told_of_only_row: Sequence[str] = (),
    **arguments: Any,
) -> Line:
    return Line(id, name, told, partial(_MAKERS[make], **arguments), known_by, [*told_of_only_row])


def spots(kind: Kind, seed: str) -> list[Spot]:
    """The blocks of a budget in which there are amounts."""
    book = budget(kind, seed)
    filled = {place.block for place, value in book.values.items() if isinstance(value, Decimal) and value}
    return [Spot(kind, seed, book, block) for block in book.layout.blocks if block.index in filled and _columns(block)]


# ── what lies where ─────────────────────────────────────────────────────────────────


def _columns(block: BlockAt) -> list[int]:
    """The columns of amounts, as they lie from left to right."""
    there = [c for c in block.block.amounts if block.columns[c].sheet_column]
    return sorted(there, key=lambda c: block.columns[c].sheet_column)


def _row(block: BlockAt, r: int) -> list[Place]:
    return [block.places[r][c] for c in _columns(block)]


def _moved(block: BlockAt, of: int, to: int, book: Book) -> Changes:
    """What stands in row `of`, put into row `to`."""
    return {there: book.values.get(here) for here, there in zip(_row(block, of), _row(block, to), strict=True)}


def _typed(book: Book, places: Iterable[Place]) -> list[Place]:
    """Those that are typed and have an amount in them."""
    return [place for place in places if place not in book.live and amount(book, place)]


def _filled_row(spot: Spot, chance: Random) -> int | None:
    """A row with two figures or more that are typed."""
    rows = [r for r in range(len(spot.block.rows)) if len(_typed(spot.book, _row(spot.block, r))) > 1]
    return chance.choice(rows) if rows else None


def _adds_up_rows(spot: Spot, r: int) -> bool:
    """Whether a row is the sum of other rows."""
    here = (spot.block.index, r)
    sums = (equation for place, equation in formulas(spot.book.layout).items() if place[:2] == here)
    return any(part[:2] != here for equation in sums for _, part in equation.right)


def _next_row(block: BlockAt, r: int) -> int | None:
    """The row on the line below."""
    at = block.rows[r].sheet_row + 1
    return next((i for i, row in enumerate(block.rows) if row.sheet_row == at), None)


def _is_only_row(block: BlockAt, r: int) -> bool:
    """Whether the unit that a row is of has no other in the block."""
    units = [row.path[row.pattern.index("unit")] if "unit" in row.pattern else None for row in block.rows]
    return units[r] is not None and units.count(units[r]) == 1


def _harmed(spot: Spot, changes: Changes) -> Harmed | None:
    """The book with changes of typed cells, if they are of more than one figure."""
    book = spot.book
    changes = {place: value for place, value in changes.items() if place not in book.live}
    changes = {place: value for place, value in changes.items() if (value or 0) != (book.values.get(place) or 0)}
    return Harmed(with_changes(book, changes), spot.block.sheet, changes) if len(changes) > 1 else None


def _changes_row(spot: Spot, changes: Changes, r: int) -> bool:
    """Whether changes put other figures into a row than stand there."""
    values, book = spot.book.values, spot.book
    return any(p not in book.live and (changes.get(p) or 0) != (values.get(p) or 0) for p in _row(spot.block, r))


# ── rows ────────────────────────────────────────────────────────────────────────────


def _row_lower(spot: Spot, chance: Random, is_left_blank: bool) -> Harmed | None:
    """One row stands on the line below, over what belongs there; in its own line too, or not.

    Where totals are live, nobody pastes one that adds up other rows: its formulas stay.
    """
    r = _filled_row(spot, chance)
    below = _next_row(spot.block, r) if r is not None else None
    if r is None or below is None or (spot.book.live and _adds_up_rows(spot, r)):
        return None
    blank: Changes = dict.fromkeys(_row(spot.block, r)) if is_left_blank else {}
    changes = _moved(spot.block, r, below, spot.book)
    return _harmed(spot, changes | blank) if _changes_row(spot, changes, below) else None


def _rows_lower(spot: Spot, chance: Random) -> Harmed | None:
    """From some row on, all stand on the line below, as far as lines follow one another."""
    r = _filled_row(spot, chance)
    if r is None:
        return None
    changes: Changes = dict.fromkeys(_row(spot.block, r))
    moved = 0
    while (below := _next_row(spot.block, r)) is not None:
        changes |= _moved(spot.block, r, below, spot.book)
        moved += _changes_row(spot, changes, below)
        r = below
    return _harmed(spot, changes) if moved > 1 else None


def _row_blanked(spot: Spot, chance: Random) -> Harmed | None:
    """Nothing is filled in in a row that is no total: a blank total is told as one."""
    r = _filled_row(spot, chance)
    if r is None or _adds_up_rows(spot, r):
        return None
    harmed = _harmed(spot, dict.fromkeys(_row(spot.block, r)))
    return harmed and harmed._replace(is_only_row=_is_only_row(spot.block, r))


def _rows_sorted(spot: Spot, chance: Random) -> Harmed | None:
    """The figures of rows side by side come to stand in order of size, their names do not."""
    r, rows = _filled_row(spot, chance), spot.block.rows
    if r is None:
        return None
    above, length = rows[r].path[:-1], len(rows[r].path[-1])
    alike = [i for i, row in enumerate(rows) if row.path[:-1] == above and len(row.path[-1]) == length]
    alike = [i for i in alike if _typed(spot.book, _row(spot.block, i))]
    ordered = sorted(alike, key=lambda i: -sum(abs(amount(spot.book, place)) for place in _row(spot.block, i)))
    changes: Changes = {}
    for to, of in zip(alike, ordered, strict=True):
        changes |= _moved(spot.block, of, to, spot.book)
    return _harmed(spot, changes) if sum(1 for r in alike if _changes_row(spot, changes, r)) > 2 else None


# ── columns, and units of amounts ───────────────────────────────────────────────────


def _columns_swapped(spot: Spot, chance: Random) -> Harmed | None:
    """Two columns side by side stand in each other's place."""
    columns = _columns(spot.block)
    if len(columns) < 2:
        return None
    at, changes = chance.randrange(len(columns) - 1), dict[Place, Value]()
    for line in spot.block.places:
        one, other = line[columns[at]], line[columns[at + 1]]
        if not {one, other} & spot.book.live.keys():
            changes |= {one: spot.book.values.get(other), other: spot.book.values.get(one)}
    rows = {place.row for place, value in changes.items() if (value or 0) != amount(spot.book, place)}
    return _harmed(spot, changes) if len(rows) > 1 else None


def _times(spot: Spot, chance: Random, factor: str, pick: Callable[[Spot, Random], list[Place]]) -> Harmed | None:
    """Some amounts are in another unit."""
    typed = _typed(spot.book, pick(spot, chance))
    return _harmed(spot, {place: amount(spot.book, place) * Decimal(factor) for place in typed})


def _of_table(spot: Spot, _: Random) -> list[Place]:
    blocks = [block for block in spot.book.layout.blocks if block.sheet == spot.block.sheet]
    return [place for block in blocks for place in block.figures(("amount",))]


def _of_row(spot: Spot, chance: Random) -> list[Place]:
    r = _filled_row(spot, chance)
    return [] if r is None else _row(spot.block, r)


def _of_column(spot: Spot, chance: Random) -> list[Place]:
    c = chance.choice(_columns(spot.block))
    return [line[c] for line in spot.block.places]


# ── tables and units ────────────────────────────────────────────────────────────────


def _last_year(spot: Spot, chance: Random) -> Harmed | None:
    """A table has the figures of another year, which agree among themselves; known only of made-up budgets."""
    if spot.kind.source != "honest":
        return None
    old, layout = last_year(spot.kind, spot.seed), spot.book.layout
    return _harmed(spot, {place: old.get(layout.key(place)) for place in _of_table(spot, chance)})


def _unit_left_out(spot: Spot, chance: Random) -> Harmed | None:
    """Of one of several units a table has nothing; its totals are without it."""
    book, block = spot.book, spot.block
    rows: dict[str, list[int]] = {}
    for r, row in enumerate(block.rows):
        if "unit" in row.pattern and _typed(book, _row(block, r)):
            rows.setdefault(row.path[row.pattern.index("unit")], []).append(r)
    if len(rows) < 2:
        return None
    lost = rows[chance.choice(sorted(rows))]
    changes: Changes = dict.fromkeys(place for r in lost for place in _row(block, r))
    inside = {
        p: e for p, e in formulas(book.layout).items() if {p.block, *(x.block for _, x in e.right)} == {block.index}
    }
    totals = {place: equation for place, equation in inside.items() if place not in changes}
    added, less = ({**book.values}, {**book.values, **changes})
    compute(added, totals)
    compute(less, totals)
    off = {p: _number(less, p) - _number(added, p) for p in totals}
    harmed = _harmed(spot, changes | {place: amount(book, place) + more for place, more in off.items() if more})
    return harmed and harmed._replace(is_only_row=_is_only_row(block, lost[0]))


def _number(values: Mapping[Place, Value], place: Place) -> Decimal:
    value = values.get(place)
    return value if isinstance(value, Decimal) else Decimal(0)


# ── rows that are not there, or are there twice ─────────────────────────────────────

Facts = dict[FactKey, Value]


def _row_deleted(spot: Spot, chance: Random) -> Harmed | None:
    """The sheet has no line for a member."""

    def without(facts: Facts, table: str, row: Path) -> Facts:
        return {key: value for key, value in facts.items() if (key.table, key.row) != (table, row)}

    return _with_other_rows(spot, chance, without)


def _row_doubled(spot: Spot, chance: Random) -> Harmed | None:
    """The sheet has two lines for a member, with the same figures."""

    def twice(facts: Facts, table: str, row: Path) -> Facts:
        own = {key: value for key, value in facts.items() if (key.table, key.row) == (table, row)}
        return {**facts, **{key._replace(row=(*row[:-1], f"{row[-1]}#2")): value for key, value in own.items()}}

    return _with_other_rows(spot, chance, twice)


def _with_other_rows(spot: Spot, chance: Random, change: Callable[[Facts, str, Path], Facts]) -> Harmed | None:
    """The budget made again of other facts, those of a row to which none add up changed."""
    book, block = spot.book, spot.block
    r = _filled_row(spot, chance)
    if r is None:
        return None
    row = block.rows[r]
    if row.definition is None or not row.definition.each or _adds_up_rows(spot, r):
        return None
    facts = change({key: fact.value for key, fact in book.facts.items()}, block.table.id, row.path)
    outline = book.outline
    layout = fill(book.template, facts, outline.department, outline.year, outline.amount_unit).layout
    followed = {book.layout.key(place) for place in book.live}
    followed |= {key._replace(row=(*key.row[:-1], f"{key.row[-1]}#2")) for key in followed}
    live = {place: equation for place, equation in formulas(layout).items() if layout.key(place) in followed}
    values: dict[Place, Value] = {p: facts.get(layout.key(p)) for other in layout.blocks for p in chain(*other.places)}
    compute(values, live)
    known: dict[Place, Value] = {place: value for place, value in values.items() if value is not None}
    harmed = Book(layout, known, live=live, is_ours=book.is_ours)
    lost = [] if block.row_index.keys() <= layout.blocks[block.index].row_index.keys() else _typed(book, _row(block, r))
    return Harmed(harmed, block.sheet, dict.fromkeys(lost), _is_only_row(block, r))


_MAKERS: Mapping[str, Callable[..., Harmed | None]] = {
    "row_lower": partial(_row_lower, is_left_blank=True),
    "row_over_next": partial(_row_lower, is_left_blank=False),
    "rows_lower": _rows_lower,
    "row_blanked": _row_blanked,
    "row_deleted": _row_deleted,
    "row_doubled": _row_doubled,
    "rows_sorted": _rows_sorted,
    "columns_swapped": _columns_swapped,
    "table_times": partial(_times, pick=_of_table),
    "row_times": partial(_times, pick=_of_row),
    "column_times": partial(_times, pick=_of_column),
    "last_year": _last_year,
    "unit_left_out": _unit_left_out,
}
