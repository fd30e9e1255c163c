"""The likeliest figures of cells that are wrong together: those of slips, as far as every equation lets them be."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from xltool.diagnose.search.ways import After, Ways
from xltool.diagnose.system import Changes, Range
from xltool.layout.block import Place

Atom = tuple[Place, ...]
"""What is wrong together: a cell, or two that were swapped."""

_WIDTH, _FIGURES = 8, 3
"""So many choices are followed, and so many figures of each cell."""


class _Choice(NamedTuple):
    """The figures chosen so far, mistake by mistake, their bits, and what has none yet."""

    mistakes: tuple[Changes, ...]
    bits: float
    left: tuple[Atom, ...]

    @property
    def known(self) -> dict[Place, Decimal]:
        """All figures chosen so far."""
        return {cell: right for mistake in self.mistakes for cell, right in mistake.items()}


def likeliest_figures(ways: Ways, atoms: Sequence[Atom], numbers: Sequence[int], near: Changes) -> list[Changes] | None:
    """The likeliest figures found for some cells that make equations hold, mistake by mistake; None if there are none.

    One after the other the cells are taken of which equations without any other say most. `near` is a figure for each,
    for those of which none does.
    """
    choices = [_Choice((), 0.0, tuple(atoms))]
    done: list[_Choice] = []
    while choices:
        reached = [after for choice in choices for after in _next(ways, choice, numbers, near)]
        done += [choice for choice in reached if not choice.left and not ways.failing(choice.known, numbers)]
        choices = sorted((choice for choice in reached if choice.left), key=lambda choice: choice.bits)[:_WIDTH]
    best = min(done, key=lambda choice: choice.bits, default=None)
    return list(best.mistakes) if best else None


def _next(ways: Ways, choice: _Choice, numbers: Sequence[int], near: Changes) -> Iterator[_Choice]:
    """One more mistake: two cells in each other's place, or a figure of a cell."""
    pair = next((atom for atom in choice.left if len(atom) > 1), None)
    if pair is not None:
        left = tuple(atom for atom in choice.left if atom != pair)
        exchanged = ways.exchanged(*pair)
        yield _Choice((*choice.mistakes, exchanged), choice.bits + ways.bits_of_swap(exchanged), left)
        yield choice._replace(left=(*left, *((cell,) for cell in pair)))
        return
    cell, between = _narrowest(ways, choice, numbers)
    left = tuple(atom for atom in choice.left if atom != (cell,))
    found = ways.weigher.meant(cell, between)[:_FIGURES] if between else [ways.weigher.weigh(cell, near[cell])]
    for right, _, bits in found:
        if right != ways.system.amount(cell):
            yield _Choice((*choice.mistakes, {cell: right}), choice.bits + bits, left)


def _narrowest(ways: Ways, choice: _Choice, numbers: Sequence[int]) -> tuple[Place, Range | None]:
    """The cell of which the equations that no other cell without a figure is in leave least open, and what they leave;
    None if nothing bounds any."""
    after, cells = ways.after(choice.known), [cell for (cell,) in choice.left]
    ranges = {cell: _between(ways, after, cell, [c for c in cells if c != cell], numbers) for cell in cells}
    bounded = {
        cell: between for cell, between in ranges.items() if between.low is not None and between.high is not None
    }
    if not bounded:
        return cells[0], None
    cell = min(bounded, key=lambda cell: _width(bounded[cell]))
    return cell, bounded[cell]


def _between(ways: Ways, after: After, cell: Place, others: Collection[Place], numbers: Sequence[int]) -> Range:
    low: Decimal | None = None
    high: Decimal | None = None
    touched = ways.system.touched(cell)
    for number in numbers:
        if number in touched and not any(number in ways.system.touched(other) for other in others):
            least, most = ways.needs(after, number, touched[number], cell)
            low = least if low is None or (least is not None and least > low) else low
            high = most if high is None or (most is not None and most < high) else high
    found = ways.system.amount(cell)
    return Range(None if low is None else found + low, None if high is None else found + high)


def _width(between: Range) -> Decimal:
    assert between.low is not None and between.high is not None
    return between.high - between.low
