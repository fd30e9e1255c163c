"""Weighs what speaks for a sum: the formulas in its cells, or the numbers in them."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple, TypeVar

from xltool.diagnose.slips import Typed, likeliest, rarity, slips
from xltool.drafting.seen.page import Page
from xltool.drafting.spec import Evidence

Key = TypeVar("Key", bound=Hashable)
Cell = tuple[int, int]
"""Row and column in the sheet."""


class Case(NamedTuple):
    """One cell that may be a total, and what it would add up: signs and cells."""

    total: Cell
    parts: tuple[tuple[int, Cell], ...]


_NO_COINCIDENCE = 10
"""Bits that a slip must explain: with a dozen figures and a handful of sums to try, weaker ones come by chance."""


class Weight(NamedTuple):
    """Of the cases of a sum: how many agree, how many disagree, and how many of those that agree add up several
    numbers other than 0."""

    fitting: int
    failing: int
    telling: int


def by_formulas(page: Page, cases: Iterable[Case], known: set[Cell]) -> bool:
    """Whether the cells that have a formula over `known` cells mostly add up their parts (blank cells aside)."""
    agree = disagree = 0
    for case in cases:
        terms = page.terms(*case.total)
        if terms is None or any(cell.sheet != page.sheet.name for cell in terms):
            continue
        added = {(cell.row, cell.column): sign for cell, sign in terms.items() if (cell.row, cell.column) in known}
        if added == {cell: sign for sign, cell in case.parts}:
            agree += 1
        else:
            disagree += 1
    return agree > disagree


def by_numbers(page: Page, cases: Iterable[Case], decimals: int) -> Weight:
    """How the numbers of the cases agree; a total that is blank or 0 says nothing (programs print blanks as 0)."""
    fitting = failing = telling = 0
    for total, parts in cases:
        value = page.number(*total)
        numbers = [(sign, number) for sign, cell in parts if (number := page.number(*cell)) is not None]
        if not value or not parts:
            continue
        difference = abs(value - sum((sign * number for sign, number in numbers), Decimal(0)))
        if difference > Decimal(len(parts) + 1).scaleb(-decimals) / 2:
            failing += 1
        else:
            fitting += 1
            telling += sum(1 for _, number in numbers if number) > 1
    return Weight(fitting, failing, telling)


STRENGTH = list(Evidence)
"""From the strongest evidence to the weakest."""


def judged(weight: Weight, is_named_total: bool) -> Evidence | None:
    """What the numbers say of a sum; None if they do not speak for it.

    Without the name of a total, several instances must add up several numbers: one equal number is a coincidence.
    With it, not more instances may disagree than agree: published tables have mistakes.
    """
    if not is_named_total:
        return Evidence.NUMBERS if weight.telling > 1 and not weight.failing else None
    if not weight.fitting or weight.fitting < weight.failing:
        return None
    return Evidence.NUMBERS_WITH_EXCEPTIONS if weight.failing else Evidence.NUMBERS


def first_supported(
    page: Page, candidates: Sequence[list[Case]], decimals: int, is_named_total: bool
) -> tuple[int, Evidence] | None:
    """The first of several candidates that all numbers speak for, else the one that most speak for.

    Where the name says that it is a total and no number says anything at all, the first one; where a single number
    speaks against it and looks mistyped, the first one that would fit.
    """
    weights = [by_numbers(page, cases, decimals) for cases in candidates]
    found = [(i, evidence) for i, weight in enumerate(weights) if (evidence := judged(weight, is_named_total))]
    if found:
        return min(found, key=lambda item: (weights[item[0]].failing, -weights[item[0]].fitting))
    if is_named_total and candidates and not any(weight.fitting or weight.failing for weight in weights):
        return 0, Evidence.NAMES
    if is_named_total and not any(weight.fitting for weight in weights):
        fits = (i for i, cases in enumerate(candidates) if _fits_but_for_a_slip(page, cases, decimals))
        return next(((i, Evidence.NUMBERS_BUT_FOR_A_SLIP) for i in fits), None)
    return None


def _fits_but_for_a_slip(page: Page, cases: Iterable[Case], decimals: int) -> bool:
    """Whether the only case that says anything would agree if one of its figures had not been mistyped."""
    failing = [case for case in cases if page.number(*case.total)]
    if len(failing) != 1:
        return False
    terms = [(-1, failing[0].total), *failing[0].parts]
    figures = [(sign, number) for sign, cell in terms if (number := page.number(*cell))]
    off = sum((sign * number for sign, number in figures), Decimal(0))
    last_digit = Decimal(1).scaleb(-decimals)
    return any(
        _is_mistyped(number, number - sign * off + hidden * last_digit)
        for sign, number in figures
        for hidden in (-1, 0, 1)
    )


def _is_mistyped(found: Decimal, right: Decimal) -> bool:
    """Whether a figure looks so much like a slip for another one that it is no coincidence."""
    seen = likeliest(Typed(found, right))
    return bool(seen.slip) and rarity(found) - (seen.bits - slips()[seen.slip].bits) >= _NO_COINCIDENCE


def without_circles(parts: Mapping[Key, Iterable[Key]], strongest_first: Iterable[Key]) -> set[Key]:
    """The lines that can keep their sums, so that none adds up itself through others; the strongest are kept first."""
    free = _in_no_circle(parts)
    kept: dict[Key, set[Key]] = {}
    for line in (line for line in strongest_first if line not in free):
        pending, reached = list(parts[line]), set[Key]()
        while pending:
            part = pending.pop()
            if part not in reached:
                reached.add(part)
                pending += kept.get(part, ())
        if line not in reached:
            kept[line] = set(parts[line]) - free
    return free | set(kept)


def _in_no_circle(parts: Mapping[Key, Iterable[Key]]) -> set[Key]:
    """The lines whose parts add up none but lines of this kind: nearly always all of them."""
    waiting = {line: {part for part in own if part in parts} for line, own in parts.items()}
    wholes: dict[Key, list[Key]] = {}
    for line, own in waiting.items():
        for part in own:
            wholes.setdefault(part, []).append(line)
    ready = [line for line, own in waiting.items() if not own]
    free: set[Key] = set()
    while ready:
        line = ready.pop()
        free.add(line)
        for whole in wholes.get(line, ()):
            waiting[whole].discard(line)
            if not waiting[whole]:
                ready.append(whole)
    return free
