"""Writes a draft as the files of a template folder, in the layout that people keep by hand.

Columns and rows stand one on a line, as inline tables with a comment behind what was guessed: writers of TOML spread
such tables over many lines and know no comments inside arrays.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import count

from xltool.drafting import words
from xltool.drafting.columns.columns import heading_texts
from xltool.drafting.equalities import Equality, equalities
from xltool.drafting.seen.forms import MEMBER_LABELS, field_ids
from xltool.drafting.spec import Agreement, Draft, DraftBlock, DraftColumn, DraftRow, DraftTable, Evidence, Ratio
from xltool.expression import Reference
from xltool.library import template_of
from xltool.model import format_path
from xltool.template.names import normal
from xltool.template.spec import CODE_LEVELS, DIMENSION_NAMES, DIMENSIONS, Template

_BLANK: tuple[object, ...] = ("", ())
_ALWAYS = ("A02", "A07", "A12", "A15", "L01", "S06", "S07", "S08")
_GOOD, _BAD = 5, 4
_MEMBERS = {"unit": "甲局", "function": "2010301", "economic": "30101", "project": "接访"}
"""Members for examples."""

Example = dict[str, dict[str, dict[str, int]]]
_CHANGES = """
[[rule]]
id = "Y01"
name = "增减变化金额等于本年减上年"
hint = "看减的方向：本年减上年，减少用负数。"
"""


def files(draft: Draft) -> dict[str, str]:
    """The name of each file of the template folder with its text."""
    names = {f"{number:02d}-{table.id}": table for number, table in enumerate(draft.tables, 1)}
    texts = {f"{name}.toml": _table_text(table, draft) for name, table in names.items()}
    return {"template.toml": _template_text(draft, names), **texts, "rules.toml": _rules_text(draft)}


def template_of_draft(draft: Draft) -> Template:
    """A draft as a template that stands in no folder. Raises TemplateError if it is none."""
    return template_of("未知格式", files(draft))


def quoted(value: object) -> str:
    """A value as TOML: its strings are those of JSON."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple | list):
        return f"[{', '.join(quoted(item) for item in value)}]"
    if isinstance(value, Mapping):
        return _inline({quoted(key): item for key, item in value.items()})
    if isinstance(value, float):
        return f"{value:g}"
    return json.dumps(value, ensure_ascii=False)


def _template_text(draft: Draft, names: Iterable[str]) -> str:
    lines = [
        "# 由 xltool templates draft 起草，请逐项核对后再用。",
        f"title = {quoted(draft.title)}",
        'region = ""  # 请填写地区',
        f"year = {draft.year}",
        f"amount_unit = {quoted(draft.amount_unit)}",
        f"decimals = {draft.decimals}",
        f"zero = {quoted(draft.zero)}",
        f"source = {quoted(f'由 {draft.source} 起草，未核对')}",
        *_long("tables", list(names)),
        "",
        "[outline]",
        f"department = {quoted(draft.department)}",
    ]
    for dimension in (name for name in DIMENSIONS if name != "item"):
        lines += _long(dimension, draft.members[dimension])
    return "\n".join(lines) + "\n"


def _long(key: str, items: Iterable[str]) -> Iterator[str]:
    """A list, one item a line; codes of one 类 or 款 share a line."""
    groups: dict[str, list[str]] = {}
    for item in items:
        group = item[: min(CODE_LEVELS["function"])] if item.isdecimal() else item
        groups.setdefault(group, []).append(quoted(item))
    if not groups:
        yield f"{key} = []"
        return
    yield f"{key} = ["
    yield from (f"  {', '.join(group)}," for group in groups.values())
    yield "]"


def _table_text(table: DraftTable, draft: Draft) -> str:
    headings = heading_texts(block.columns for block in table.blocks)
    values: dict[str, object] = {
        "id": table.id,
        "title": table.title,
        "number": table.number,
        "sheet": table.sheet if table.sheet != table.id else "",
        "header": table.header if any(table.header) else (),
        "each": table.each,
        "numbered_columns": table.numbered_columns,
        "decimals": table.decimals if table.decimals != draft.decimals else None,
        "amount_unit": table.amount_unit,
    }
    lines = [f"{key} = {quoted(value)}" for key, value in _told(values).items()]
    if headings:
        lines.append(f"headings = {quoted(headings)}")
    if table.notes:
        lines += _long("notes", table.notes)
    if table.empty_note:
        lines.append(f"empty_note = {quoted(table.empty_note)}")
    for block in table.blocks:
        lines += ["", "[[block]]", *_block_lines(block, table, draft)]
    return "\n".join(lines) + "\n"


def _told(values: Mapping[str, object]) -> dict[str, object]:
    """The values that say something: what is blank, false or absent is not written."""
    return {
        key: value for key, value in values.items() if value is not None and value is not False and value not in _BLANK
    }


