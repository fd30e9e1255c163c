"""Slips (填错的样子): how a right figure comes to be typed as another, and how likely each is."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any, NamedTuple

from xltool.template.loader import templates_folder
from xltool.template.toml_file import parse_toml


class Slip(NamedTuple):
    """One kind: its words, how rare it is among mistakes, in bits (twice as rare is one more), and whether it is so
    plain that a rule which need not hold is enough to see it."""

    id: str
    words: str
    bits: float
    plain: bool = False


class Typed(NamedTuple):
    """A figure as it was typed (None: blank), and what may have been meant instead.

    `around` are the figures in the cells beside it, `last_year` one of the same row or heading of the year before;
    `parts` are those that it should add up, if it is a total.
    """

    found: Decimal | None
    right: Decimal
    around: tuple[Decimal, ...] = ()
    last_year: tuple[Decimal, ...] = ()
    parts: tuple[Decimal, ...] = ()


class Sighting(NamedTuple):
    """What a figure looks like: the slip ("" none), and the bits of its being typed so."""

    slip: str
    bits: float


NO_SLIP = 9
"""Bits of a mistake that looks like nothing, before those of its digits."""

_BITS_OF_A_DIGIT = math.log2(10)
_MOST_DIGITS = 5
_BESIDE = 4
_POWERS = (-4, -3, -2, -1, 1, 2, 3, 4)


@cache
def slips() -> Mapping[str, Slip]:
    """The slips of `slips.toml`, by their ids."""
    return {
        data["id"]: Slip(data["id"], data["words"], data["bits"], data.get("plain", False)) for data in slips_data()
    }


def slips_data() -> list[dict[str, Any]]:
    """The entries of `slips.toml`."""
    found = parse_toml((templates_folder() / "slips.toml").read_bytes())["slip"]
    assert isinstance(found, list)
    return found


def likeliest(typed: Typed) -> Sighting:
    """The slip by which a figure was most likely typed instead of the right one; the bits count all ways together."""
    nothing = NO_SLIP + rarity(typed.found)
    seen = {id: slips()[id].bits + math.log2(count) for id, ways in WAYS.items() if (count := ways(typed))}
    if not seen:
        return Sighting("", nothing)
    best = min(seen, key=lambda id: seen[id])
    return Sighting(best, -math.log2(2.0**-nothing + sum(2.0**-bits for bits in seen.values())))


def meanings(typed: Typed) -> Iterator[Decimal]:
    """Figures that may have been meant where one was typed (its `right` does not count), as far as a slip leads back
    to them; some several times."""
    found = typed.found or Decimal(0)
    yield Decimal(0)
    yield from (*typed.around, *typed.last_year)
    yield from (found + sign * part for part in typed.parts for sign in (1, -1))
    if not found:
        return
    yield from (-found, found / 2, *(found.scaleb(power) for power in _POWERS))
    exponent = _exponent(found)
    digits = str(int(abs(found).scaleb(-exponent)))
    for text in _mistyped(digits):
        yield Decimal(text).scaleb(exponent).copy_sign(found)


def _mistyped(digits: str) -> Iterator[str]:
    """Digits one of which is another, is there too often or not at all, or is in the place of the one beside it."""
    for i in range(len(digits)):
        before, after = digits[:i], digits[i + 1 :]
        yield before + digits[i + 1 : i + 2] + digits[i] + digits[i + 2 :]
        yield before + after or "0"
        for other in "0123456789":
            yield before + other + after
            yield before + other + digits[i:]


def rarity(figure: Decimal | None) -> float:
    """How rare a figure is where any may stand, in bits: by its digits; where amounts may stand most cells are 0."""
    return _BITS_OF_A_DIGIT * min(_digits(figure), _MOST_DIGITS) if figure else 1.0


def _sign(typed: Typed) -> int:
    return int(bool(typed.right) and typed.found == -typed.right)


def _shift(typed: Typed) -> int:
    return _power(typed, {1: 2, 2: 4, 3: 8})


def _unit(typed: Typed) -> int:
    """元 for 万元 is likelier than 万元 for 元: who copies from the books copies 元."""
    return _power(typed, {4: 2})


def _power(typed: Typed, ways: Mapping[int, int]) -> int:
    if not typed.found or not typed.right:
        return 0
    power = typed.found.adjusted() - typed.right.adjusted()
    return ways.get(abs(power), 0) if typed.found == typed.right.scaleb(power) else 0


def _transposed(typed: Typed) -> int:
    one, other = _side_by_side(typed.found, typed.right)
    if len(one) != len(other):
        return 0
    differing = [i for i, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    is_pair = len(differing) == 2 and differing[1] == differing[0] + 1
    return len(one) - 1 if is_pair and sorted(one) == sorted(other) else 0


def _digit(typed: Typed) -> int:
    one, other = _side_by_side(typed.found, typed.right)
    if len(one) != len(other):
        return 0
    return 9 * len(one) if sum(a != b for a, b in zip(one, other, strict=True)) == 1 else 0


def _doubled(typed: Typed) -> int:
    return int(bool(typed.right) and typed.found == 2 * typed.right)


def _dropped(typed: Typed) -> int:
    one, other = _side_by_side(typed.found, typed.right)
    return len(other) if len(other) == len(one) + 1 and _without_one(other, one) else 0


def _repeated(typed: Typed) -> int:
    one, other = _side_by_side(typed.found, typed.right)
    if len(one) != len(other) + 1:
        return 0
    again = any(one[i] == one[i + 1] and one[:i] + one[i + 1 :] == other for i in range(len(other)))
    return len(other) if again else 10 * len(one) if _without_one(one, other) else 0


def _blank(typed: Typed) -> int:
    return int(not typed.found and bool(typed.right))


def _stray(typed: Typed) -> int:
    return 10 ** _digits(typed.found) if typed.found and not typed.right else 0


def _part(typed: Typed) -> int:
    missing = None if typed.found is None else typed.right - typed.found
    return len(typed.parts) if missing and missing in typed.parts else 0


def _twice(typed: Typed) -> int:
    extra = None if typed.found is None else typed.found - typed.right
    return len(typed.parts) if extra and extra in typed.parts else 0


def _neighbour(typed: Typed) -> int:
    return _BESIDE if typed.found and typed.found in typed.around else 0


def _last_year(typed: Typed) -> int:
    return len(typed.last_year) if typed.found and typed.found in typed.last_year else 0


def _last_digit(typed: Typed) -> int:
    one, other = _side_by_side(typed.found, typed.right)
    return 2 if one and other and abs(int(one) - int(other)) == 1 else 0


WAYS: Mapping[str, Callable[[Typed], int]] = {
    "sign": _sign,
    "shift": _shift,
    "unit": _unit,
    "transposed": _transposed,
    "digit": _digit,
    "doubled": _doubled,
    "dropped": _dropped,
    "repeated": _repeated,
    "blank": _blank,
    "stray": _stray,
    "part": _part,
    "twice": _twice,
    "neighbour": _neighbour,
    "last_year": _last_year,
    "last_digit": _last_digit,
}
"""In how many equally likely ways of its kind the right figure can become the one that was typed; 0: in none."""


@lru_cache(maxsize=64)
def _side_by_side(found: Decimal | None, right: Decimal) -> tuple[str, str]:
    """The digits of the two figures, down to the same decimal; "" for both where they cannot be compared."""
    if not found or not right or (found < 0) != (right < 0):
        return "", ""
    lowest = min(_exponent(found), _exponent(right), 0)
    one, other = (str(int(abs(number).scaleb(-lowest))) for number in (found, right))
    return one, other


def _exponent(number: Decimal) -> int:
    exponent = number.normalize().as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def _digits(number: Decimal) -> int:
    """How many digits there are without zeros at either end."""
    return len(number.normalize().as_tuple().digits)


def _without_one(long: str, short: str) -> bool:
    return any(long[:i] + long[i + 1 :] == short for i in range(len(long)))
