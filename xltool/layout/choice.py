"""An outline as the user wants it: for another department or year, with these 科目, with these projects."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from xltool.errors import FactsError, FileRefused
from xltool.layout.outline import Outline, with_parents
from xltool.model import Path
from xltool.template.binding import is_code, row_patterns
from xltool.template.names import normal
from xltool.template.spec import CODE_LEVELS, Template


def with_heads(outline: Outline, unit: str | None, year: int | None, amount_unit: str | None) -> Outline:
    """The outline for another department, year or amount unit; units named after the department (X局本级) follow it."""
    members, by_table, old = dict(outline.members), outline.by_table, outline.department
    if unit and old:
        units = {name: unit + name[len(old) :] for name in members.get("unit", ()) if name.startswith(old)}
        members["unit"] = tuple(units.get(name, name) for name in members.get("unit", ()))
        by_table = {
            (table, tuple(units.get(name, name) for name in above), dimension): rows
            for (table, above, dimension), rows in by_table.items()
        }
    return outline._replace(
        department=unit or old,
        year=year or outline.year,
        amount_unit=amount_unit or outline.amount_unit,
        members=members,
        by_table=by_table,
    )


def for_unit(outline: Outline, template: Template, department: str, unit: str) -> Outline:
    """The outline for the workbook of one unit of a department.

    A format with rows of units beside amounts has the department's name above its tables and the rows of the unit, in
    which come together those of all units of `outline`; any other has the unit's own name above.
    """
    units = {*outline.members.get("unit", ())}
    rows: dict[tuple[str, Path, str], tuple[Path, ...]] = {}
    for (table, above, dimension), own in outline.by_table.items():
        place = table, tuple(unit if name in units else name for name in above), dimension
        both = tuple(dict.fromkeys((*rows.get(place, ()), *own)))
        rows[place] = tuple(sorted(both)) if dimension in CODE_LEVELS else both
    return outline._replace(
        department=department if has_units(template) else unit,
        members={**outline.members, "unit": (unit,)},
        by_table=rows,
    )


def has_units(template: Template) -> bool:
    """Whether amounts of the format stand in rows of units, so that one workbook can have several."""
    blocks = [block for table in template.tables.values() for block in table.blocks if block.amounts]
    return any("unit" in pattern for block in blocks for pattern in row_patterns(block.rows))


def with_subjects(outline: Outline, subjects: Iterable[str]) -> Outline:
    """The outline with these 科目 in place of its own, for each dimension that any of them belongs to."""
    codes = _codes(subjects)
    wrong = [code for code in codes if not any(is_code(dimension, code) for dimension in CODE_LEVELS)]
    if wrong:
        raise FactsError("这些不是科目编码（功能科目 3、5、7 位，以 2 开头；经济科目 3、5 位，以 3 开头）：", wrong)
    chosen = {
        dimension: with_parents(own, dimension)
        for dimension in CODE_LEVELS
        if (own := [code for code in codes if is_code(dimension, code)])
    }
    return outline._replace(members={**outline.members, **chosen}, by_table=_without(outline, chosen))


def has_chosen(subjects: Iterable[str], codes: Iterable[str]) -> bool:
    """Whether any of these 科目 takes the place of `codes`: they are of the same dimension."""
    chosen = _codes(subjects)
    return any(is_code(dimension, code) for code in codes for dimension in _dimensions(chosen))


def _codes(subjects: Iterable[str]) -> list[str]:
    return [code for text in subjects for code in re.split(r"[\s,，、;；]+", text) if code]


def _dimensions(codes: Iterable[str]) -> set[str]:
    return {dimension for code in codes for dimension in CODE_LEVELS if is_code(dimension, code)}


def with_projects(outline: Outline, projects: Iterable[str], template: Template) -> Outline:
    """The outline with these projects in place of its own, in every table that lists projects."""
    blocks = [block for table in template.tables.values() for block in table.blocks]
    if not any("project" in pattern for block in blocks for pattern in row_patterns(block.rows)):
        raise FileRefused(f"模板“{template.title}”没有按项目列的表：请去掉 --projects。")
    names = [name for text in projects if (name := text.strip())]
    same = [normal(name) for name in names]
    repeated = [name for name, one in dict(zip(names, same, strict=True)).items() if same.count(one) > 1]
    if repeated:
        raise FactsError("这些项目写了不止一次，请改成不同的名称：", repeated)
    members = {**outline.members, "project": tuple(names)}
    return outline._replace(members=members, by_table=_without(outline, ["project"]))


def _without(outline: Outline, dimensions: Iterable[str]) -> Mapping[tuple[str, Path, str], tuple[Path, ...]]:
    """What the outline says of single tables, but for the members of some dimensions."""
    return {place: rows for place, rows in outline.by_table.items() if place[2] not in [*dimensions]}
