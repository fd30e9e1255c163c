"""Says in a few sentences how a workbook was rounded: how many figures, how many of them otherwise than usual."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from xltool.checking.tell.words import Words
from xltool.merge.balance.balance import Balanced


def summary(balanced: Balanced) -> Iterator[str]:
    """What was done, sentence by sentence."""
    layout, count = balanced.filled.layout, len(balanced.changes)
    unit = layout.outline.amount_unit
    if not balanced.rounded:
        yield f"化成{unit}，各数都不用舍位。"
        return
    yield f"化成{unit}要舍位的数有 {balanced.rounded} 个：{balanced.rounded - count} 个四舍五入，{count} 个另作调整。"
    far = sum(abs(change.printed - change.exact) > change.unit for change in balanced.changes)
    distance = f"有 {far} 个与准确数相差超过一个末位单位" if far else "与准确数相差都不超过一个末位单位"
    yield f"{distance}；0 仍是 0，正负号不变。舍位前成立的等式，舍位后都成立（已逐条核对）。"
    if count and balanced.is_proved:
        yield "先保总计，再保合计，调整的格数最少，与准确数相差最小（已证明）。"
    elif count:
        yield "规定的时间内没有证明调整得最少：也许可以少调整几格。"
    for sheet, cells in balanced.coarser.items():
        yield f"“{sheet}”有 {cells} 格要与位数较少的表相等，取到与那些表同样的位数。"
    words = Words(layout, balanced.filled.values)
    for place, before, _ in balanced.rates:
        cell = layout.cell(place)
        where = cell.in_book if cell is not None else ""
        was = words.amount(before, place) if isinstance(before, Decimal) else before
        yield f"{where} 的比率按舍位后的数重算：由 {was} 改为 {words.value(place)}。"
