"""Says of each adjusted figure which equation needed it, and of a contradiction which equations and cells are in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from xltool.checking.tell.words import MUST, Words
from xltool.equations.evaluate import sides
from xltool.layout.block import Place
from xltool.layout.equation import Equation
from xltool.layout.layout import Layout
from xltool.merge.balance.lines import StepLine, Steps
from xltool.model import Value

MOST_UNITS = 2
"""No figure is ever more units of its last digit away from its exact value."""

_WIDER = "可以加 --within 2，让个别数与准确数相差到两个末位单位；或用 --decimals 多保留小数。"
_FINER = "请用 --decimals 多保留小数。"


class RoundingStep(NamedTuple):
    """A figure that is not printed with its plain rounding: exact, plainly rounded, as printed, and why.

    `unit` is one of its last digit.
    """

    place: Place
    exact: Decimal
    plain: Decimal
    printed: Decimal
    unit: Decimal
    reason: str


def changes(
    layout: Layout,
    exact: Mapping[Place, Value],
    plain: Mapping[Place, Value],
    printed: Mapping[Place, Value],
    lines: Sequence[StepLine],
    steps: Steps,
) -> Iterator[RoundingStep]:
    """The adjusted figures, sheet by sheet from top to bottom."""
    users: dict[Place, list[StepLine]] = {}
    for line in lines:
        for place in line.factors.keys() & steps.keys():
            users.setdefault(place, []).append(line)
    for place in sorted(steps):
        reason = _reason(layout, place, users[place], steps, plain, printed)
        before, after = _amount(plain, place), _amount(printed, place)
        yield RoundingStep(place, _amount(exact, place), before, after, abs(after - before) / abs(steps[place]), reason)


def _amount(values: Mapping[Place, Value], place: Place) -> Decimal:
    value = values[place]
    assert isinstance(value, Decimal)
    return value


def _reason(
    layout: Layout,
    place: Place,
    lines: Sequence[StepLine],
    steps: Steps,
    plain: Mapping[Place, Value],
    printed: Mapping[Place, Value],
) -> str:
    """An equation that plain roundings break; else one that this figure alone would break if it were not adjusted."""
    broken = [line.equation for line in lines if not line.holds({})]
    if broken:
        first = min(broken, key=lambda equation: (place == equation.target, not equation.structural))
        return f"若都四舍五入，{_difference(layout, first, plain, place)}"
    others = {other: count for other, count in steps.items() if other != place}
    broken = [line.equation for line in lines if not line.holds(others)]
    if not broken:
        return "随其他调整"
    alone = {other: printed.get(other) for other in broken[0].places} | {place: plain.get(place)}
    return f"若只有本格四舍五入，{_difference(layout, broken[0], alone, place)}"


def _difference(layout: Layout, equation: Equation, values: Mapping[Place, Value], seen_from: Place) -> str:
    """ "X 100.00 应等于 99.99，多 0.01", without the parts."""
    left, right = sides(equation, values)
    return str(Words(layout, values).disagreement(equation, left, right, "", seen_from)).partition("\n")[0].rstrip("。")


def contradiction(
    layout: Layout, exact: Mapping[Place, Value], conflict: Sequence[StepLine], within: int
) -> tuple[str, list[str]]:
    """A headline and the equations, with the exact amounts of their cells, that no rounding can meet together."""
    if not conflict:
        return "规定的时间内没有找到各数相符的舍位结果：请用 --decimals 多保留小数。", []
    cells = {place for line in conflict for place in line.factors}
    distance = "一个末位单位" if within == 1 else f"{within} 个末位单位"
    headline = (
        f"每个数与准确数相差不超过{distance}时，不能使全部等式成立：下面 {len(conflict)} 个等式（{len(cells)} 格）"
        f"不能同时成立。{_WIDER if within < MOST_UNITS else _FINER}"
    )
    return headline, [_exact(layout, exact, line.equation) for line in conflict]


def _exact(layout: Layout, exact: Mapping[Place, Value], equation: Equation) -> str:
    """An equation with the exact amounts, as a sentence that begins with its sheet."""
    words = Words(layout, exact)
    before, after = equation.constants
    first = (equation.left or equation.right)[0].place
    sides = words.side(equation.left, first, before), words.side(equation.right, first, after)
    return f"{layout.blocks[first.block].sheet}　{equation.rule}　{sides[0]} {MUST[equation.relation]} {sides[1]}"
