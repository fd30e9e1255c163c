"""Makes the rows of blocks with labels in two columns: units in the first, what belongs to each in the second."""

from __future__ import annotations

from xltool.drafting import words
from xltool.drafting.rows.fixed_rows import DEPARTMENT_ROW, fixed_row
from xltool.drafting.rows.lines import LabelledLine, is_total
from xltool.drafting.spec import DraftBlock, DraftRow, Instance
from xltool.template.names import normal

_YEARS = "年度"
_Section = tuple[int, list[LabelledLine]]
"""The line of a unit (the first one of a group) and the lines that belong to it."""


def nested_label_rows(
    block: DraftBlock, lines: list[LabelledLine], heads: words.Heads, units: set[str]
) -> list[DraftRow]:
    """部门 and the units with their own lines, or, where every line names its unit too, units as groups.

    What is said of units holds for projects with 品目 too.
    """
    totals = [line for line in lines if not line.is_inner and is_total(line)]
    own = [line for line in lines if line not in totals]
    rows = _own_rows(block, own, heads, units)
    before = [line for line in totals if own and line.row < own[0].row]
    after = [line for line in totals if line not in before]
    return [*_totals(before, heads), *rows, *_totals(after, heads)]


def _totals(lines: list[LabelledLine], heads: words.Heads) -> list[DraftRow]:
    return [fixed_row(line, heads) for line in lines]


def _own_rows(block: DraftBlock, lines: list[LabelledLine], heads: words.Heads, units: set[str]) -> list[DraftRow]:
    outer, name = (normal(column.headings[-1]) for column in (block.labels[0], block.labels[-1]))
    is_project = not words.UNITS_OWN_COLUMN.fullmatch(outer)
    run = DraftRow(each="project" if is_project else "unit")
    if all(line.outer for line in lines) and (lines or is_project):
        return _groups(lines, run, name, heads, units)
    rows, sections = _sections(lines, run, heads)
    units |= {normal(instance.member) for instance in run.instances if not is_project}
    run.rows = _inner_rows(name, sections, heads)
    return rows


def _groups(lines: list[LabelledLine], run: DraftRow, name: str, heads: words.Heads, units: set[str]) -> list[DraftRow]:
    """The lines of each unit; of several names with the same years, the first may be the whole department."""
    found: dict[str, _Section] = {}
    for line in lines:
        found.setdefault(line.outer, (line.row, []))[1].append(line)
    whole: list[DraftRow] = []
    first = next(iter(found), "")
    if len(found) > 1 and name == _YEARS and normal(first) == normal(heads.department):
        section = found.pop(first)
        row = DraftRow(DEPARTMENT_ROW, "{department}", group=True, instances=[Instance(section[0])])
        row.rows = _inner_rows(name, [section], heads)
        whole = [row]
    run.group = True
    run.optional = not found
    run.instances = [Instance(start, member=member) for member, (start, _) in found.items()]
    run.rows = _inner_rows(name, list(found.values()), heads)
    if run.each == "unit":
        units |= {normal(member) for member in found}
    return [*whole, run]


def _sections(lines: list[LabelledLine], unit: DraftRow, heads: words.Heads) -> tuple[list[DraftRow], list[_Section]]:
    """The rows at the top, and the lines below each unit; the first name is 部门 if another one follows right below."""
    rows = [unit]
    sections: list[_Section] = []
    for i, line in enumerate(lines):
        if line.is_inner:
            if sections:
                sections[-1][1].append(line)
        elif i == 0 and len(lines) > 1 and not lines[1].is_inner:
            department = fixed_row(line, heads)
            department.id = DEPARTMENT_ROW
            rows.insert(0, department)
        else:
            unit.instances.append(Instance(line.row, member=line.text))
            sections.append((line.row, []))
    return rows, sections


def _inner_rows(name: str, sections: list[_Section], heads: words.Heads) -> list[DraftRow]:
    """What stands below each unit: years, classes with 品目 in them, 品目, or projects."""
    if words.ITEMS.search(name):
        return _items(sections, heads)
    if name == _YEARS:
        return _fixed(sections, heads)
    row = DraftRow(each="project")
    row.instances = [
        Instance(line.row, above, line.text) for above, lines in sections for line in lines if not is_total(line)
    ]
    row.optional = not row.instances
    totals = _fixed([(above, [line for line in lines if is_total(line)]) for above, lines in sections], heads)
    is_first = any(is_total(lines[0]) for _, lines in sections if lines)
    return [*totals, row] if is_first else [row, *totals]


def _fixed(sections: list[_Section], heads: words.Heads) -> list[DraftRow]:
    """The same rows below each unit."""
    rows: dict[str, DraftRow] = {}
    for above, lines in sections:
        for line in lines:
            drafted = fixed_row(line, heads)
            row = rows.setdefault(drafted.id, drafted)
            row.instances = [*(row.instances if row is not drafted else []), Instance(line.row, above)]
    return list(rows.values())


def _items(sections: list[_Section], heads: words.Heads) -> list[DraftRow]:
    """品目, below the classes (货物类 …) that they are printed under, if any are."""
    is_class = words.ITEM_CLASS.search
    rows = _fixed([(above, [line for line in lines if is_class(line.text)]) for above, lines in sections], heads)
    items = [DraftRow(each="item") for _ in rows] or [DraftRow(each="item")]
    for row, item in zip(rows, items, strict=False):
        row.rows = [item]
    for above, lines in sections:
        current, at = items[0], above
        for line in lines:
            if is_class(line.text):
                row = next(row for row in rows if any(instance.line == line.row for instance in row.instances))
                current, at = row.rows[0], line.row
            else:
                current.instances.append(Instance(line.row, at, line.text))
    for item in items:
        item.optional = not item.instances
    return rows or items
