"""Says what became of each unit when workbooks were added up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from xltool.checking.tell.words import grouped
from xltool.merge.balance.summary import summary
from xltool.merge.consolidation import Changed, Consolidation, FileChange, State, UnitLine
from xltool.merge.findings.kinds import UNITS_LACKING
from xltool.merge.findings.of_units import LACKING
from xltool.merge.transfers.adjustment import cells_taken, path_of
from xltool.model import Value, format_path
from xltool.report.json import dumped, exact, finding_data
from xltool.report.text import WORDS

SCHEMA = "xltool.merge/1"

_CHANGES = 10
"""So many changed figures are told on the screen; the JSON has all of them."""

_FOUND = 10
"""So many findings of one kind are told on the screen."""

_NAMED = 20
"""So many units of one state are named on the screen; 报送情况 has all of them."""


HEADINGS = ("单位", "状态", "文件", "收入总计（元）", "支出总计（元）", "错误", "警告", "说明")
"""Of the lines of `unit_lines`."""


def unit_lines(consolidation: Consolidation) -> list[tuple[UnitLine, tuple[str, ...]]]:
    """Each unit, or file of no unit, with what stands under `HEADINGS`; urgent ones first."""
    return [(line, _unit_texts(line)) for line in consolidation.urgent_first]


def _unit_texts(line: UnitLine) -> tuple[str, ...]:
    sent = line.sent
    if sent is None:
        return line.unit.name, line.state.value, "", "", "", "", "", line.note
    totals = ["" if figure is None else _money(figure) for figure in (sent.income, sent.expenditure)]
    counts = [str(number) if number else "" for number in (sent.errors, sent.warnings)]
    return line.unit.name, line.state.value, sent.name, *totals, *counts, line.note


def head(consolidation: Consolidation) -> str:
    """Of which department and year it is, and in which unit."""
    outline = consolidation.filled.layout.outline
    return f"{outline.department}　{outline.year} 年　{outline.amount_unit}"


def counted_states(consolidation: Consolidation) -> str:
    """How many units and files came to what."""
    counts = Counter(line.state for line in consolidation.lines)
    return "，".join(f"{state.value} {counts[state]} 个" for state in State if counts[state]) + "。"


def told_beside(consolidation: Consolidation) -> list[str]:
    """Which file has what each unit gives, if there is one beside the 汇总."""
    return [f"单位太多，各单位的数另外列在：{consolidation.unit_table}"] if consolidation.unit_table else []


def merged_text(consolidation: Consolidation, target: Path) -> str:
    """How many units were added up, which were not and why, and what was found."""
    counts = Counter(line.state for line in consolidation.lines)
    merged = f"已汇总 {counts[State.MERGED]} 个单位：{target}"
    rounded = summary(consolidation.balanced) if consolidation.balanced else ()
    parts = (_not_merged, _faulty, _noted, _found, _changed)
    said = (line for part in parts for line in part(consolidation))
    return "\n".join([head(consolidation), *said, *rounded, *told_beside(consolidation), merged])


def merged_json(consolidation: Consolidation) -> str:
    """The same as an object; docs/json-report.md describes every field."""
    layout = consolidation.filled.layout
    return dumped(
        {
            "schema": SCHEMA,
            "template": layout.template.id,
            "department": layout.outline.department,
            "year": layout.outline.year,
            "amount_unit": layout.outline.amount_unit,
            "complete": consolidation.is_complete,
            "units": [_line_data(line) for line in consolidation.lines],
            "findings": [finding_data(finding) for finding in consolidation.findings],
            "eliminated": _eliminated_data(consolidation),
            "transfers": _transfers_data(consolidation),
            "changed": _changed_data(consolidation.changed),
        }
    )


def _not_merged(consolidation: Consolidation) -> Iterator[str]:
    """The units and files that need not be in the 汇总; U03 tells of the others."""
    apart = [state for state in State if state not in (State.MERGED, *LACKING)]
    yield from _by_state(consolidation, apart)


def _by_state(consolidation: Consolidation, states: Iterable[State]) -> Iterator[str]:
    for state in states:
        lines = [line for line in consolidation.lines if line.state is state]
        if lines:
            names = "、".join(_name(line) for line in lines[:_NAMED])
            more = f" 等 {len(lines)} 个" if len(lines) > _NAMED else ""
            yield f"{state.value}：{names}{more}"


def _name(line: UnitLine) -> str:
    file = line.sent.name if line.sent is not None else ""
    if not line.unit.name:
        return f"{file}（{line.note}）" if line.note else file
    return f"{line.unit.name}（{file}）" if file else line.unit.name


def _faulty(consolidation: Consolidation) -> Iterator[str]:
    for line in consolidation.lines:
        if line.state is State.MERGED and line.sent is not None and line.sent.errors:
            yield f"有错误：{_name(line)} {line.sent.errors} 处，照现有的数汇总"


def _noted(consolidation: Consolidation) -> Iterator[str]:
    """What is to be known about workbooks that were added up."""
    noted = [line for line in consolidation.lines if line.state is State.MERGED and line.note]
    yield from (f"说明：{_name(line)}：{line.note}" for line in noted[:_NAMED])
    if len(noted) > _NAMED:
        yield f"说明：另有 {len(noted) - _NAMED} 个单位，见报送情况表。"


def _found(consolidation: Consolidation) -> Iterator[str]:
    counts = Counter(finding.rule for finding in consolidation.findings)
    told: Counter[str] = Counter()
    for finding in consolidation.findings:
        told[finding.rule] += 1
        if told[finding.rule] <= _FOUND:
            what = f"{WORDS[finding.severity]}　{finding.rule} {finding.name}"
            is_lacking = finding.rule == UNITS_LACKING.id
            message = "\n".join([*_by_state(consolidation, LACKING), finding.advice]) if is_lacking else finding.message
            yield f"{what}\n    " + message.replace("\n", "\n    ")
    for rule, count in counts.items():
        if count > _FOUND:
            yield f"{rule} 另有 {count - _FOUND} 处，全部写在 --json 的结果里。"


def _changed(consolidation: Consolidation) -> Iterator[str]:
    """What is different from the 汇总 that was replaced."""
    changed = consolidation.changed
    if changed is None:
        return
    for change in FileChange:
        units = [unit for unit, became in changed.files.items() if became is change]
        if units:
            more = f" 等 {len(units)} 个" if len(units) > _NAMED else ""
            yield f"与原来的汇总比，{change.value}的单位：{'、'.join(units[:_NAMED])}{more}"
    number = len(changed.figures)
    changes = f"变了 {number} 个，变得最多的是（金额是元）：" if number else "没有变"
    yield f"与原来的汇总比，汇总数{changes}"
    layout = consolidation.filled.layout
    for one in changed.figures[:_CHANGES]:
        place = layout.place(one.key)
        cell = layout.cell(place) if place is not None else None
        where = cell.in_book if cell is not None else one.key.table
        yield (
            f"    {where} {format_path(one.key.row)}·{one.key.column[-1]}："
            f"{_money(one.old)} → {_money(one.new)}，差 {_money(one.difference)}"
        )


def _money(value: Value) -> str:
    """A figure as it is compared: amounts in 元."""
    return grouped(value.normalize(), 2) if isinstance(value, Decimal) else "空白"


def _eliminated_data(consolidation: Consolidation) -> list[dict[str, Any]]:
    """The cells of the adjustment table."""
    name = consolidation.filled.layout.template.merging.adjustment
    return [
        {
            "table": spot.table,
            "row": format_path(path_of(spot, name)),
            "column": format_path(spot.column),
            "yuan": exact(-amount),
        }
        for spot, amount in cells_taken(consolidation.eliminated.taken).items()
    ]


def _transfers_data(consolidation: Consolidation) -> list[dict[str, Any]] | None:
    """The transfers of the list; None without one."""
    pairs = consolidation.eliminated.pairs
    if pairs is None:
        return None
    return [
        {
            "place": pair.transfer.place,
            "payer": pair.transfer.payer,
            "receiver": pair.transfer.receiver,
            "subject": pair.transfer.subject or None,
            "yuan": exact(pair.transfer.amount),
            "confirmed": not pair.problem,
            "problem": pair.problem or None,
        }
        for pair in pairs
    ]


def _changed_data(changed: Changed | None) -> dict[str, Any] | None:
    if changed is None:
        return None
    return {
        "units": [{"unit": unit, "change": change.name.lower()} for unit, change in changed.files.items()],
        "figures": [
            {
                "table": one.key.table,
                "row": format_path(one.key.row),
                "column": format_path(one.key.column),
                "old": exact(one.old),
                "new": exact(one.new),
            }
            for one in changed.figures
        ],
    }


def _line_data(line: UnitLine) -> dict[str, Any]:
    unit, sent = line.unit, line.sent
    return {
        "code": unit.code,
        "name": unit.name,
        "parent": unit.parent or None,
        "type": unit.type.value,
        "state": line.state.value,
        "note": line.note or None,
        "file": sent.path if sent else None,
        "modified": sent.modified or None if sent else None,
        "sha256": sent.sha256 or None if sent else None,
        "income_yuan": exact(sent.income) if sent else None,
        "expenditure_yuan": exact(sent.expenditure) if sent else None,
        "errors": sent.errors if sent else None,
        "warnings": sent.warnings if sent else None,
        "accepted": sent.accepted if sent else None,
    }
