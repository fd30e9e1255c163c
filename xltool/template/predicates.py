"""What a rule must tell the predicate that it names: a table, columns of it, other figures.

Which predicates there are is not known here: whoever loads a template says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, Protocol

AMOUNT, PERCENT, TEXT = ("amount",), ("percent",), ("text",)
"""The kinds of a column that holds nothing else."""


class Wanted(NamedTuple):
    """One of the columns (or fields of a form) that a predicate needs: what it is for, and its possible kinds."""

    name: str
    kinds: tuple[str, ...]


class Asks(NamedTuple):
    """What a rule tells a predicate.

    `table` is "no", "may" or "must". `columns` are wanted in this order; the last `optional` of them can be left out,
    and of a predicate with `many` the last can be given any number of times. `against` says what the reference to
    other figures is for; "" if there is none.
    """

    table: str = "no"
    columns: tuple[Wanted, ...] = ()
    optional: int = 0
    many: bool = False
    against: str = ""


class Asking(Protocol):
    """Whatever has to be told these things."""

    @property
    def asks(self) -> Asks:
        """What it must be told."""


Predicates = Mapping[str, Asking]
"""The predicates that a rule can name."""
