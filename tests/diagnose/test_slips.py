"""What a wrong figure looks like: every slip of the data file by its own examples."""

from __future__ import annotations

from decimal import Decimal

import pytest

from xltool.diagnose.slips import WAYS, Typed, likeliest, slips, slips_data

EXAMPLES = [
    (str(data["id"]), Decimal(found), Decimal(right))
    for data in slips_data()
    for found, right in data.get("examples", ())
]


@pytest.mark.parametrize(("slip", "found", "right"), EXAMPLES)
def test_an_example_looks_like_its_slip(slip: str, found: Decimal, right: Decimal) -> None:
    assert likeliest(Typed(found, right)).slip == slip


@pytest.mark.parametrize(
    ("slip", "typed"),
    [
        ("part", Typed(Decimal("11.53"), Decimal("20.16"), parts=(Decimal("8.63"), Decimal("11.53")))),
        ("twice", Typed(Decimal("28.79"), Decimal("20.16"), parts=(Decimal("8.63"), Decimal("11.53")))),
        ("neighbour", Typed(Decimal("7.77"), Decimal("20.16"), around=(Decimal("7.77"),))),
        ("last_year", Typed(Decimal("7.77"), Decimal("20.16"), last_year=(Decimal("7.77"),))),
        ("blank", Typed(None, Decimal("20.16"))),
        ("stray", Typed(Decimal("20.16"), Decimal(0))),
        ("", Typed(Decimal("20.16"), Decimal("39.87"))),
    ],
)
def test_what_stands_around_tells_a_slip(slip: str, typed: Typed) -> None:
    assert likeliest(typed).slip == slip


def test_every_way_to_get_a_figure_wrong_has_words() -> None:
    assert WAYS.keys() <= slips().keys()


def test_a_plain_slip_is_likelier_than_a_figure_that_looks_like_nothing() -> None:
    plain, nothing = Typed(Decimal("86.3"), Decimal("8.63")), Typed(Decimal("86.3"), Decimal("5.94"))
    assert likeliest(plain).bits + 10 < likeliest(nothing).bits
