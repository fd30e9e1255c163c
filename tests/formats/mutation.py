"""Wrong figures in real budgets: every way people get one wrong, and which equations must notice it.

`python -m tests.formats.mutation` changes every amount of every sample in every way, and reports how many changes the
check finds and which cells no rule speaks of; test_seeded_errors.py does so with a part of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import NamedTuple

import xltool
from tests.budgets import BUDGETS, filled, published
from xltool.diagnose.report import check
from xltool.equations.evaluate import compute
from xltool.equations.instances import all_equations
from xltool.layout.block import Place
from xltool.layout.book import Book
from xltool.layout.equation import Equation
from xltool.model import Finding, Severity, Value

Weights = dict[Place, Decimal]
"""Typed cells, each with its coefficient."""


class Change(NamedTuple):
    """One mistake: where, of what kind, what stood there, and what stands there (and in a cell swapped with it) now."""

    place: Place
    kind: str
    before: Decimal
    values: Mapping[Place, Decimal | None]

    @property
    def after(self) -> Decimal | None:
        """What stands there now."""
        return self.values[self.place]


@cache
def sample(name: str) -> Book:
    """A published budget as it is read from its workbook."""
    with TemporaryDirectory() as folder:
        return xltool.read(filled(name, Path(folder)))


def amounts(book: Book) -> dict[Place, Decimal]:
    return {
        place: value
        for place, value in book.values.items()
        if isinstance(value, Decimal) and place.column in book.layout.blocks[place.block].block.amounts
    }


def changed(book: Book, change: Change) -> Book:
    """The book with the wrong figures typed in, over a formula if there was one; the other totals follow."""
    values: dict[Place, Value] = {**book.values, **change.values}
    live = {place: equation for place, equation in book.live.items() if place not in change.values}
    compute(values, live)
    return Book(book.layout, values, book.formulas, live, [], book.seen, None, book.is_ours)


def complaints(book: Book) -> dict[tuple[object, ...], Finding]:
    """Errors and warnings; the same finding has the same key in another book of the layout."""
    return {
        (f.rule, f.cell, f.left, f.right, f.message): f
        for f in check(book).findings
        if f.severity is not Severity.REMARK
    }


# ── which cells the equations speak of, worked out without the check ──────────────────


def spelt_out(place: Place, live: Mapping[Place, Equation]) -> Weights:
    """A cell as the typed cells that its formula adds up."""
    equation = live.get(place)
    if equation is None:
        return {place: Decimal(1)}
    found: Weights = {}
    for coefficient, part in equation.right:
        for cell, factor in spelt_out(part, live).items():
            found[cell] = found.get(cell, Decimal(0)) + coefficient * factor
    return found


def weights(equation: Equation, live: Mapping[Place, Equation]) -> Weights:
    """By how much left - right grows with each typed cell."""
    found: Weights = {}
    for sign, side in ((1, equation.left), (-1, equation.right)):
        for coefficient, place in side:
            for cell, factor in spelt_out(place, live).items():
                found[cell] = found.get(cell, Decimal(0)) + sign * coefficient * factor
    return {cell: weight for cell, weight in found.items() if weight}


@cache
def covering(name: str) -> dict[Place, list[Equation]]:
    """Every equation that does not hold by itself, by the typed cells that it depends on.

    An inequality notices only some wrong figures of its cells, which is no reason to expect it of others.
    """
    book = sample(name)
    found: dict[Place, list[Equation]] = {}
    for equation in all_equations(book.layout):
        if equation.is_inequality or is_waiting(name, equation):
            continue
        for cell in weights(equation, book.live):
            found.setdefault(cell, []).append(equation)
    return found


def is_waiting(name: str, equation: Equation) -> bool:
    """Whether a side of a rule speaks only of tables that were not published: nothing can be said of it yet."""
    printed = {key.table for key in published(name)}
    comparison = sample(name).template.rules[equation.rule].comparison
    if comparison is None:
        return False
    sides = ({addend.reference.table for addend in side} for side in (comparison.left, comparison.right))
    return any(tables.isdisjoint(printed) for tables in sides)


def equations_of(name: str, place: Place) -> list[Equation]:
    """The equations that must notice a change of a cell; a total typed over is compared with its parts."""
    book = sample(name)
    own = [book.live[place]] if place in book.live else []
    return own + covering(name).get(place, [])


def broken_by(name: str, change: Change) -> list[Equation]:
    """The equations that are then off, otherwise than before, by more than the rounding of all their cells explains."""
    book = changed(sample(name), change)
    noticing = {id(equation): equation for place in change.values for equation in equations_of(name, place)}
    return [
        equation
        for equation in noticing.values()
        if is_off(equation, book)
        and difference(equation, book) != difference(equation, sample(name))
        and not has_nothing_yet(name, equation, book)
    ]


def has_nothing_yet(name: str, equation: Equation, book: Book) -> bool:
    """Whether a side has no figure so far and comes, through links, from a table that was not published."""
    printed = {key.table for key in published(name)}
    for side in (equation.left, equation.right):
        cells = {cell for _, place in side for cell in spelt_out(place, book.live)}
        tables = {book.layout.blocks[cell.block].table.id for cell in cells}
        if not any(book.values.get(cell) for cell in cells) and tables - printed:
            return True
    return False


def equal_suspects(name: str, change: Change) -> set[Place]:
    """The typed cells of which a change would break the same equations."""
    book = changed(sample(name), change)
    return set.intersection(*(set(weights(equation, book.live)) for equation in broken_by(name, change)))


def is_off(equation: Equation, book: Book) -> bool:
    terms = (*equation.left, *equation.right)
    slack = sum((abs(Decimal(coefficient)) * book.layout.unit(place) / 2 for coefficient, place in terms), Decimal(0))
    return abs(difference(equation, book)) > slack


def difference(equation: Equation, book: Book) -> Decimal:
    """Left minus right."""
    found = Decimal(0)
    for sign, side in ((1, equation.left), (-1, equation.right)):
        for coefficient, place in side:
            value = book.values.get(place)
            found += sign * coefficient * value if isinstance(value, Decimal) else 0
    return found


# ── wrong figures ────────────────────────────────────────────────────────────────


def wrong_figures(name: str, random: Random) -> Iterator[Change]:
    """Every amount of a budget, wrong in each of the ways people get it wrong."""
    known = amounts(sample(name))
    for place, value in known.items():
        for kind, after in mistypings(value, random):
            yield Change(place, kind, value, {place: after})
        for neighbour in (place._replace(column=place.column + 1), place._replace(row=place.row + 1)):
            if neighbour in known and known[neighbour] != value:
                yield Change(place, "swap", value, {place: known[neighbour], neighbour: value})
                break


def mistypings(value: Decimal, random: Random) -> Iterator[tuple[str, Decimal | None]]:
    """What can be typed instead of one figure."""
    text = f"{abs(value):f}"
    digits = [i for i, letter in enumerate(text) if letter.isdigit()]
    i = random.choice(digits)
    other = random.choice([d for d in "0123456789" if d != text[i]])
    yield "digit", Decimal(text[:i] + other + text[i + 1 :])
    if value:
        yield "x10", value * 10
        yield "x10000", value * 10000
        yield "sign", -value
        yield "blank", None
    pairs = [(a, b) for a, b in zip(digits, digits[1:], strict=False) if text[a] != text[b]]
    if pairs:
        a, b = random.choice(pairs)
        letters = list(text)
        letters[a], letters[b] = letters[b], letters[a]
        yield "transposition", Decimal("".join(letters))


@cache
def complaints_before(name: str) -> dict[tuple[object, ...], Finding]:
    """What the check says of the budget as it was published."""
    return complaints(sample(name))


def new_complaints(name: str, change: Change) -> list[Finding]:
    """What the check says only because of a mistake."""
    now = complaints(changed(sample(name), change))
    return [finding for key, finding in now.items() if key not in complaints_before(name)]


# ── the full report ──────────────────────────────────────────────────────────────


def report(name: str) -> Iterator[str]:
    """How many mistakes of each kind are found in a budget, and the cells of which none is."""
    made: Counter[str] = Counter()
    found: Counter[str] = Counter()
    silent = dict.fromkeys(amounts(sample(name)))
    rounding = 0
    for change in wrong_figures(name, Random(2024)):
        made[change.kind] += 1
        if new_complaints(name, change):
            found[change.kind] += 1
            silent.pop(change.place, None)
        elif broken_by(name, change):
            yield f"  NOT FOUND: {sample(name).layout.key(change.place)} {change.kind} -> {change.after}"
        else:
            rounding += bool(equations_of(name, change.place))
    total, count = found.total(), made.total()
    yield f"{name}: {total} of {count} mistakes found ({total / count:.1%}); {rounding} are within rounding"
    yield "  " + ", ".join(f"{kind} {found[kind] / made[kind]:.1%}" for kind in made)
    yield f"  {len(silent)} amounts of which no mistake is found"
    for place in silent:
        key = sample(name).layout.key(place)
        yield f"    {key.table} {'/'.join(key.row)} {'/'.join(key.column)}"


if __name__ == "__main__":
    for budget in BUDGETS:
        print("\n".join(report(budget)), flush=True)
