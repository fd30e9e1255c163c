"""L01: what is left of all sums is proved to be rounding, or the equations that contradict each other are named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xltool.checking.proof import propagation, solver
from xltool.checking.proof.exact import Condition, System, meets, refutes, solution, system_of
from xltool.checking.proof.proof import Conflict, Proof, Proved, Undecided, prove
from xltool.layout.block import Place

CENT = Decimal("0.01")

# ── sums of printed figures, without a workbook ────────────────────────────────────


class Figures:
    """Printed figures by name, and equations over them such as "total = a + b"."""

    def __init__(self, equations: Sequence[str], **printed: str) -> None:
        self.places = {name: Place(0, 0, number) for number, name in enumerate(printed)}
        self.printed = {self.places[name]: Decimal(value) for name, value in printed.items()}
        self.units = {place: Decimal(1).scaleb(value.as_tuple().exponent) for place, value in self.printed.items()}  # type: ignore[arg-type]
        self.conditions = [self.condition(*equation.split(" = ")) for equation in equations]

    def condition(self, left: str, right: str) -> Condition:
        names = {self.places[name]: 1 for name in left.split(" + ")}
        names |= {self.places[name]: -1 for name in right.split(" + ")}
        return Condition(names, sum((factor * self.printed[place] for place, factor in names.items()), Decimal(0)))

    def prove(self) -> Proof:
        return prove(self.conditions, self.units)


def assert_meets(conditions: Sequence[Condition], units: Mapping[Place, Decimal], proof: Proved) -> None:
    """The hidden amounts add up exactly and are all within half a unit."""
    assert all(abs(change) <= Fraction(units[place]) / 2 for place, change in proof.hidden.items())
    for condition in conditions:
        changes = (Fraction(factor) * proof.hidden.get(place, 0) for place, factor in condition.coefficients.items())
        assert sum(changes, Fraction(condition.difference)) == 0


def assert_irreducible(conditions: Sequence[Condition], units: Mapping[Place, Decimal], conflict: Conflict) -> None:
    """The conditions contradict each other; without any one of them there are hidden amounts."""
    chosen = [conditions[number] for number in conflict.conditions]
    assert isinstance(prove(chosen, units), Conflict)
    for number in range(len(chosen)):
        others = [*chosen[:number], *chosen[number + 1 :]]
        proof = prove(others, units)
        assert isinstance(proof, Proved)
        assert_meets(others, units, proof)


@pytest.mark.parametrize(
    "figures",
    [
        Figures(["total = a + b"], total="695", a="443", b="252"),
        Figures(["total = a + b"], total="696", a="443", b="252"),
        Figures(["total = a + b + c"], total="26.38", a="0.51", b="0.13", c="25.74"),
        Figures(["total = a + b + c"], total="26.39", a="0.51", b="0.13", c="25.74"),
        Figures(["coarse = fine"], coarse="1877", fine="1876.57"),
        Figures(["total = a + b", "total = fine"], total="1877", a="1592", b="284", fine="1876.57"),
    ],
    ids=["443 + 252", "443 + 252 rounded up", "published", "rounded up", "coarser copy", "sum of a coarser copy"],
)
def test_rounding_that_is_possible_is_proved(figures: Figures) -> None:
    proof = figures.prove()
    assert isinstance(proof, Proved)
    assert_meets(figures.conditions, figures.units, proof)


@pytest.mark.parametrize(
    ("figures", "conflict"),
    [
        (Figures(["total = a + b"], total="698", a="443", b="252"), (0,)),
        # each sum is a cent too large, and so is the sum of the sums: one cent more than four amounts can hide
        (
            Figures(
                ["total = x + y", "x = a + b", "y = c + d", "z = c + b"],
                total="7.03",
                x="5.01",
                y="2.01",
                a="3.00",
                b="2.00",
                c="1.00",
                d="1.00",
                z="3.00",
            ),
            (0, 1, 2),
        ),
        # one sum wants more than a half, the finer copy of its total less
        (Figures(["total = fine", "total = a + b"], total="2", fine="1.60", a="2", b="1"), (0, 1)),
        # two finer copies of one figure
        (Figures(["total = fine", "total = other"], total="2", fine="1.60", other="2.40"), (0, 1)),
    ],
    ids=["a mistake", "sums of sums", "a finer copy", "two finer copies"],
)
def test_rounding_that_is_impossible_is_a_conflict(figures: Figures, conflict: tuple[int, ...]) -> None:
    assert figures.prove() == Conflict(conflict)


def test_of_two_conflicts_the_smaller_is_named() -> None:
    """Three sums contradict each other, and, of other figures, two."""
    three = {"t": "7.03", "x": "5.01", "y": "2.01", "a": "3.00", "b": "2.00", "c": "1.00", "d": "1.00"}
    two = {"total": "3.02", "fine": "3.000", "e": "1.00", "f": "2.01"}
    equations = ["t = x + y", "x = a + b", "y = c + d", "total = e + f", "e + f = fine"]
    assert Figures(equations, **three, **two).prove() == Conflict((3, 4))


def test_hidden_amounts_between_the_limits_are_exact() -> None:
    """Thirds of a cent: 3 x one third is a cent, and no float is."""
    places = [Place(0, 0, number) for number in range(4)]
    tied = [Condition({places[0]: 1, other: -1}, Decimal(0)) for other in places[1:]]
    conditions = [*tied, Condition({places[0]: 1, places[1]: 1, places[2]: 1}, CENT)]
    proof = prove(conditions, dict.fromkeys(places, CENT))
    assert isinstance(proof, Proved)
    assert proof.hidden == dict.fromkeys(places, Fraction(-1, 300))


AMOUNTS = st.integers(-(10**7), 10**7)
UNITS = st.sampled_from([Decimal(1), Decimal("0.1"), CENT])


class Grid:
    """Hidden amounts in rows and columns, with totals across, down and of all, printed to units of their own."""

    def __init__(self, hidden: list[list[int]], units: list[Decimal]) -> None:
        rows = [[Fraction(amount, 10**4) for amount in row] for row in hidden]
        rows = [[*row, sum(row, Fraction(0))] for row in rows]
        rows.append([sum(column, Fraction(0)) for column in zip(*rows, strict=True)])
        self.hidden = {Place(0, r, c): amount for r, row in enumerate(rows) for c, amount in enumerate(row)}
        copies = {place._replace(block=1): amount for place, amount in self.hidden.items() if place.row == len(hidden)}
        self.hidden |= copies
        self.units = {place: units[i % len(units)] for i, place in enumerate(self.hidden)}
        self.printed = {place: rounded(amount, self.units[place]) for place, amount in self.hidden.items()}
        last_row, last_column = len(hidden), len(hidden[0])
        sums = [[Place(0, r, c) for c in range(last_column + 1)] for r in range(last_row + 1)]
        sums += [[Place(0, r, c) for r in range(last_row + 1)] for c in range(last_column + 1)]
        self.sums: list[dict[Place, int]] = [dict.fromkeys(cells[:-1], -1) | {cells[-1]: 1} for cells in sums]
        self.sums += [{copy: 1, copy._replace(block=0): -1} for copy in copies]
        self.total = Place(0, last_row, last_column)

    @property
    def conditions(self) -> list[Condition]:
        return [Condition(net, sum((n * self.printed[p] for p, n in net.items()), Decimal(0))) for net in self.sums]


def rounded(amount: Fraction, unit: Decimal) -> Decimal:
    whole = Decimal(amount.numerator) / Decimal(amount.denominator)  # exact: hidden amounts have four decimals
    return (whole / unit).quantize(Decimal(1), ROUND_HALF_UP) * unit


@st.composite
def grids(draw: st.DrawFn) -> Grid:
    width = draw(st.integers(1, 4))
    rows = draw(st.lists(st.lists(AMOUNTS, min_size=width, max_size=width), min_size=1, max_size=5))
    return Grid(rows, draw(st.lists(UNITS, min_size=1, max_size=3)))


@settings(max_examples=100, deadline=None)
@given(grids())
def test_amounts_that_were_rounded_honestly_are_always_proved(grid: Grid) -> None:
    proof = prove(grid.conditions, grid.units)
    assert isinstance(proof, Proved)
    assert_meets(grid.conditions, grid.units, proof)


@settings(max_examples=50, deadline=None)
@given(grids(), st.sampled_from([-1, 1]), st.integers(1, 5))
def test_a_total_beyond_all_rounding_is_always_a_conflict(grid: Grid, sign: int, more: int) -> None:
    """Further off than all amounts it comes from, and it itself, can have been rounded."""
    parts = [place for place in grid.hidden if place.block == 0 and place.row < grid.total.row]
    reach = sum((grid.units[p] for p in parts if p.column < grid.total.column), grid.units[grid.total])
    steps = int(reach / grid.units[grid.total]) + more
    grid.printed[grid.total] += sign * steps * grid.units[grid.total]
    conflict = prove(grid.conditions, grid.units)
    assert isinstance(conflict, Conflict)
    assert_irreducible(grid.conditions, grid.units, conflict)


@settings(max_examples=50, deadline=None)
@given(grids(), st.data())
def test_figures_changed_by_a_unit_are_proved_or_named(grid: Grid, data: st.DataObject) -> None:
    """What nobody knows beforehand: whichever it is, it stands up."""
    for place in data.draw(st.lists(st.sampled_from(sorted(grid.printed)), max_size=4)):
        grid.printed[place] += data.draw(st.sampled_from([-1, 1])) * grid.units[place]
    proof = prove(grid.conditions, grid.units)
    if isinstance(proof, Proved):
        assert_meets(grid.conditions, grid.units, proof)
    else:
        assert isinstance(proof, Conflict)
        assert_irreducible(grid.conditions, grid.units, proof)


@settings(max_examples=50, deadline=None)
@given(grids())
def test_hidden_amounts_are_found_with_a_solver_and_without(grid: Grid) -> None:
    system = system_of(grid.conditions, grid.units)
    without, near = propagation.deviations(system), solver.deviations(system)
    assert without is not None and meets(system, without)
    assert near is not None
    exact = solution(system, near)
    assert exact is not None and meets(system, exact)


def test_where_narrowing_finds_nothing_the_solver_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(propagation, "deviations", lambda system: None)
    figures = Figures(["total = a + b"], total="696", a="443", b="252")
    proof = figures.prove()
    assert isinstance(proof, Proved)
    assert_meets(figures.conditions, figures.units, proof)


def test_a_search_that_would_take_too_long_is_given_up() -> None:
    """Each row leaves the two cells of the next a little less than it has itself, and so on for ever."""
    system = System([{0: 1000, 1: -999}, {0: 999, 1: -1000}], [1, 0], [Place(0, 0, n) for n in range(2)])
    assert propagation.deviations(system) is None


# ── what a solver says is not taken on trust ────────────────────────────────────────


def chain() -> System:
    """a + b = 1 and b + c = 1 half units."""
    return System([{0: 1, 1: 1}, {1: 1, 2: 1}], [1, 1], [Place(0, 0, n) for n in range(3)])


@pytest.mark.parametrize(
    ("near", "exact"),
    [
        ({1: 1.0}, {1: 1}),
        ({0: 0.5000001, 1: 0.4999999, 2: 0.5}, {0: Fraction(1, 2), 1: Fraction(1, 2), 2: Fraction(1, 2)}),
        ({0: 1.0, 2: 1.0}, {0: 1, 2: 1}),
        ({0: 1.0}, None),
        ({0: -0.5, 1: 0.9, 2: 0.1}, None),
    ],
    ids=["at a limit", "nearly halves", "two at a limit", "half of it", "nonsense"],
)
def test_deviations_are_made_exact_or_refused(near: dict[int, float], exact: dict[int, Fraction] | None) -> None:
    found = solution(chain(), near)
    assert found == exact or (found is not None and exact is None and meets(chain(), found))


def test_only_weights_that_prove_a_contradiction_are_believed() -> None:
    opposed = System([{0: 1, 1: -1}, {1: 1, 2: -1}, {0: 1, 2: -1}], [1, 1, 1], [Place(0, 0, n) for n in range(3)])
    assert refutes(opposed, {0: Fraction(1), 1: Fraction(1), 2: Fraction(-1)})
    assert not refutes(opposed, {0: Fraction(1), 1: Fraction(1)})
    assert not refutes(opposed, {0: Fraction(-1), 1: Fraction(-1), 2: Fraction(1)})
    assert not refutes(opposed, {})


def test_lines_become_whole_numbers_of_half_units() -> None:
    coarse, fine = Place(0, 0, 0), Place(0, 0, 1)
    condition = Condition({coarse: 1, fine: -1}, Decimal("0.43"))
    system = system_of([condition], {coarse: Decimal(1), fine: CENT})
    assert system == System([{0: 100, 1: -1}], [-86], [coarse, fine])


def test_a_solver_that_gives_up_leaves_the_question_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(propagation, "deviations", lambda system: None)
    monkeypatch.setattr(solver, "deviations", lambda system: None)
    monkeypatch.setattr(solver, "weights", lambda system: {})
    assert Figures(["total = a + b"], total="696", a="443", b="252").prove() == Undecided()


def test_a_solver_that_is_wrong_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Deviations that do not add up, and weights that prove nothing."""
    monkeypatch.setattr(propagation, "deviations", lambda system: {0: Fraction(2)})
    monkeypatch.setattr(solver, "deviations", lambda system: {0: 1.0})
    monkeypatch.setattr(solver, "weights", lambda system: {0: 1.0})
    assert Figures(["total = a + b"], total="696", a="443", b="252").prove() == Undecided()
