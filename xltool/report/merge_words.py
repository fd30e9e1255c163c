"""Says what became of each unit when workbooks were added up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from xltool.merge.balance.summary import summary
from xltool.merge.consolidation import Consolidation, State, UnitLine
from xltool.report.json import dumped, finding_data
from xltool.report.text import WORDS

SCHEMA = "xltool.merge/1"

_NAMED = 20
"""So many units of one state are named on the screen; 报送情况 has all of them."""


def merged_text(consolidation: Consolidation, target: Path) -> str:
    """How many units were added up, which were not and why, and what was found."""
    outline = consolidation.filled.layout.outline
    counts = Counter(line.state for line in consolidation.lines)
    head = f"{outline.department}　{outline.year} 年　{outline.amount_unit}"
    merged = f"已汇总 {counts[State.MERGED]} 个单位：{target}"
    rounded = summary(consolidation.balanced) if consolidation.balanced else ()
    parts = (_not_merged, _faulty, _noted, _found)
    return "\n".join([head, *(line for part in parts for line in part(consolidation)), *rounded, merged])


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
        }
    )


def _not_merged(consolidation: Consolidation) -> Iterator[str]:
    for state in State:
        lines = [line for line in consolidation.lines if line.state is state]
        if state is not State.MERGED and lines:
            names = "、".join(_name(line) for line in lines[:_NAMED])
            more = f" 等 {len(lines)} 个" if len(lines) > _NAMED else ""
            yield f"{state.value}：{names}{more}"


def _name(line: UnitLine) -> str:
    file = Path(line.sent.path).name if line.sent is not None else ""
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
    for finding in consolidation.findings:
        yield f"{WORDS[finding.severity]}　{finding.rule} {finding.name}\n    " + finding.message.replace(
            "\n", "\n    "
        )


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
        "income_yuan": _amount(sent.income) if sent else None,
        "expenditure_yuan": _amount(sent.expenditure) if sent else None,
        "errors": sent.errors if sent else None,
        "warnings": sent.warnings if sent else None,
    }


def _amount(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"