def _inline(values: Mapping[str, object]) -> str:
    return "{ " + ", ".join(f"{key} = {quoted(value)}" for key, value in values.items()) + " }"


def _block_lines(block: DraftBlock, table: DraftTable, draft: Draft) -> Iterator[str]:
    if block.place != "below":
        yield f"place = {quoted(block.place)}"
    if block.side:
        yield f"side = {quoted(block.side)}"
    if block.fields:
        unit = table.amount_unit or draft.amount_unit
        yield from _form_lines(block, table, words.Heads(draft.department, draft.year, unit))
        return
    yield "columns = ["
    for column in block.columns:
        yield _with_comment(f"  {_inline(_column_values(column))},", column.sum.evidence if column.sum else None)
    yield "]"
    yield "rows = ["
    yield from _row_lines(block.rows, "  ")
    yield "]"


def _form_lines(block: DraftBlock, table: DraftTable, heads: words.Heads) -> Iterator[str]:
    """Fields that share their line have no span: the writer gives them what room there is."""
    is_alone = block.per_line == 1
    span = max(field.span for field in block.fields) if is_alone else 1
    if block.per_line != (1 if span > 1 else 2):
        yield f"per_line = {block.per_line}"
    all_fields = (field for other in table.blocks for field in other.fields)
    member = next((field for field in all_fields if normal(field.label) in MEMBER_LABELS), None)
    yield "fields = ["
    for name, field in zip(field_ids(block.fields), block.fields, strict=True):
        is_member = bool(table.each) and field is member
        label = heads.template_text(field.label)
        values = {
            "id": name,
            "label": None if label == name else label,
            "kind": "member" if is_member else "" if field.kind == "text" else field.kind,
            "decimals": field.decimals if field.decimals != (table.decimals if field.kind == "amount" else 0) else None,
            "choices": field.choices,
            "span": field.span if is_alone and field.span > 1 else None,
        }
        yield f"  {_inline(_told(values) | ({'label': ''} if not field.label else {}))},"
    yield "]"


def _with_comment(line: str, evidence: Evidence | None) -> str:
    return f"{line}  # {evidence.value}" if evidence is not None and evidence.value else line


def _column_values(column: DraftColumn) -> dict[str, object]:
    values: dict[str, object] = {
        "id": column.path[-1],
        "kind": "" if column.kind == "amount" else column.kind,
        "parts": column.parts,
        "under": format_path(column.path[:-1]),
        "sum": column.sum.parts if column.sum else (),
        "rule": column.sum.rule if column.sum and column.sum.rule != "A04" else "",
        "words": column.words,
        "text": column.text,
        "negative": column.negative and (column.sum is None or any(part.startswith("-") for part in column.sum.parts)),
        "note": column.note,
        "span": column.span if column.span > 1 else None,
        "decimals": column.decimals,
        "width": column.width,
    }
    return _told(values)


def _row_lines(rows: list[DraftRow], indent: str) -> Iterator[str]:
    for row in rows:
        text = _inline(_row_values(row))
        evidence = row.sum.evidence if row.sum else None
        if not row.rows:
            yield _with_comment(f"{indent}{text},", evidence)
            continue
        yield _with_comment(f"{indent}{text.removesuffix(' }')}, rows = [", evidence)
        yield from _row_lines(row.rows, indent + "  ")
        yield f"{indent}] }},"


def _row_values(row: DraftRow) -> dict[str, object]:
    values: dict[str, object] = {
        "id": row.id,
        "label": row.label if row.label and row.label != row.id else "",
        "each": row.each,
        "group": row.group,
        "levels": row.levels,
        "ordinals": row.ordinals,
        "sum": _sum_value(row),
        "rule": row.sum.rule if row.sum and row.sum.rule != _usual_rule(row) else "",
        "footer": row.footer,
        "negative": row.negative,
        "optional": row.optional,
        "indent": row.indent or None,
    }
    told = _told(values)
    return told if row.label or row.each else {"id": row.id, "label": ""} | told


def _sum_value(row: DraftRow) -> object:
    """A single dimension, or "rows", is written as a word; ids are written as a list."""
    if row.sum is None:
        return ()
    parts = row.sum.parts
    return parts[0] if len(parts) == 1 and (parts[0] in DIMENSIONS or parts == ("rows",)) else parts


def _usual_rule(row: DraftRow) -> str:
    """The rule that the loader takes where none is written."""
    assert row.sum is not None
    return "A02" if all(part in DIMENSIONS for part in row.sum.parts) else "A05"


