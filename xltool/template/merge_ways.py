"""How a column (or a field of a form) merges when several units fill in the same row of a 汇总."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from xltool.template.spec import FORM_COLUMN, Column, Row, Slot, Table, Template

SUM, EACH, TEXT, RATE, SAME = WAYS = ("sum", "each", "text", "rate", "same")
"""Added up (amounts, counts); a unit's own, in rows that no two units share (projects, forms); what all say, or each;
computed again from its parts; the same in all (years, units of measure), or a finding."""

_USUAL = {"amount": SUM, "number": SUM, "text": TEXT}

RATE_RULES = {"ratio": (0, 1, 2), "growth_rate": (2, 0, 1)}
"""The predicates that say what a rate is computed from, and where among their columns stand rate, part and whole."""


class ColumnWay(NamedTuple):
    """A column or field of a table, its kind, and how it merges, "" if nobody says.

    `is_computed` if a rule says what it is computed from.
    """

    table: str
    slot: Slot
    kind: str
    way: str
    is_computed: bool


def way_of(template: Template, table: Table, line: Column | Row) -> str:
    """What the template says (`merge`), else what follows from the kind of the column or field, and from its rules.

    "" if neither says it: nobody knows what a share of several units is.
    """
    slot = Slot(line.path) if isinstance(line, Column) else Slot(FORM_COLUMN, line.id)
    if line.merge:
        return line.merge
    return RATE if slot in _rates(template, table) else _USUAL.get(line.kind, "")


def ways(template: Template) -> Iterator[ColumnWay]:
    """Every column and field that has values of its own."""
    for table in template.tables.values():
        for block in table.blocks:
            fields = block.rows[0].rows if table.each else block.rows
            for line in fields if block.is_form else block.columns:
                if line.kind in (*_USUAL, "percent"):
                    slot = Slot(line.path) if isinstance(line, Column) else Slot(FORM_COLUMN, line.id)
                    is_computed = slot in _rates(template, table)
                    yield ColumnWay(table.id, slot, line.kind, way_of(template, table, line), is_computed)


def _rates(template: Template, table: Table) -> set[Slot]:
    rules = (rule for rule in template.rules.values() if rule.table == table.id and rule.predicate in RATE_RULES)
    return {rule.columns[RATE_RULES[rule.predicate][0]] for rule in rules}


def is_shared(template: Template, column_way: ColumnWay) -> bool:
    """Whether two units can fill in the same row of it: not where the rows are those of a unit or of its projects."""
    table = template.tables[column_way.table]
    holding = [
        block for block in table.blocks if any(column.path == column_way.slot.column for column in block.columns)
    ]
    return not table.each and any(_has_shared_row(block.rows) for block in holding)


def _has_shared_row(rows: tuple[Row, ...]) -> bool:
    return any(
        row.each not in ("unit", "project") and (not row.group or _has_shared_row(row.rows))
        for row in rows
        if not row.sum
    )
