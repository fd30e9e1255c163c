"""Makes the rows of a block from its lines: fixed ones as a tree, and runs of units, 科目, projects and indicators."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from xltool.drafting import words
from xltool.drafting.rows.fixed_rows import DEPARTMENT_ROW, fixed_row, named
from xltool.drafting.rows.lines import LabelledLine, class_codes, is_total, lines_of
from xltool.drafting.rows.nested_labels import nested_label_rows
from xltool.drafting.rows.nesting import Node, nested
from xltool.drafting.rows.unit_rows import lists_only_units, set_items, set_levels, unit_rows
from xltool.drafting.seen.page import Page
from xltool.drafting.seen.tables import Grid
from xltool.drafting.spec import DraftBlock, DraftRow, Instance
from xltool.model import format_path
from xltool.template.names import normal
from xltool.template.spec import FIGURES

_FIXED_TASKS = ("基本支出", "项目支出")
_WHOLE_LIST = 20
"""A table that prints so many 类 prints all of them, in every workbook."""


def set_rows(
    page: Page,
    grid: Grid,
    block: DraftBlock,
    title: str,
    heads: words.Heads,
    units: set[str],
    is_repeated: bool = False,
) -> None:
    """Give the block its rows; `units` are the normal names of the units known so far, and learns those found here.

    In a form that is repeated for each project, a numbered list and one of mere texts are each project's own.
    """
    if block.column("path"):
        block.rows = [_indicators(page, grid, block)]
    elif not block.column("label", "name", "code"):
        block.rows = _nameless(page, grid, block)
    else:
        block.rows = named(_named_rows(page, grid, block, title, heads, units, is_repeated))


def _named_rows(
    page: Page, grid: Grid, block: DraftBlock, title: str, heads: words.Heads, units: set[str], is_repeated: bool
) -> list[DraftRow]:
    """The rows of a block whose lines have names or codes."""
    lines, block.dimension = lines_of(page, grid, block, title, heads)
    if len(block.labels) > 1:
        return nested_label_rows(block, lines, heads, units)
    if not block.dimension and _lists_projects(block) and "基本支出" in title:
        block.dimension = "economic"
    if _lists_units(block, lines, heads, units):
        return unit_rows(page, block, lines, heads, units)
    if block.dimension:
        return _around_run(page, block, lines, heads, _codes(block.dimension, lines))
    if _lists_projects(block):
        return _list_rows(page, block, lines, heads, "project")
    if is_repeated and (block.column("serial") or not any(column.kind in FIGURES for column in block.columns)):
        return _list_rows(page, block, lines, heads, "item")
    return _fixed(page, block, lines, heads) or [DraftRow(each="item", optional=True)]


def _lists_units(block: DraftBlock, lines: list[LabelledLine], heads: words.Heads, units: set[str]) -> bool:
    if lists_only_units(block):
        return True
    label = block.column("label")
    if label is None or block.column("code") or not lines or lines[0].code:
        return False
    name = normal(lines[0].text)
    return name == normal(heads.department) or name in units


def _lists_projects(block: DraftBlock) -> bool:
    label = block.column("label")
    return label is not None and bool(words.PROJECTS.search(normal(label.headings[-1])))


def _codes(dimension: str, lines: list[LabelledLine]) -> DraftRow:
    row = DraftRow(each=dimension, instances=[Instance(line.row, member=line.code) for line in lines if line.code])
    set_levels(row)
    row.ordinals = any(words.ordinal(line.text)[0] for line in lines if len(line.code) == row.levels[0])
    return row


def _around_run(
    page: Page, block: DraftBlock, lines: list[LabelledLine], heads: words.Heads, run: DraftRow
) -> list[DraftRow]:
    """Fixed lines above the first member of a run, the run, and the fixed lines below."""
    first = next((i for i, line in enumerate(lines) if line.row == run.instances[0].line), 0) if run.instances else 0
    if not run.instances:
        first = len(lines)
    members = {instance.line for row in (run, *run.rows) for instance in row.instances}
    above = _fixed(page, block, lines[:first], heads)
    others = [line for line in lines[first:] if line.row not in members and not words.is_filler(line.text)]
    below = _fixed(page, block, others, heads)
    if above and _adds_up(page, block, above[-1], members):
        above[-1].rows = [run]
        run.instances = [replace(at, above=above[-1].instances[0].line) for at in run.instances]
        return [*above, *below]
    return [*above, run, *below]


def _adds_up(page: Page, block: DraftBlock, row: DraftRow, members: Collection[int]) -> bool:
    """Whether a row that is called no total has the formula of one, over members that stand in it."""
    if row.rows or words.TOTAL.search(normal(row.label)) or row.id == DEPARTMENT_ROW:
        return False
    line = row.instances[0].line
    added = {cell.row for column in block.amounts for cell in page.terms(line, column.at) or ()}
    return bool(added) and added <= set(members)


def _list_rows(
    page: Page, block: DraftBlock, lines: list[LabelledLine], heads: words.Heads, each: str
) -> list[DraftRow]:
    """A list of projects, with the lines set off below each, or of items; 基本支出 and totals among them are fixed."""
    fixed = [line for line in lines if is_total(line) or words.identifier(line.text).startswith(_FIXED_TASKS)]
    run = DraftRow(each=each)
    members = [line for line in lines if line not in fixed and not words.is_filler(line.text)]
    run.instances = [Instance(line.row, member=line.text) for line in members]
    run.optional = not run.instances
    if each == "project":
        set_items(page, block, run, lines)
    if run.instances:
        return _around_run(page, block, lines, heads, run)
    first = [line for line in fixed if not is_total(line)]
    last = [line for line in fixed if is_total(line)]
    return [*_fixed(page, block, first, heads), run, *_fixed(page, block, last, heads)]


def _nameless(page: Page, grid: Grid, block: DraftBlock) -> list[DraftRow]:
    """The lines of a block without labels: those with a figure, or one that is still blank."""
    filled = [
        row for row in range(grid.first, grid.last + 1) if any(page.number(row, column.at) for column in block.amounts)
    ]
    lines = filled or [grid.first]
    names = ["金额"] if len(lines) == 1 else [f"第{number}行" for number in range(1, len(lines) + 1)]
    return [DraftRow(name, instances=[Instance(line)]) for name, line in zip(names, lines, strict=True)]


def _indicators(page: Page, grid: Grid, block: DraftBlock) -> DraftRow:
    """The list of indicators; an outer level that is blank is that of the line above."""
    columns = [column.at for column in block.columns if column.kind == "path"]
    row = DraftRow(each="indicator")
    before = ("",) * len(columns)
    for line in range(grid.first, grid.last + 1):
        if not page.sheet.raw(line, columns[-1]):
            continue
        before = tuple(page.text(line, at) or above for at, above in zip(columns, before, strict=True))
        row.instances.append(Instance(line, member=format_path(before)))
    row.optional = not row.instances
    return row


def _fixed(page: Page, block: DraftBlock, lines: list[LabelledLine], heads: words.Heads) -> list[DraftRow]:
    codes = class_codes(lines, heads)
    label = block.column("label", "name")
    at = label.at if label else 1
    return named(_tree(page, nested(page, block, lines), heads, codes, at, 0))


def _tree(
    page: Page, nodes: Iterable[Node], heads: words.Heads, codes: dict[int, str], at: int, above: int
) -> list[DraftRow]:
    rows = []
    for node in nodes:
        row = fixed_row(node.line, heads)
        row.id = codes.get(node.line.row, row.id)
        row.indent = page.indent(node.line.row, at)
        row.instances = [Instance(node.line.row, above)]
        row.rows = named(_tree(page, node.rows, heads, codes, at, node.line.row))
        for below in row.rows:
            below.negative |= row.negative
        rows.append(row)
    return _with_runs(rows, set(codes.values()), above)


def _with_runs(rows: list[DraftRow], classes: set[str], above: int) -> list[DraftRow]:
    """The rows beside each other, with a run instead of those that only some workbooks have: the 类 where not the
    whole list of them is printed, and what “……” stands for."""
    fillers = [row for row in rows if words.is_filler(row.label)]
    members = [row for row in rows if row.id in classes and len(classes) < _WHOLE_LIST and not row.rows]
    if not fillers and not members:
        return rows
    run = DraftRow(each="item", optional=True)
    if members:
        run = DraftRow(each="function", ordinals=any(words.ordinal(row.label)[0] == 1 for row in members))
        run.instances = [Instance(row.instances[0].line, above, row.id) for row in members]
        set_levels(run)
    replaced = [*members, *fillers]
    first = next(i for i, row in enumerate(rows) if row in replaced)
    return [*rows[:first], run, *(row for row in rows[first:] if row not in replaced)]


def mark_feet(blocks: list[DraftBlock]) -> None:
    """Rows at the foot of blocks side by side: from the first line on which every block has a total."""
    if len(blocks) < 2:
        return
    totals = [
        {row.instances[0].line for row in block.rows if not row.each and words.TOTAL.search(normal(row.label))}
        for block in blocks
    ]
    shared = set.intersection(*totals)
    for row in (row for block in blocks for row in block.rows):
        row.footer = bool(shared) and not row.each and row.instances[0].line >= min(shared)
