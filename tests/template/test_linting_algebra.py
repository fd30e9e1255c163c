"""What the audit concludes from equations, against slower and simpler calculations on small random systems."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from tests.budgets import BUDGETS
from tests.formats.mutation import amounts, expected, sample
from xltool.equations.instances import all_equations
from xltool.layout.block import Place
from xltool.linting.algebra.contradiction import contradictions
from xltool.linting.algebra.coverage import alike, uncovered
from xltool.linting.algebra.redundancy import redundant_rules
from xltool.linting.algebra.vectors import Expansion, Vector, typed_cells

WIDTH = 5
CELLS = [Place(0, 0, c) for c in range(WIDTH)]

System = list[tuple[str, Vector]]

numbers = st.sampled_from([-2, -1, 0, 0, 0, 1, 1, Fraction(1, 10)])
rows = st.lists(numbers, min_size=WIDTH, max_size=WIDTH).map(
    lambda line: {cell: weight for cell, weight in zip(CELLS, line, strict=True) if weight}
)
systems = st.lists(st.tuples(st.sampled_from(["", "X1", "X2", "X3", "X4"]), rows), max_size=7)
bounded_cells = st.sets(st.sampled_from(CELLS))


def matrix(system: System) -> numpy.ndarray:
    """One line a row."""
    lines = [[float(row.get(cell, 0)) for cell in CELLS] for _, row in system]
    return numpy.array(lines).reshape(len(system), WIDTH)


def rank(system: System) -> int:
    return int(numpy.linalg.matrix_rank(matrix(system))) if system else 0


def without(system: System, rules: set[str]) -> System:
    return [row for row in system if row[0] not in rules]


def forced_to_zero(system: System, bounded: set[Place]) -> set[Place]:
    """The cells that can be neither above nor below 0, one programme for each."""
    bounds = [(0 if cell in bounded else -1, 1) for cell in CELLS]
    found = set()
    for i, cell in enumerate(CELLS):
        reach = 0.0
        for sign in (-1, 1):
            aim = [sign * (j == i) for j in range(WIDTH)]
            result = linprog(aim, A_eq=matrix(system), b_eq=numpy.zeros(len(system)), bounds=bounds)
            reach = max(reach, abs(result.x[i]))
        if reach < 1e-7:
            found.add(cell)
    return found


@given(systems)
def test_redundant_rules_can_be_left_out_together_and_no_other_one(system: System) -> None:
    told = {found.rule for found in redundant_rules(system)}
    assert rank(without(system, told)) == rank(system)
    for rule in {rule for rule, _ in system if rule} - told:
        assert rank(without(system, told | {rule})) < rank(system)


@given(systems)
def test_a_redundant_rule_follows_from_those_that_are_named_and_the_sums(system: System) -> None:
    for rule, others in redundant_rules(system):
        basis = [row for row in system if row[0] in ("", *others)]
        assert rank([*basis, *(row for row in system if row[0] == rule)]) == rank(basis)
        for other in others:
            fewer = without(basis, {other})
            assert rank([*fewer, *(row for row in system if row[0] == rule)]) > rank(fewer)


@settings(deadline=None)
@given(systems, bounded_cells)
def test_contradictions_are_the_smallest_sets_of_rules_that_leave_cells_nothing_but_zero(
    system: System, bounded: set[Place]
) -> None:
    all_forced = forced_to_zero(system, bounded)
    found = contradictions(system, bounded)
    assert bool(found) == bool(all_forced)
    for rules, cells in found:
        own = [row for row in system if row[0] in ("", *rules)]
        assert cells <= forced_to_zero(own, bounded)
        for rule in rules:
            assert cells.isdisjoint(forced_to_zero(without(own, {rule}), bounded))


@given(systems)
def test_cells_alike_can_be_swapped_in_every_row(system: System) -> None:
    lines = [row for _, row in system]
    groups = alike(CELLS, lines)
    loose = set(uncovered(CELLS, lines))
    for i, one in enumerate(CELLS):
        for other in CELLS[i + 1 :]:
            same = all(row.get(one, 0) == row.get(other, 0) for row in lines) and one not in loose
            assert same == any({one, other} <= set(group) for group in groups)


@pytest.mark.parametrize("name", BUDGETS)
def test_the_cells_without_equation_are_those_in_which_a_wrong_figure_is_not_found(name: str) -> None:
    """The audit of a published budget, against what the judge works out from the equations by itself."""
    book = sample(name)
    expansion = Expansion(book.live)
    equations = [equation for equation in all_equations(book.layout) if not equation.is_inequality]
    rows = [expansion.residual(equation) for equation in equations]
    silent = uncovered(typed_cells(book.layout, book.live), rows)
    filled = {place for place in amounts(book) if place not in book.live}
    assert filled & set(silent) == {place for place in filled if place not in expected(name).covering}


@pytest.mark.parametrize("name", BUDGETS)
def test_cells_alike_are_those_whose_swap_changes_no_equation(name: str) -> None:
    book = sample(name)
    expansion = Expansion(book.live)
    equations = all_equations(book.layout)
    found = alike(typed_cells(book.layout, book.live), [expansion.residual(equation) for equation in equations])
    seen: dict[Place, set[tuple[int, Decimal]]] = {}
    for number, equation in enumerate(equations):
        for cell, weight in expected(name).weights(equation).items():
            seen.setdefault(cell, set()).add((number, weight))
    same: dict[frozenset[tuple[int, Decimal]], set[Place]] = {}
    for place in typed_cells(book.layout, book.live):
        if place in seen:
            same.setdefault(frozenset(seen[place]), set()).add(place)
    assert {frozenset(group) for group in found} == {frozenset(group) for group in same.values() if len(group) > 1}
