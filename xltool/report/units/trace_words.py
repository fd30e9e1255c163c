"""Tells where a figure of a 汇总 comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from xltool.checking.tell.words import Words, grouped, quoted
from xltool.layout.equation import Coefficient, Term
from xltool.merge.sheets.row_words import column_words, row_words
from xltool.merge.sheets.tracing import FileNow, Trace
from xltool.merge.sheets.unit_table import UNIT_TABLE
from xltool.merge.sheets.working_paper import ELIMINATED, RESULT, SUM
from xltool.report.table import aligned
from xltool.source.our_sheets import WORKING_PAPER
from xltool.widths import on_screen

_NOW = {
    FileNow.CHANGED: "汇总以后改过，汇总里的还是改以前的数；要用现在的数，请重新汇总",
    FileNow.MISSING: "已不在汇总时的位置，不知道有没有改过",
    FileNow.UNKNOWN: "没能核对汇总以后有没有改过",
}
_IN_OTHER_FILE = "没有写文件的一项是几个单位之和。各单位的数在同一次汇总写出的“{file}”里：请把它放在汇总旁边。"
_SIGNS: Mapping[Coefficient, str] = {1: "＋", -1: "－"}
_INDENT, _YUAN_DECIMALS = 2, 2


def trace_text(trace: Trace) -> str:
    """The figure, what it is made of, and how to go on."""
    words = Words(trace.book.layout, trace.book.values)
    if trace.addends:
        lines = _addends(trace, words)
    elif trace.origins:
        lines = _origins(trace, words)
    else:
        lines = iter(["这一格不取自汇总底稿：是汇总以后填的，或公式被改过。"])
    return "\n".join([*_head(trace, words), "", *lines])


def _head(trace: Trace, words: Words) -> Iterator[str]:
    layout, place = trace.book.layout, trace.place
    cell, source = layout.cell(place), trace.book.source
    yield source.name if source else ""
    about = [cell.in_book if cell else "", row_words(place, layout), column_words(place, layout)]
    yield f"{'　'.join(filter(None, about))}：{words.value(place)}{_unit(trace)}"


def _unit(trace: Trace) -> str:
    layout = trace.book.layout
    return f" {layout.amount_unit(trace.place.block)}" if layout.kind(trace.place) == "amount" else ""


def _addends(trace: Trace, words: Words) -> Iterator[str]:
    """The cells that are added up; blank ones are left out unless all are."""
    filled = [one for one in trace.addends if trace.book.values.get(one.place)] or list(trace.addends)
    sums = f"是下面 {len(filled)} 格之和" if len(filled) > 1 else "等于下面这一格"
    yield f"{sums}{f'（{unit}）' if (unit := _unit(trace).strip()) else ''}："
    numbers = _right([words.value(one.place) for one in filled])
    rows = [[*_named(one, trace), number] for one, number in zip(filled, numbers, strict=True)]
    yield from aligned(rows, _INDENT)
    first = trace.book.layout.cell(filled[0].place)
    source = trace.book.source
    if first is not None and source is not None:
        yield ""
        yield f"再看一格来自哪里，如：xltool trace \"{source}\" '{first.in_book}'"


def _named(addend: Term, trace: Trace) -> list[str]:
    layout, place = trace.book.layout, addend.place
    cell = layout.cell(place)
    sign = _SIGNS.get(addend.coefficient, f"＋{addend.coefficient}×")
    return [sign, cell.in_book if cell else "", row_words(place, layout), column_words(place, layout)]


def _origins(trace: Trace, words: Words) -> Iterator[str]:
    """What each unit gives, what was eliminated, and what is left."""
    units = [origin for origin in trace.origins if not origin.part.is_adjustment]
    eliminated = [origin for origin in trace.origins if origin.part.is_adjustment]
    rows = [_Row(one.part.name, one.part.value, one.file, one.part.cell) for one in units]
    rows.append(_Row(SUM, trace.before))
    if eliminated:
        rows += [
            _Row(f"{ELIMINATED}：{one.part.name}", one.part.value, one.file or f"“{ELIMINATED}”表", one.part.cell)
            for one in eliminated
        ]
        rows.append(_Row(RESULT, trace.after))
    yield f"由 {len(units)} 项相加{'（元）' if _unit(trace) else ''}{'' if eliminated else '，没有抵销'}："
    numbers = _right([grouped(row.value.normalize(), _YUAN_DECIMALS) for row in rows])
    yield from aligned(
        [[row.name, number, row.file, row.cell] for row, number in zip(rows, numbers, strict=True)], _INDENT
    )
    if isinstance(trace.value, Decimal) and trace.after != trace.value * trace.factor:
        yield f"与表中的 {words.value(trace.place)}{_unit(trace)} 不符：请在 Excel 中打开、重新计算（F9）并保存后再看。"
    if any(not one.file for one in units):
        yield _IN_OTHER_FILE.format(file=trace.book.noted.get(UNIT_TABLE) or WORKING_PAPER)
    notes = [f"{quoted(one.file)}{_NOW[one.now]}。" for one in trace.origins if one.file and one.now in _NOW]
    yield from ["", *notes] if notes else []


class _Row(NamedTuple):
    name: str
    value: Decimal
    file: str = ""
    cell: str = ""


def _right(numbers: Sequence[str]) -> list[str]:
    """Numbers as wide as the widest, at the right."""
    width = max(map(on_screen, numbers), default=0)
    return [" " * (width - on_screen(number)) + number for number in numbers]
