"""An equation (or inequality) over the places of one layout."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from xltool.expression import Relation, is_copy
from xltool.layout.block import Place
from xltool.model import Path

Coefficient = int | Decimal


class Term(NamedTuple):
    """A coefficient times the fact at a place."""

    coefficient: Coefficient
    place: Place


class Equation(NamedTuple):
    """left = right. `target` is the cell whose live formula is the right side, if it has one (a total or a link).

    `structural` equations follow from `sum`; the others from a rule, for one `member` of its dimensions. `over` is
    that of the `LineSum`. `constants` are added to the left and to the right. A `relation` other than "=" makes it an
    inequality: it defines no cell, and says nothing of which change would mend it.
    """

    rule: str
    left: tuple[Term, ...]
    right: tuple[Term, ...]
    target: Place | None
    structural: bool
    member: Path = ()
    over: str = ""
    relation: Relation = "="
    constants: tuple[Decimal, Decimal] = (Decimal(0), Decimal(0))

    @property
    def terms(self) -> tuple[Term, ...]:
        """Those of both sides."""
        return self.left + self.right

    @property
    def places(self) -> list[Place]:
        """Every place that it names."""
        return [place for _, place in self.terms]

    @property
    def is_inequality(self) -> bool:
        """Whether it says which side is the greater one."""
        return self.relation != "="

    @property
    def is_copy(self) -> bool:
        """Whether both sides are the same figure, printed twice; then also a 0 (or a blank) can be a rounded 0.40."""
        return is_copy(self.left, self.right, self.relation, self.constants)
