"""Makes the rows of blocks with labels in two columns: units in the first, what belongs to each in the second."""

from __future__ import annotations

from xltool.drafting import words
from xltool.drafting.fixed_rows import DEPARTMENT_ROW, fixed_row
from xltool.drafting.lines import Line
from xltool.drafting.spec import DraftBlock, DraftRow, Instance
from xltool.template.names import normal

_Section = tuple[int, list[Line]]
"""The line of a unit (the first one of a group) and the lines that belong to it."""


def nested_label_rows(block: DraftBlock, lines: list[Line], heads: words.Heads, units: set[str]) -> list[DraftRow]:
    """部门 and the units with their own lines, or, where every line names its unit too, units as groups."""
    name = normal(block.labels[-1].headings[-1])
    unit = DraftRow(each="unit")
    if lines and all(line.outer for line in lines):
        unit.group = True
        rows = [unit]
        sections = _groups(lines, unit)
    else:
        rows, sections = _sections(lines, unit, heads)
    units |= {normal(instance.member) for instance in unit.instances}
    unit.rows = _inner_rows(name, sections, heads)
    return rows


def _groups(lines: list[Line], unit: DraftRow) -> list[_Section]:
    """The lines of each unit."""
    found: dict[str, tuple[int, list[Line]]] = {}
    for line in lines:
        found.setdefault(line.outer, (line.row, []))[1].append(line)
    unit.instances = [Instance(first, member=name) for name, (first, _) in found.items()]
    return list(found.values())


def _sections(lines: list[Line], unit: DraftRow, heads: words.Heads) -> tuple[list[DraftRow], list[_Section]]:
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
    if name == "年度":
        return _fixed(sections, heads)
    row = DraftRow(each="project")
    row.instances = [Instance(line.row, above, line.text) for above, lines in sections for line in lines]
    row.optional = not row.instances
    return [row]


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
