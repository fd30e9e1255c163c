"""Explains a rule to the one who must keep it: its equation, what difference is allowed, examples right and wrong."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from xltool.catalogue import by_year
from xltool.checking.problems import KINDS, Kind
from xltool.errors import XltoolError
from xltool.expression import Addend, Reference
from xltool.merge.findings.kinds import MERGE_KINDS
from xltool.model import Path, format_path
from xltool.report.table import aligned
from xltool.report.text import WORDS
from xltool.report.words.predicates import sentence, tolerance
from xltool.template.binding import is_code
from xltool.template.spec import CODE_LEVELS, DIMENSION_NAMES, DIMENSIONS, Example, Part, Row, Rule, Table, Template

_LEVEL_NAMES = {3: "类", 5: "款", 7: "项"}
_RELATIONS = {"=": "＝", "<=": "≤", ">=": "≥"}
_COPY = (
    "同一个数列在两处：小数位数相同就必须完全相等；位数不同时，取整以前的数要有可能相同（0.4996 印作 0.50，也印作 0）。"
)
_ORDER = "两边各是一个数、小数位数相同时不允许差；否则差在四舍五入的尾差以内列为尾差（不用改），再大就不符合。"


def rule_lists(template: Template) -> Iterator[tuple[str, list[list[str]]]]:
    """Under a heading each: the rules of a template, and the problems that are found without a rule; of each its id,
    how grave it is, and its name."""
    yield "审核规则", [[rule.id, WORDS[rule.severity], rule.name] for rule in template.rules.values()]
    for heading, kinds in (("读取工作簿时发现的问题", KINDS), ("汇总时发现的问题", MERGE_KINDS)):
        yield heading, [[kind.id, WORDS[kind.severity], kind.name] for kind in kinds]


def rule_lines(template: Template) -> list[str]:
    """The same, one on a line."""
    parts = [[heading, *aligned(lines, 2)] for heading, lines in rule_lists(template)]
    return "\n\n".join("\n".join(part) for part in parts).split("\n")


def explanations(template: Template, number: str) -> list[str]:
    """All that has this number, in words: rules of the template, or a problem that is found without a rule.

    Raises XltoolError if nothing has.
    """
    wanted = number.upper()
    texts = [explain(template, rule) for rule in template.rules.values() if rule.id == wanted]
    texts += [explain_kind(kind) for kind in (*KINDS, *MERGE_KINDS) if kind.id == wanted]
    if not texts:
        raise XltoolError(f"模板“{template.id}”没有编号为“{wanted}”的规则：用 xltool rules {template.id} 看全部编号。")
    return texts


def explain(template: Template, rule: Rule) -> str:
    """One rule in words."""
    parts = [
        [f"{rule.id}　{rule.name}（{WORDS[rule.severity]}）"],
        ["要求", *(f"  {line}" for line in _requirement(template, rule))],
        ["允许差", f"  {_tolerance(template, rule)}"],
        ["查看", f"  {rule.hint}"],
    ]
    if rule.warning_if is not None:
        place = _reference(rule.warning_if, rule._replace(each=()), template.year)
        parts.append(["轻重", f"  {place}不为 0 时，不符合只作警告。"])
    if rule.link:
        parts.append(["公式", "  生成的工作簿里，等号左边的单元格用公式取右边的数，不用手填。"])
    parts += [_example("符合的例子", example) for example in rule.passing]
    parts += [_example("不符合的例子", example) for example in rule.failing]
    return "\n\n".join("\n".join(lines) for lines in parts)


def explain_kind(kind: Kind) -> str:
    """One built-in problem in words."""
    heading = f"{kind.id}　{kind.name}（{WORDS[kind.severity]}）"
    when = "汇总" if kind in MERGE_KINDS else "读取工作簿"
    return f"{heading}\n\n这是{when}时发现的问题，与模板无关。\n\n查看\n  {kind.hint}"


def _requirement(template: Template, rule: Rule) -> Iterator[str]:
    if rule.comparison is not None:
        if rule.each:
            yield f"对每个{_each(rule)}："
        left, right = zip((rule.comparison.left, rule.comparison.right), rule.comparison.constants, strict=True)
        year = template.year
        yield from (_side(*left, rule, year), f"{_RELATIONS[rule.comparison.relation]} {_side(*right, rule, year)}")
    elif rule.predicate:
        yield sentence(rule)
    else:
        for table in template.tables.values():
            yield from (f"{table.id}：{sentence}" for sentence in _sums(table, rule.id))


def _each(rule: Rule) -> str:
    names = "、每个".join(DIMENSION_NAMES[dimension] for dimension in rule.each)
    levels = "、".join(_LEVEL_NAMES[level] for level in rule.levels)
    return f"{names}（{levels}级）" if levels else names


def _side(side: tuple[Addend, ...], constant: Decimal, rule: Rule, year: int) -> str:
    texts = []
    for i, (coefficient, reference) in enumerate(side):
        sign = "－ " if coefficient < 0 else "＋ " if i else ""
        factor = "" if abs(coefficient) == 1 else f"{abs(coefficient)} × "
        texts.append(f"{sign}{factor}{_reference(reference, rule, year)}")
    if constant or not texts:
        sign = "－ " if constant < 0 else "＋ " if texts else ""
        texts.append(f"{sign}{abs(constant)}")
    return " ".join(texts)


def _reference(reference: Reference, rule: Rule, year: int) -> str:
    row = "的".join(_row_name(name, rule, year) for name in reference.row)
    total = "之和" if reference.summed else ""
    return f"{reference.table}“{row}”行“{format_path(reference.column)}”栏{total}"


def _row_name(name: str, rule: Rule, year: int) -> str:
    if name in DIMENSIONS:
        return f"{'该' if name in rule.each else '各'}{DIMENSION_NAMES[name]}"
    for dimension in CODE_LEVELS:
        if is_code(dimension, name):
            return f"{name} {by_year.names(dimension, year).get(name, '')}".strip()
    return name


def _sums(table: Table, rule: str) -> Iterator[str]:
    """The sums of a table that are checked under a structural rule."""
    for block in table.blocks:
        for column in block.columns:
            if column.sum and column.rule == rule:
                yield f"每一行的“{format_path(column.path)}”＝{_parts(column.sum)}"
        yield from _row_sums(block.rows, rule)


def _row_sums(rows: tuple[Row, ...], rule: str) -> Iterator[str]:
    for row in rows:
        name = f"每个{DIMENSION_NAMES[row.each]}" if row.each else f"“{row.id}”行"
        if row.sum and row.rule == rule:
            yield f"{name}＝{_parts(row.sum)}"
        if rule == "A03" and row.each in CODE_LEVELS and len(row.levels) > 1:
            levels = [_LEVEL_NAMES[level] for level in row.levels]
            yield "，".join(f"{above}＝所属各{below}之和" for above, below in zip(levels, levels[1:], strict=False))
        yield from _row_sums(row.rows, rule)


def _parts(parts: tuple[Part, ...]) -> str:
    texts = []
    for i, part in enumerate(parts):
        sign = "－" if part.sign < 0 else "＋" if i else ""
        texts.append(f"{sign}{_part_name(part.path)}")
    return "".join(texts)


def _part_name(path: Path) -> str:
    name = path[0]
    if name == "rows":
        return "下面各行之和"
    if name in CODE_LEVELS:
        return f"各类{DIMENSION_NAMES[name]}之和"
    if name in DIMENSIONS:
        return f"各{DIMENSION_NAMES[name]}之和"
    return f"“{path[-1]}”"


def _tolerance(template: Template, rule: Rule) -> str:
    if rule.predicate:
        return tolerance(rule)
    if rule.comparison is not None and rule.comparison.is_copy:
        return _COPY
    if rule.comparison is not None and rule.comparison.relation != "=":
        return _ORDER
    used = _tables(template, rule)
    units = sorted({Decimal(1).scaleb(-table.decimals) for table in used}, reverse=True)
    printed = "、".join(f"{unit:f}" for unit in units)
    halves = "、".join(f"{unit / 2:f}" for unit in units)
    return (
        f"表里的数四舍五入到 {printed} {template.amount_unit}，每个数最多差 {halves}，等式里的数各算一次。"
        "差在常见的尾差以内列为尾差（不用改），理论上可能但大得少见的列为可疑尾差（警告），再大就是错误。"
    )


def _tables(template: Template, rule: Rule) -> list[Table]:
    if rule.comparison is not None:
        names = {addend.reference.table for addend in rule.comparison.addends}
        return [template.tables[name] for name in names]
    return [table for table in template.tables.values() if any(_sums(table, rule.id))]


def _example(title: str, example: Example) -> list[str]:
    lines = [title]
    for table, rows in example.items():
        columns = list(dict.fromkeys(column for cells in rows.values() for column in cells))
        grid = [[table, *columns]]
        for row, cells in rows.items():
            shown = [_cell(cells[column]) if column in cells else "" for column in columns]
            grid.append([row, *(shown if cells else ["（没有这一行）"])])
        lines += aligned(grid, 2)
    return lines


def _cell(value: Decimal | str) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value and f"“{value}”" or "（空白）"
