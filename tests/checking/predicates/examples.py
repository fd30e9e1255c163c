"""The format that uses every predicate, workbooks of a few facts in it, and what a rule says of them."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import Any

import tomli

from tests import TEMPLATES
from tests.budgets import key
from xltool.diagnose.report import check
from xltool.equations.filling import fill
from xltool.layout.book import Book
from xltool.library import load_template
from xltool.model import FactKey, Finding, Value
from xltool.template.loader import templates_folder
from xltool.template.spec import Template


@cache
def example() -> Template:
    return load_template("规则示例-2025", TEMPLATES)


def words(data: str, kind: str = "example") -> list[dict[str, Any]]:
    """The examples in a file of words."""
    examples: list[dict[str, Any]] = tomli.loads((templates_folder() / data).read_text(encoding="utf-8"))[kind]
    return examples


def facts(*cells: tuple[str, str, str, str]) -> dict[FactKey, Value]:
    """Table, row, column and value; what looks like a number is one."""
    return {key(table, row, column): _value(text) for table, row, column, text in cells}


def _value(text: str) -> Value:
    return Decimal(text) if text.replace(".", "", 1).removeprefix("-").isdecimal() else text


def told(given_facts: dict[FactKey, Value], rule: str, spec: Template | None = None) -> list[Finding]:
    """The findings of one rule in a workbook that holds these facts."""
    spec = spec or example()
    book = fill(spec, given_facts, spec.department, spec.year, spec.amount_unit)
    findings = check(Book(book.layout, dict(book.values), live=book.live, is_ours=True)).findings
    return [finding for finding in findings if finding.rule == rule]


def said(findings: list[Finding]) -> list[str]:
    return [finding.message.splitlines()[0] for finding in findings]


def where(finding: Finding) -> str:
    return f"{finding.cell.sheet}!{finding.cell.a1}" if finding.cell else ""
