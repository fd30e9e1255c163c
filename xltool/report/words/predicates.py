"""Explains the rules that are no equations in words: what does not comply, in which table and columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xltool.checking.predicates import PREDICATES
from xltool.checking.predicates.predicate import Predicate
from xltool.model import format_path
from xltool.template.predicates import Asks
from xltool.template.spec import Rule, Slot


def sentence(rule: Rule) -> str:
    """What does not comply with a rule that names a predicate."""
    against = f"{rule.against.table}的“{format_path(rule.against.column)}”" if rule.against is not None else ""
    columns = [_name(slot) for slot in rule.columns]
    return _filled_in(PREDICATES[rule.predicate], rule.table or "各表", columns, against)


def tolerance(rule: Rule) -> str:
    """Which difference such a rule allows."""
    return PREDICATES[rule.predicate].tolerance


def predicate_lines() -> Iterator[tuple[str, str, str]]:
    """Every predicate by name: what does not comply, and what a rule that names it must write besides."""
    for name, predicate in sorted(PREDICATES.items()):
        asks = predicate.asks
        roles = [column.name for column in asks.columns]
        table = "各表" if asks.table == "no" else "这张表"
        yield name, _filled_in(predicate, table, roles, " `against` 那里"), _asked(asks)


def _filled_in(predicate: Predicate, table: str, columns: Sequence[str], against: str) -> str:
    every = "、".join(f"“{name}”" for name in columns)
    return predicate.words.format(*columns, table=table, all=every, against=against)


def _asked(asks: Asks) -> str:
    roles = [column.name for column in asks.columns]
    needed, optional = roles[: len(roles) - asks.optional], roles[len(roles) - asks.optional :]
    more = "（一栏或几栏）" if asks.many else f"（{'、'.join(optional)}可以不写）" if optional else ""
    keys = {
        "`table`": asks.table == "must",
        "`table`（不写就看各表）": asks.table == "may",
        f"`columns`：{'、'.join(needed)}{more}": bool(roles),
        f"`against`：{asks.against}": bool(asks.against),
    }
    return "；".join(key for key, is_asked in keys.items() if is_asked)


def _name(slot: Slot) -> str:
    return slot.field or format_path(slot.column)
