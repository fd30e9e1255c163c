"""Reads merge.toml: where the grand totals stand, and which lines of a 汇总 eliminate each other (内部往来抵销)."""

from __future__ import annotations

from collections.abc import Mapping

from xltool.expression import Reference
from xltool.template.parts.rules import read_examples, read_reference
from xltool.template.parts.section import Section
from xltool.template.spec import Elimination, Merging, Table

MERGE_FILE = "merge.toml"


def read_merging(top: Section | None, tables: Mapping[str, Table]) -> Merging:
    """What a template's merge.toml says, None if it has none; mistakes are noted there."""
    if top is None:
        return Merging()
    merging = Merging(
        income=read_reference(top, "income", top.text("income"), tables),
        expenditure=read_reference(top, "expenditure", top.text("expenditure"), tables),
        adjustment=top.text("adjustment", Merging().adjustment),
        eliminations=tuple(_elimination(item, tables) for item in top.sections("eliminate")),
    )
    names = [elimination.name for elimination in merging.eliminations]
    for name in dict.fromkeys(name for name in names if names.count(name) > 1):
        top.problem("eliminate", f"“{name}”写了两次")
    top.finish()
    return merging


def _elimination(item: Section, tables: Mapping[str, Table]) -> Elimination:
    elimination = Elimination(
        name=item.required("name"),
        income=_references(item, "income", tables),
        expenditure=_references(item, "expenditure", tables),
        passing=read_examples(item, "pass"),
        failing=read_examples(item, "fail"),
    )
    item.finish()
    return elimination


def _references(item: Section, key: str, tables: Mapping[str, Table]) -> tuple[Reference, ...]:
    found = [read_reference(item, key, text, tables) for text in item.texts(key)]
    return tuple(reference for reference in found if reference is not None)
