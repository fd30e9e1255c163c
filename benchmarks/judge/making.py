"""Makes mistakes in one figure of a budget, each as people make it."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache, partial
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from xltool.equations.instances import formulas
from xltool.layout.block import Place
from xltool.layout.book import Book
from xltool.model import Value

Changes = dict[Place, Value]
"""The cells that a mistake leaves wrong, with what then stands in them."""

Make = Callable[[Book, Place, Random], Changes]


class Slip(NamedTuple):
    """A kind of mistake; `make` gives what it does at a place of a book, {} if it cannot happen there.

    It happens where a figure stands, or where none does (`at_blank`).
    """

    id: str
    name: str
    make: Make
    at_blank: bool = False

    @property
    def is_swap(self) -> bool:
        """Whether two figures stand in each other's place."""
        return self.id.startswith("swapped")


@cache
def slips() -> Mapping[str, Slip]:
    """Every kind of mistake in one figure, by its id."""
    return {entry["id"]: _slip(**entry) for entry in read_slips()["slip"]}


def read_slips() -> dict[str, list[dict[str, Any]]]:
    """The data of all mistakes, as they are written."""
    return tomllib.loads((Path(__file__).parent / "slips.toml").read_text(encoding="utf-8"))


def _slip(id: str, name: str, make: str, at_blank: bool = False, **arguments: Any) -> Slip:
    return Slip(id, name, partial(_MAKERS[make], **arguments), at_blank)


def filled(book: Book) -> list[Place]:
    """The amounts of a book that are not 0."""
    return [place for place in _amounts(book) if book.values.get(place)]


def blank(book: Book) -> list[Place]:
    """The amounts of a book that are blank or 0, and no formula."""
    return [place for place in _amounts(book) if not book.values.get(place) and place not in book.live]


def _amounts(book: Book) -> list[Place]:
    blocks = book.layout.blocks
    return [p for block in blocks for p in sorted(block.figures(("amount",))) if block.columns[p.column].sheet_column]


def amount(book: Book, place: Place) -> Decimal:
    """What stands at a place, 0 where no amount does."""
    value = book.values.get(place)
    return value if isinstance(value, Decimal) else Decimal(0)


def _digit(book: Book, place: Place, chance: Random) -> Changes:
    text = f"{amount(book, place):f}"
    at = chance.choice([i for i, letter in enumerate(text) if letter.isdigit()])
    return {place: Decimal(text[:at] + chance.choice([d for d in "0123456789" if d != text[at]]) + text[at + 1 :])}


def _transposed(book: Book, place: Place, chance: Random) -> Changes:
    letters = list(f"{amount(book, place):f}")
    digits = [i for i, letter in enumerate(letters) if letter.isdigit()]
    pairs = [(a, b) for a, b in zip(digits, digits[1:], strict=False) if letters[a] != letters[b]]
    if not pairs:
        return {}
    a, b = chance.choice(pairs)
    letters[a], letters[b] = letters[b], letters[a]
    return {place: Decimal("".join(letters))}


def _times(book: Book, place: Place, _: Random, factor: str) -> Changes:
    return {place: amount(book, place) * Decimal(factor)}


def _neighbour(book: Book, place: Place, chance: Random) -> Changes:
    beside = [_beside(place, step) for step in ((0, 1), (0, -1), (1, 0), (-1, 0))]
    others = [book.values[other] for other in beside if amount(book, other) not in (0, amount(book, place))]
    return {place: chance.choice(others)} if others else {}


def _swapped(book: Book, place: Place, _: Random, step: tuple[int, int]) -> Changes:
    other = _beside(place, step)
    if amount(book, other) in (0, amount(book, place)):
        return {}
    return {place: book.values[other], other: book.values[place]}


def _blanked(_: Book, place: Place, __: Random) -> Changes:
    return {place: None}


def _missing_part(book: Book, place: Place, chance: Random) -> Changes:
    equation = formulas(book.layout).get(place)
    parts = [term for term in equation.right if amount(book, term.place)] if equation is not None else []
    if equation is None or not equation.structural or len(parts) < 2:
        return {}
    coefficient, part = chance.choice(parts)
    return {place: amount(book, place) - Decimal(coefficient) * amount(book, part)}


def _last_digit(book: Book, place: Place, chance: Random) -> Changes:
    unit = Decimal(1).scaleb(-book.layout.decimals(place))
    return {place: amount(book, place) + chance.choice([unit, -unit])}


def _stray(book: Book, place: Place, chance: Random) -> Changes:
    """A figure like those of its block."""
    others = [other for other in filled(book) if other.block == place.block]
    if not others:
        return {}
    like = amount(book, chance.choice(others))
    unit = Decimal(1).scaleb(-book.layout.decimals(place))
    return {place: (abs(like) * Decimal(chance.randint(50, 150)) / 100 / unit).quantize(Decimal(1)) * unit}


def _beside(place: Place, step: tuple[int, int]) -> Place:
    return Place(place.block, place.row + step[0], place.column + step[1])


_MAKERS: Mapping[str, Callable[..., Changes]] = {
    "digit": _digit,
    "transposed": _transposed,
    "times": _times,
    "neighbour": _neighbour,
    "swapped": _swapped,
    "blanked": _blanked,
    "missing_part": _missing_part,
    "last_digit": _last_digit,
    "stray": _stray,
}
