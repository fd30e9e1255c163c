"""Workbooks of units in which every figure agrees, to be added up."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import xltool
from made_up.flows import FLOWS, facts_of
from tests import budgets
from xltool.layout.choice import has_units
from xltool.model import FactKey, Value

DEPARTMENT = "青山局"

_UNITS = ("甲局", "乙中心")
"""Those of the made-up budgets; here all is one unit's."""


def unit_facts(template: str, unit: str, step: int) -> dict[FactKey, Value]:
    """A budget of a unit in 万元, another for each step."""
    sums = [(number, 1000 + step * (number + 1)) for number in range(len(FLOWS[template]))]
    facts: dict[FactKey, Value] = {}
    for key, value in facts_of(template, sums).items():
        own = key._replace(row=tuple(unit if name in _UNITS else name for name in key.row))
        known = facts.get(own)
        facts[own] = known + value if isinstance(known, Decimal) and isinstance(value, Decimal) else value
    return facts


def as_unit(facts: Mapping[FactKey, Value], template: str, unit: str) -> dict[FactKey, Value]:
    """A published budget as that of a unit."""
    published = budgets.template(template).members["unit"]
    return {key._replace(row=tuple(unit if one in published else one for one in key.row)): facts[key] for key in facts}


def in_fen(facts: Mapping[FactKey, Value]) -> dict[FactKey, Value]:
    """The same in 元 with 分 that no table in 万元 prints, but exactly a million times smaller."""
    return {key: value.scaleb(-2) if isinstance(value, Decimal) else value for key, value in facts.items()}


def write_unit(
    folder: Path, template: str, unit: str, facts: Mapping[FactKey, Value], amount_unit: str = "万元"
) -> Path:
    """The workbook of a unit of 青山局."""
    path = folder / f"{unit}.xlsx"
    heading = DEPARTMENT if has_units(budgets.template(template)) else unit
    path.write_bytes(_workbook(template, tuple(facts.items()), heading, amount_unit))
    return path


@cache
def _workbook(template: str, facts: tuple[tuple[FactKey, Value], ...], heading: str, amount_unit: str) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "预算.xlsx"
        xltool.fill(template, dict(facts), path, unit=heading, amount_unit=amount_unit)
        return path.read_bytes()


def amounts(path: Path) -> dict[FactKey, Decimal]:
    """Every figure of a workbook that is not 0."""
    return {
        key: fact.value
        for key, fact in xltool.read(path).facts.items()
        if isinstance(fact.value, Decimal) and fact.value
    }
