"""What a live total comes from: its net over the typed cells has the value that the formulas give it."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from xltool.equations.evaluate import compute, total
from xltool.equations.nets import Nets
from xltool.layout.block import Place
from xltool.layout.equation import Coefficient, Equation, Term
from xltool.model import Value

TYPED = [Place(0, r, 0) for r in range(4)]
TOTALS = [Place(1, r, 0) for r in range(4)]
CHOICES: list[Coefficient] = [1, -1, Decimal("0.3")]
COEFFICIENTS = st.sampled_from(CHOICES)


@st.composite
def formulas(draw: st.DrawFn) -> dict[Place, Equation]:
    """Totals that each add up typed cells and totals before them."""
    live: dict[Place, Equation] = {}
    for i, place in enumerate(TOTALS):
        parts = draw(st.lists(st.sampled_from(TYPED + TOTALS[:i]), min_size=1, max_size=3))
        right = tuple(Term(draw(COEFFICIENTS), part) for part in parts)
        live[place] = Equation("A02", (Term(1, place),), right, place, True)
    return live


@settings(max_examples=40)
@given(formulas(), st.lists(st.integers(-999, 999), min_size=4, max_size=4), st.data())
def test_a_net_has_its_equations_value(live: dict[Place, Equation], typed: list[int], data: st.DataObject) -> None:
    values: dict[Place, Value] = dict(zip(TYPED, map(Decimal, typed), strict=True))
    compute(values, live)
    left, right = (tuple(Term(1, data.draw(st.sampled_from(TYPED + TOTALS))) for _ in range(2)) for _ in "左右")
    net = Nets(live).of(Equation("X01", left, right, None, False))
    assert net.keys() <= set(TYPED) and all(net.values())
    cells = tuple(Term(coefficient, cell) for cell, coefficient in net.items())
    assert total(cells, values) == total(left, values) - total(right, values)


@settings(max_examples=20)
@given(formulas())
def test_a_live_total_holds_by_itself(live: dict[Place, Equation]) -> None:
    nets = Nets(live)
    assert [nets.of(equation) for equation in live.values()] == [{}] * len(live)
