"""Reads one rule of a template: its equation or predicate, tied to the tables, and its examples."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from xltool.expression import Comparison, ExpressionError, Reference, parse, parse_reference
from xltool.model import Severity
from xltool.template.binding import bind, bind_reference, bind_slot, is_side_by_side
from xltool.template.names import nearest
from xltool.template.parts.section import Section
from xltool.template.predicates import Asks, Predicates
from xltool.template.spec import CODE_LEVELS, DIMENSIONS, Example, Rule, Slot, Table

PARAMETERS = ("table", "columns", "against")
"""The keys that say where a predicate looks."""


def read_rule(item: Section, tables: Mapping[str, Table], predicates: Predicates) -> Rule:
    """The rule that `item` holds; its mistakes are noted there."""
    check, predicate = item.text("check"), item.choice("predicate", ("", *predicates), "")
    if check and predicate:
        item.problem("predicate", "check 与 predicate 只能写一个")
    each = item.texts("each")
    for dimension in each:
        if dimension not in DIMENSIONS:
            item.problem("each", f"“{dimension}”不是维度，只能是 {'、'.join(DIMENSIONS)}")
    link = item.flag("link")
    asks = predicates[predicate].asks if predicate else Asks()
    table, columns, against = _parameters(item, asks, tables)
    rule = Rule(
        id=item.required("id"),
        name=item.required("name"),
        hint=item.required("hint"),
        check=check,
        comparison=_comparison(item, check, each, link, tables) if check else None,
        predicate=predicate,
        table=table,
        columns=columns,
        against=against,
        each=each,
        levels=_levels(item, each),
        link=link,
        severity=Severity(item.choice("severity", ("error", "warning"), "error")),
        warning_if=read_reference(item, "warning_if", item.text("warning_if"), tables),
        passing=read_examples(item, "pass"),
        failing=read_examples(item, "fail"),
    )
    item.finish()
    return rule


def _levels(item: Section, each: tuple[str, ...]) -> tuple[int, ...]:
    levels = item.integers("levels")
    known = {level for dimension in each for level in CODE_LEVELS.get(dimension, ())}
    if levels and not known:
        item.problem("levels", "多余：each 里没有按编码分级的科目")
    elif not set(levels) <= known:
        item.problem("levels", f"是编码的长度，只能是 {'、'.join(map(str, sorted(known)))}")
    return levels


def _comparison(
    item: Section, check: str, each: tuple[str, ...], link: bool, tables: Mapping[str, Table]
) -> Comparison | None:
    try:
        comparison = bind(parse(check), each, tables)
    except ExpressionError as error:
        item.problem("check", str(error))
        return None
    if not any(set(each) <= set(addend.reference.row) for addend in comparison.addends):
        item.problem("each", f"check 里没有一处按 {'、'.join(each)} 逐行列示")
    if link and (comparison.relation != "=" or any(comparison.constants)):
        item.problem("link", "只有两边都是表里的数的等式（=）才能用公式取数")
    return comparison


def _parameters(
    item: Section, asks: Asks, tables: Mapping[str, Table]
) -> tuple[str, tuple[Slot, ...], Reference | None]:
    """Where the rule's predicate looks, as far as it can be understood."""
    name, against = item.text("table"), item.text("against")
    names = item.texts("columns")
    if asks.table == "must" and not name:
        columns = f"和它的 columns（{_roles(asks)}）" if asks.columns else ""
        item.problem("table", f"缺少：要写明是哪张表{columns}，公共规则写在 rules.toml 里同一编号的 [[rule]] 下")
    if asks.table == "no" and name:
        item.problem("table", "多余：这条规则不针对某一张表")
    if name and name not in tables:
        item.problem("table", f"没有表“{name}”{nearest(name, tables)}")
    if asks.against and not against:
        item.problem("against", f"缺少：要写明{asks.against}，如 表[行, 栏]")
    if against and not asks.against:
        item.problem("against", "多余：这条规则不与别处的数比较")
    reference = read_reference(item, "against", against, tables)
    if name or names or asks.table != "must":
        _check_number(item, asks, len(names))
    table = tables.get(name)
    return name, _slots(item, asks, names, table) if table is not None else (), reference


def read_reference(item: Section, key: str, text: str, tables: Mapping[str, Table]) -> Reference | None:
    """What the text of a key refers to, if there is one that can be understood."""
    if text:
        try:
            return bind_reference(parse_reference(text), tables)
        except ExpressionError as error:
            item.problem(key, str(error))
    return None


def _check_number(item: Section, asks: Asks, given: int) -> None:
    most = len(asks.columns)
    if not most and given:
        item.problem("columns", "多余：这条规则不用写栏")
    elif given < most - asks.optional or (given > most and not asks.many):
        least = f"{most - asks.optional} 至 " if asks.optional else ""
        more = "或更多" if asks.many else ""
        item.problem("columns", f"应有 {least}{most} 栏{more}（{_roles(asks)}），写了 {given} 栏")


def _roles(asks: Asks) -> str:
    return "、".join(column.name for column in asks.columns)


def _slots(item: Section, asks: Asks, names: tuple[str, ...], table: Table) -> tuple[Slot, ...]:
    roles = [*asks.columns, *asks.columns[-1:] * len(names)]
    slots = []
    for name, role in zip(names, roles, strict=False):
        try:
            slots.append(bind_slot(table, name, role.kinds))
        except ExpressionError as error:
            item.problem("columns", str(error))
    if len(slots) == len(names) and not is_side_by_side(table, slots):
        item.problem("columns", f"表“{table.id}”：{'、'.join(names)} 不在同一个区里")
    return tuple(slots)


def read_examples(item: Section, key: str) -> tuple[Example, ...]:
    """The examples at a key, without those that are none; these are noted."""
    examples: list[Example] = []
    for number, example in enumerate(item.list(key), 1):
        if not _is_example(example):
            item.problem(f"{key}[{number}]", "例子应为 表 = { 行 = { 栏 = 数 } }")
            continue
        examples.append(
            {
                table: {
                    row: {column: v if isinstance(v, str) else Decimal(str(v)) for column, v in cells.items()}
                    for row, cells in rows.items()
                }
                for table, rows in example.items()
            }
        )
    return tuple(examples)


def _is_example(example: Any) -> bool:
    """Whether it is table -> row -> column -> text or number."""
    return isinstance(example, dict) and all(
        isinstance(rows, dict)
        and all(
            isinstance(cells, dict) and all(type(value) in (str, int, float) for value in cells.values())
            for cells in rows.values()
        )
        for rows in example.values()
    )