def _rules_text(draft: Draft) -> str:
    used = {*_ALWAYS, *_rules(draft)}
    shared = sorted(used - {"Y01"})
    text = f"# 合计的规则由各表的 sum 得出；表与表之间的规则请逐条补写。\nuse = {quoted(shared)}\n"
    numbers = count(1)
    proposed = [_equality_text(next(numbers), found) for found in equalities(draft)]
    proposed += [_agreement_text(next(numbers), found) for found in draft.agreements]
    proposed += [_ratio_text(next(numbers), found) for found in draft.ratios]
    return text + (_CHANGES if "Y01" in used else "") + "".join(proposed)


def _rule_text(number: int, comment: str, values: Mapping[str, object], good: Example, bad: Example) -> str:
    examples = [f"pass = [ {quoted(good)} ]", f"fail = [ {quoted(bad)} ]"]
    return "\n".join([*_rule_lines(number, comment, values), *examples]) + "\n"


def _rule_lines(number: int, comment: str, values: Mapping[str, object]) -> list[str]:
    return [
        "",
        f"[[rule]]  # {comment}",
        f'id = "Z{number:02d}"',
        *(f"{key} = {quoted(value)}" for key, value in values.items()),
    ]


def _equality_text(number: int, found: Equality) -> str:
    left, parts, _ = found
    where = _where_to_look(left.table.id, *(part.table.id for part in parts))
    values = {
        "name": f"{left.name}等于{'、'.join(part.name for part in parts)}{'之和' if len(parts) > 1 else ''}",
        "hint": where if found.is_of_one_money else f"{where}两张表的资金范围不同，只在没有别的资金时相等。",
        **({} if found.is_of_one_money else {"severity": "warning"}),
        "check": f"{left.reference} = {' + '.join(str(part.reference) for part in parts)}",
    }
    right = parts[0]
    good, bad = (_example((left.reference, left.row), (right.reference, right.row), value) for value in (_GOOD, _BAD))
    return _rule_text(number, found.evidence.value, values, good, bad)


def _agreement_text(number: int, found: Agreement) -> str:
    left, right = found.left, found.right[0]
    tables = "、".join(reference.table for reference in found.right)
    is_sum = len(found.right) > 1
    said = f"{left.table}的各{DIMENSION_NAMES[found.each]}等于{tables}{'之和' if is_sum else ''}：{found.heading}"
    values = {
        "name": said,
        "hint": _where_to_look(left.table, *(reference.table for reference in found.right)),
        **({} if found.is_lasting else {"severity": "warning"}),
        "each": [found.each],
        **({"levels": found.levels} if found.is_partial else {}),
        "check": f"{left} = {' + '.join(map(str, found.right))}",
    }
    members = _MEMBERS | {found.each: _MEMBERS[found.each][: found.levels[0] or None]}
    rows = ["/".join(members.get(name, name) for name in reference.row) for reference in (left, right)]
    good, bad = (_example((left, rows[0]), (right, rows[1]), value) for value in (_GOOD, _BAD))
    return _rule_text(number, _by_numbers(found.agreeing, found.disagreeing), values, good, bad)


def _ratio_text(number: int, found: Ratio) -> str:
    rate, part, whole = map(format_path, found.columns)
    values = {
        "name": f"{found.table}的{found.columns[0][-1]}等于{found.columns[1][-1]}除以{found.columns[2][-1]}",
        "hint": "看部分、整体是否录错；比率按未四舍五入的数计算，再四舍五入。",
        "predicate": "ratio",
        "table": found.table,
        "columns": [rate, part, whole],
    }
    return "\n".join(_rule_lines(number, _by_numbers(found.agreeing, found.disagreeing), values)) + "\n"


def _by_numbers(agreeing: int, disagreeing: int) -> str:
    more = f"，{disagreeing} 处不等" if disagreeing else ""
    return f"由数字推得（{agreeing} 处相等{more}），请核对"


def _where_to_look(*tables: str) -> str:
    return f"看{'、'.join(dict.fromkeys(tables))}是否都已填全。"


def _example(left: tuple[Reference, str], right: tuple[Reference, str], value: int) -> Example:
    """Two facts, the second one with this value, as an example of a rule that they are equal."""
    tables: Example = {}
    for (reference, row), amount in ((left, _GOOD), (right, value)):
        tables.setdefault(reference.table, {}).setdefault(row, {})[format_path(reference.column)] = amount
    return tables


def _rules(draft: Draft) -> Iterator[str]:
    for table in draft.tables:
        if table.empty_note:
            yield from ("A09", "S09")
        for block in table.blocks:
            yield from (column.sum.rule for column in block.columns if column.sum)
            for row, _ in block.all_rows():
                if row.sum:
                    yield row.sum.rule
                if words.is_part(row.label):
                    yield "A19"
                if row.each in CODE_LEVELS:
                    yield "A08"
                if len(row.levels) > 1:
                    yield "A03"
