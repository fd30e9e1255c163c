"""Explains the rules that are no equations in words: what does not comply, in which table and columns."""

from __future__ import annotations

from xltool.checking.predicates import PREDICATES
from xltool.model import format_path
from xltool.template.spec import Rule, Slot


def sentence(rule: Rule) -> str:
    """What does not comply with a rule that names a predicate."""
    columns = [_name(slot) for slot in rule.columns]
    against = ""
    if rule.against is not None:
        against = f"{rule.against.table}的“{format_path(rule.against.column)}”"
    names = {"table": rule.table or "各表", "all": "、".join(f"“{name}”" for name in columns), "against": against}
    return PREDICATES[rule.predicate].words.format(*columns, **names)


def tolerance(rule: Rule) -> str:
    """Which difference such a rule allows."""
    return PREDICATES[rule.predicate].tolerance


def _name(slot: Slot) -> str:
    return slot.field or format_path(slot.column)
