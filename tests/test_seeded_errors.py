"""One wrong figure anywhere in a real budget is found, unless no rule speaks of it; consistent budgets give nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pytest

import xltool
from tests.budgets import BUDGETS, PINGSHAN, QINGLONG, filled
from xltool.checking.check import check
from xltool.checking.equations import all_equations
from xltool.checking.evaluate import compute
from xltool.checking.telling import MAX_RELATED
from xltool.layout.book import Book
from xltool.layout.equation import Equation
from xltool.layout.layout import Place
from xltool.model import Finding, Severity, Value

SAMPLE_SIZE = 150

UNCOVERED = {
    QINGLONG: set[tuple[str, str, str]](),
    PINGSHAN: {
        # 政府采购 is printed for information: no total, no other table; only its order is known
        ("支出总表", "*", "政府采购项目/小计"),
        ("支出总表", "*", "政府采购项目/面向中小企业政府采购项目"),
        ("支出总表", "*", "政府采购项目/面向小型、微型企业政府采购项目"),
        # last year's three kinds of cost: their totals and differences are formulas in the same table
        ("三公经费支出表", "上年", "因公出国(境)费"),
        ("三公经费支出表", "上年", "公务接待费"),
        ("三公经费支出表", "上年", "公务用车购置及运行维护费/公务用车购置费"),
        ("三公经费支出表", "上年", "公务用车购置及运行维护费/公务用车运行维护费"),
        # an amount without a name, which is a finding of its own
        ("政府预算拨款收支总表", "", "收入/预算数"),
    },
}
"""The filled cells that no rule compares with anything, by table, row and column."""


Weights = dict[Place, Decimal]
"""Typed cells, each with its coefficient."""


class Change(NamedTuple):
    """One wrong figure: where, what stood there, what stands there now."""

    place: Place
    kind: str
    before: Decimal
    after: Decimal | None


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
    """The book with the wrong figure typed in, over the formula if there was one; the other totals follow."""
    values: dict[Place, Value] = dict(book.values)
    values[change.place] = change.after
    live = {place: equation for place, equation in book.live.items() if place != change.place}
    compute(values, live)
    return Book(book.layout, values, book.formulas, live, [], list(book.remarks), None, book.is_ours)


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
        if equation.is_inequality:
            continue
        for cell in weights(equation, book.live):
            found.setdefault(cell, []).append(equation)
    return found


def equations_of(name: str, place: Place) -> list[Equation]:
    """The equations that must notice a change of a cell; a total typed over is compared with its parts."""
    book = sample(name)
    own = [book.live[place]] if place in book.live else []
    return own + covering(name).get(place, [])


def broken_by(name: str, change: Change) -> list[Equation]:
    """The equations that are then off by more than the rounding of all their cells explains."""
    book = changed(sample(name), change)
    return [equation for equation in equations_of(name, change.place) if is_off(equation, book)]


def equal_suspects(name: str, change: Change) -> set[Place]:
    """The typed cells of which a change would break the same equations."""
    book = changed(sample(name), change)
    return set.intersection(*(set(weights(equation, book.live)) for equation in broken_by(name, change)))


def is_off(equation: Equation, book: Book) -> bool:
    difference, slack = Decimal(0), Decimal(0)
    for sign, side in ((1, equation.left), (-1, equation.right)):
        for coefficient, place in side:
            value = book.values.get(place)
            if isinstance(value, Decimal):
                difference += sign * coefficient * value
            slack += abs(Decimal(coefficient)) * book.layout.unit(place) / 2
    return abs(difference) > slack


# ── single wrong figures ──────────────────────────────────────────────────────


def wrong_figures(name: str, random: Random) -> list[Change]:
    """Every amount of a budget, wrong in one of the ways people get it wrong."""
    return [
        Change(place, kind, value, after)
        for place, value in amounts(sample(name)).items()
        for kind, after in mistypings(value, random)
    ]


def mistypings(value: Decimal, random: Random) -> Iterator[tuple[str, Decimal | None]]:
    text = f"{abs(value):f}"
    digits = [i for i, letter in enumerate(text) if letter.isdigit()]
    i = random.choice(digits)
    other = random.choice([d for d in "0123456789" if d != text[i]])
    yield "digit", Decimal(text[:i] + other + text[i + 1 :])
    if value:
        yield "x10", value * 10
        yield "sign", -value
        yield "blank", None
    pairs = [(a, b) for a, b in zip(digits, digits[1:], strict=False) if text[a] != text[b]]
    if pairs:
        a, b = random.choice(pairs)
        letters = list(text)
        letters[a], letters[b] = letters[b], letters[a]
        yield "transposition", Decimal("".join(letters))


@pytest.mark.parametrize("name", BUDGETS)
def test_the_cells_that_no_rule_speaks_of_are_known(name: str) -> None:
    book = sample(name)
    covered = covering(name)
    silent = {book.layout.key(place) for place in amounts(book) if place not in covered and place not in book.live}
    expected = {
        key_
        for key_ in (book.layout.key(place) for place in amounts(book))
        for table, row, column in UNCOVERED[name]
        if key_.table == table and "/".join(key_.column) == column and row in ("*", "/".join(key_.row))
        # the sums of 政府采购 over units and 科目 are formulas
        if book.layout.place(key_) not in book.live
    }
    assert silent == expected


@pytest.mark.parametrize("name", BUDGETS)
def test_a_wrong_figure_is_found_and_named(name: str) -> None:
    """A sample of all figures and all ways to get them wrong; exactly what no rule speaks of goes unnoticed."""
    random = Random(2024)
    told = Counter(outcome(name, change) for change in random.sample(wrong_figures(name, random), SAMPLE_SIZE))
    assert told["named"] > SAMPLE_SIZE * 0.8
    assert told["one of many"] < SAMPLE_SIZE * 0.05


def outcome(name: str, change: Change) -> str:
    """How a wrong figure was told, after making sure that it had to be told so."""
    book = sample(name)
    now = complaints(changed(book, change))
    new = [finding for key, finding in now.items() if key not in complaints_before(name)]
    where = (change, book.layout.key(change.place))
    if not equations_of(name, change.place) and (change.after or 0) >= 0:
        assert {finding.rule for finding in new} <= inequalities(name), where
        return "no rule"
    if not broken_by(name, change):
        return "within rounding"
    assert new, where
    if any(names(finding, book, change.place) for finding in new):
        return "named"
    assert len(equal_suspects(name, change)) > MAX_RELATED // 2, where
    return "one of many"


def inequalities(name: str) -> set[str]:
    rules = sample(name).template.rules.values()
    return {rule.id for rule in rules if rule.comparison is not None and rule.comparison.relation != "="}


@cache
def complaints_before(name: str) -> dict[tuple[object, ...], Finding]:
    return complaints(sample(name))


def names(finding: Finding, book: Book, place: Place) -> bool:
    cell = book.layout.cell(place)
    return finding.cell == cell or any(related.cell == cell for related in finding.related)


@pytest.mark.parametrize("name", BUDGETS)
def test_the_first_finding_of_a_total_typed_wrong_is_at_that_total(name: str) -> None:
    book, random = sample(name), Random(7)
    before = complaints(book)
    for place in random.sample(sorted(place for place in book.live if book.values.get(place)), 40):
        value = book.values[place]
        assert isinstance(value, Decimal)
        now = complaints(changed(book, Change(place, "x10", value, value * 10)))
        new = [finding for key_, finding in now.items() if key_ not in before]
        assert book.layout.cell(place) in [finding.cell for finding in new]
