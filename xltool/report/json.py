"""Findings as JSON for other programs; docs/json-report.md describes every field."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from xltool.diagnose.report import Report
from xltool.model import Acceptance, Explanation, Finding, Severity, Value, Verdict

SCHEMA = "xltool.findings/2"

_TO_ESCAPE = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_COUNTED = (Verdict.FAIL, Verdict.IMPLAUSIBLE, Verdict.ROUNDING, Verdict.UNDECIDED, Verdict.BROKEN)


def dumps(report: Report) -> str:
    """One report as an object."""
    return dumped(document(report))


def dumped(data: Mapping[str, Any]) -> str:
    """Plain data as JSON text; 汉字 are readable, what could steer a terminal or cannot be encoded is escaped."""
    text = json.dumps(data, ensure_ascii=False, indent=2)
    return _TO_ESCAPE.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n"


def listed(documents: Iterable[str]) -> Iterator[str]:
    """Objects that `dumps` made as one list, in pieces that follow each other; nothing if there are none."""
    opening = "[\n"
    for text in documents:
        yield opening + "  " + text.rstrip("\n").replace("\n", "\n  ")
        opening = ",\n"
    if opening != "[\n":
        yield "\n]\n"


def document(report: Report) -> dict[str, Any]:
    """A report as plain data; the counts of the summary are those of its findings, by verdict and by severity."""
    outline = report.book.outline
    counts = Counter(finding.verdict for finding in report.findings)
    by_severity = Counter(finding.severity for finding in report.findings)
    return {
        "schema": SCHEMA,
        "file": str(report.book.source) if report.book.source else None,
        "template": None if report.basis else report.book.template.id,
        "basis": report.basis or None,
        "unit": outline.department,
        "year": outline.year,
        "amount_unit": outline.amount_unit,
        "summary": {
            **{verdict.value: counts[verdict] for verdict in _COUNTED},
            "equations": report.equations,
            "rounding_proved": report.rounding_proved,
            **{severity.value: by_severity[severity] for severity in Severity},
            "accepted": sum(finding.accepted is not None for finding in report.findings),
        },
        "findings": [finding_data(finding) for finding in report.findings],
    }


def finding_data(finding: Finding) -> dict[str, Any]:
    """One finding as plain data."""
    key, cell = finding.key, finding.cell
    parts = finding.statement._asdict()
    return {
        "rule": finding.rule,
        "name": finding.name,
        "verdict": finding.verdict.value,
        "severity": finding.severity.value,
        "message": finding.message,
        "table": key.table if key else None,
        "row": list(key.row) if key else [],
        "column": list(key.column) if key else [],
        "sheet": cell.sheet if cell else None,
        "cell": cell.a1 if cell else None,
        "left": exact(finding.left),
        "right": exact(finding.right),
        "difference": exact(finding.difference),
        "tolerance": exact(finding.tolerance),
        "related": [
            {
                "sheet": other.cell.sheet,
                "cell": other.cell.a1,
                "value": exact(other.value),
                "role": other.role.value,
            }
            for other in finding.places
        ],
        **{name: parts[name] or None for name in ("what", "found", "expected", "basis", "off")},
        "lead": finding.lead or None,
        "notes": list(finding.notes),
        "reason": finding.reason or None,
        "hint": finding.hint or None,
        "explanations": [_explanation(explanation) for explanation in finding.explanations],
        "status": "accepted" if finding.accepted else "open" if finding.is_open else None,
        "accepted": _acceptance(finding.accepted) if finding.accepted else None,
    }


def _acceptance(accepted: Acceptance) -> dict[str, str]:
    return {"reason": accepted.reason, "who": accepted.who, "date": accepted.date}


def _explanation(explanation: Explanation) -> dict[str, Any]:
    culprits = [
        {
            "sheet": cell.sheet if cell else None,
            "cell": cell.a1 if cell else None,
            "table": key.table if key else None,
            "row": list(key.row) if key else [],
            "column": list(key.column) if key else [],
            "found": exact(found),
            "proposed": exact(proposed),
        }
        for cell, key, found, proposed in explanation.culprits
    ]
    return {"slip": explanation.slip or None, "culprits": culprits}


def exact(value: Value) -> str | None:
    """An amount as an exact decimal, never as a float; a text as it is."""
    return f"{value:f}" if isinstance(value, Decimal) else value
