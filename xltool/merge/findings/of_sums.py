"""U01, U06, U07: the totals of a 汇总 against what the units themselves printed, and 收入总计 against 支出总计."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from xltool.checking.problems import problem
from xltool.checking.tell.words import Words
from xltool.equations.filling import Filled
from xltool.equations.nets import Nets
from xltool.equations.references import places_at
from xltool.expression import Reference
from xltool.layout.block import Place
from xltool.layout.layout import Layout
from xltool.merge.adding.merged_rows import Off
from xltool.merge.consolidation import State, UnitLine
from xltool.merge.findings import kinds
from xltool.merge.transfers.words import yuan
from xltool.model import Finding, Statement, Value

_SHOWN = 3
"""So many units are named in one sentence."""


def sum_findings(filled: Filled, off: Mapping[Place, Sequence[Off]], lines: Sequence[UnitLine]) -> Iterator[Finding]:
    """U01 for what units typed in as totals that are none, U06 once for what rounding explains.

    A wrong total is in all totals above it: it is told once, at the one that adds up the fewest cells.
    """
    words, nets = Words(filled.layout, filled.values), Nets(filled.live)
    rounded = [one for several in off.values() for one in several if one.is_rounding]
    alike: dict[tuple[tuple[int, Decimal], ...], list[Place]] = {}
    for place, several in off.items():
        wrong = tuple((one.unit, one.value) for one in several if not one.is_rounding)
        if wrong:
            alike.setdefault(wrong, []).append(place)
    for places in alike.values():
        first, *others = sorted(places, key=lambda place: (len(nets.at(place)), place))
        wrong_there = [one for one in off[first] if not one.is_rounding]
        yield _not_the_sum(first, wrong_there, others, words, lines)
    if rounded:
        units = len({one.unit for one in rounded})
        most = max(abs(one.value) for one in rounded)
        says = "{what} 个单位的 {found} 个合计与分项相差末位，最多差 {off}，都在四舍五入的尾差以内。"
        yield problem(kinds.ROUNDED, Statement(says, str(units), str(len(rounded)), off=yuan(most)))


def _not_the_sum(
    place: Place, wrong: Sequence[Off], others: Sequence[Place], words: Words, lines: Sequence[UnitLine]
) -> Finding:
    layout = words.layout
    unit = layout.yuan_of(place)
    total = words.values.get(place)
    merged = total if isinstance(total, Decimal) else Decimal(0)
    difference = sum((one.value for one in wrong), Decimal(0)) / unit
    sources = "、".join(f"{lines[one.unit].unit.name} {one.cell.in_book}" for one in wrong[:_SHOWN])
    more = f" 等 {len(wrong)} 处" if len(wrong) > _SHOWN else ""
    statement = Statement(
        "{what}，各单位所填之和是 {found}，差 {off} 来自 {basis}。",
        f"{words.place(place, place)} 汇总为 {words.amount(merged, place)}",
        words.amount(merged + difference, place),
        basis=sources + more,  # nothing is expected of the cell: it is the unit's that is wrong
        off=words.amount(abs(difference), place),
    )
    finding = problem(kinds.NOT_THE_SUM, statement, layout.key(place), layout.cell(place))
    cells = [cell for other in others if (cell := layout.cell(other)) is not None]
    named = "、".join(cell.in_book for cell in cells[:_SHOWN]) + (f" 等 {len(cells)} 格" if len(cells) > _SHOWN else "")
    notes = (f"包含它的 {named} 也差同样的数。",) if cells else ()
    return finding._replace(left=merged, right=merged + difference, difference=-difference, notes=notes)


def balance_findings(
    filled: Filled, off: Mapping[Place, Sequence[Off]], lines: Sequence[UnitLine]
) -> Iterator[Finding]:
    """U07 if 收入总计 is not 支出总计 after 抵销, with the units whose own totals differ."""
    layout = filled.layout
    income, expenditure = (
        _place(reference, layout) for reference in (layout.template.merging.income, layout.template.merging.expenditure)
    )
    if income is None or expenditure is None:
        return
    left, right = (_yuan(filled.values.get(place), place, layout) for place in (income, expenditure))
    if left == right:
        return
    words = Words(layout, filled.values)
    says = "抵销以后 {what} {found} 应等于 {basis} {expected}，差 {off}。"
    statement = Statement(
        says,
        words.place(income, income),
        words.value(income),
        words.value(expenditure),
        words.place(expenditure, income),
        words.amount(abs(left - right) / layout.yuan_of(income), income),
    )
    finding = problem(kinds.NOT_BALANCED, statement, layout.key(income), layout.cell(income))
    not_summed = sum((one.value for one in off.get(income, ())), Decimal(0))
    not_summed -= sum((one.value for one in off.get(expenditure, ())), Decimal(0))
    notes = _unbalanced(lines, left - right, not_summed)
    yield finding._replace(left=left, right=right, difference=left - right, notes=notes)


def _unbalanced(lines: Sequence[UnitLine], difference: Decimal, not_summed: Decimal) -> tuple[str, ...]:
    """The units whose own 收入总计 and 支出总计 differ; what they do not explain comes from 抵销.

    By `not_summed` their totals differ more than the parts that were added up.
    """
    notes = []
    for line in lines:
        sent = line.sent
        if line.state is State.MERGED and sent and sent.income is not None and sent.expenditure is not None:
            own = sent.income - sent.expenditure
            difference -= own
            if own:
                notes.append(f"{line.unit.name}的收入总计 {yuan(sent.income)}，支出总计 {yuan(sent.expenditure)}")
    if not_summed:
        notes.append(f"{yuan(abs(not_summed))} 来自各单位不等于分项之和的合计（U01）：汇总按分项相加")
    difference += not_summed
    return (*notes, *([f"其余 {yuan(abs(difference))} 来自抵销"] if difference and notes else []))


def _place(reference: Reference | None, layout: Layout) -> Place | None:
    return next(places_at(reference, layout), None) if reference is not None else None


def _yuan(value: Value, place: Place, layout: Layout) -> Decimal:
    return value * layout.yuan_of(place) if isinstance(value, Decimal) else Decimal(0)
