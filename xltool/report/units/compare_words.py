"""Says what changed between two workbooks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from xltool.checking.tell.words import grouped
from xltool.equations.growth import NO_RATE
from xltool.merge.compare.comparison import Comparison, Difference, Heading
from xltool.model import CellRef, Value
from xltool.report.json import dumped, exact
from xltool.report.table import aligned
from xltool.template.spec import DIMENSION_NAMES, YUAN

SCHEMA = "xltool.comparison/1"

_SHOWN = 5
"""So many changes and proposals are shown on the screen; 增减表 has all of them."""


HEADINGS = ("表", "行", "栏", "旧", "新", "增减额", "增减率")
"""Of the lines of `largest_lines`."""


def comparison_text(comparison: Comparison) -> str:
    """How many figures differ, the largest of them, and what else is not the same."""
    lines = [*compared(comparison), counted(comparison)]
    largest = largest_lines(comparison, _SHOWN)
    if largest:
        lines.append(f"{largest_title(comparison)}：")
        lines += aligned([HEADINGS, *largest], indent=2)
    return "\n".join([*lines, *others(comparison), *_proposals(comparison)])


def compared(comparison: Comparison) -> tuple[str, str]:
    """What the two workbooks are."""
    return f"旧：{_heading(comparison.old)}", f"新：{_heading(comparison.new)}"


def counted(comparison: Comparison) -> str:
    """How many figures differ."""
    if comparison.is_same:
        return f"完全相同：{comparison.same} 个数、各处文字都一样。"
    return f"{len(comparison.figures)} 个数不同，{comparison.same} 个相同。"


def largest_title(comparison: Comparison) -> str:
    """What `largest_lines` are, and their unit."""
    return f"增减最大的（填数的格，不含合计；单位：{comparison.new.amount_unit}）"


def largest_lines(comparison: Comparison, most: int) -> list[tuple[str, ...]]:
    """The largest changes, each with what stands under `HEADINGS`."""
    largest = comparison.largest(most) or comparison.figures[:most]
    return [_line(one, comparison.new.amount_unit) for one in largest]


def _heading(one: Heading) -> str:
    return "　".join(
        [*([one.file.name] if one.file else []), one.unit, f"{one.year} 年", one.template, one.amount_unit]
    )


def _line(one: Difference, unit: str) -> tuple[str, ...]:
    old, new, grown = (_figure(value, one, unit) for value in (one.old, one.new, one.amount))
    return one.table, one.row, one.column, old, new, grown, NO_RATE if one.rate is None else f"{one.rate * 100:.2f}%"


def _figure(value: Value, one: Difference, unit: str) -> str:
    """Exact, with at least as many decimals as are printed."""
    if not isinstance(value, Decimal):
        return value or ""
    if one.kind == "percent":
        return f"{value * 100:f}%"
    shown = value / (YUAN[unit] if one.kind == "amount" else 1)
    return grouped(shown.normalize(), one.decimals)


def others(comparison: Comparison) -> Iterator[str]:
    """What else is not the same, but for what may have been renamed."""
    limits, rows = comparison.limits, comparison.rows
    alike = sum(one.prints_same for one in comparison.figures)
    asked = sum(one.is_over(limits) for one in comparison.figures)
    new_rows = sum(row.is_new for row in rows)
    apart = sum(one.figures for one in comparison.incomparable)
    if alike:
        yield f"其中 {alike} 个印出来相同，差在没有印出的位数上。"
    if asked:
        rate = (limits.rate * 100).normalize()
        yield f"要写原因的 {asked} 处（增减率超过 {rate:f}% 或增减额超过 {limits.amount:,f} 元）。"
    if comparison.texts:
        yield f"文字不同的 {len(comparison.texts)} 处。"
    if rows:
        yield f"新增 {new_rows} 行，去掉 {len(rows) - new_rows} 行。"
    yield from (f"科目变动：{text}。" for text in comparison.moved)
    yield from (f"改名：{old} → {new}，作为同一个比较。" for old, new in list(comparison.renamed.items())[:_SHOWN])
    if comparison.incomparable:
        yield f"无法对比的 {apart} 个：另一份预算里没有口径相同的。"


def _proposals(comparison: Comparison) -> Iterator[str]:
    for one in comparison.proposals[:_SHOWN]:
        told = f"可能改名的{DIMENSION_NAMES[one.dimension]}：{one.old} → {one.new}，没有作为同一个比较；"
        yield f'{told}是同一个的，加上 --same "{one.old}={one.new}"。'
    if len(comparison.proposals) > _SHOWN:
        yield f"可能改名的共 {len(comparison.proposals)} 个。"


def comparison_json(comparison: Comparison) -> str:
    """All of it as an object; docs/json-report.md describes every field. Amounts are in 元."""
    return dumped(
        {
            "schema": SCHEMA,
            "old": _heading_data(comparison.old),
            "new": _heading_data(comparison.new),
            "is_same": comparison.is_same,
            "same": comparison.same,
            "figures": [_difference(one, comparison) for one in comparison.figures],
            "texts": [_difference(one, comparison) for one in comparison.texts],
            "rows": [one._asdict() for one in comparison.rows],
            "incomparable": [one._asdict() for one in comparison.incomparable],
            "moved": list(comparison.moved),
            "renamed": dict(comparison.renamed),
            "proposals": [one._asdict() for one in comparison.proposals],
        }
    )


def _heading_data(one: Heading) -> dict[str, Any]:
    return {**one._asdict(), "file": str(one.file) if one.file else None}


def _difference(one: Difference, comparison: Comparison) -> dict[str, Any]:
    figures = {
        "difference": exact(one.amount),
        "rate": exact(one.rate),
        "prints_same": one.prints_same,
        "asks_reason": one.is_over(comparison.limits),
        "is_total": one.is_total,
    }
    return {
        "table": one.table,
        "row": one.row,
        "column": one.column,
        "kind": one.kind,
        "old": exact(one.old),
        "new": exact(one.new),
        **(figures if one.is_figure else {}),
        "old_cells": _cells(one.old_cells),
        "new_cells": _cells(one.new_cells),
        "note": one.note,
    }


def _cells(cells: Sequence[CellRef]) -> list[str]:
    return [cell.in_book for cell in cells]
