"""The outlines by which a template is audited: its own, with stand-ins where it names nobody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from xltool.layout.outline import Outline, default_outline, with_parents
from xltool.model import Path
from xltool.template.binding import is_code
from xltool.template.spec import CODE_LEVELS, DIMENSIONS, Row, Template

_CODES = {
    "function": ("201", "20101", "2010101", "2010102", "20102", "2010201", "202", "20201", "2020101"),
    "economic": ("301", "30101", "30102", "302", "30201"),
}
"""Stand-ins with a branch at every level: where a total has one part only, rules about both look the same."""

_NAMES = ("甲", "乙")
_INDICATORS = ("甲/甲/甲", "甲/甲/乙")


def usual_outline(template: Template) -> Outline:
    """The rows of a new workbook and those that it leaves out (`optional`), with stand-ins where nobody is named."""
    members = {name: template.members[name] or _stand_ins(name) for name in DIMENSIONS}
    return _with_optional_rows(template, members)


def branching_outline(template: Template) -> Outline:
    """An outline in which no rule lacks anything, and none looks like another because a total has one part only.

    No dimension has fewer than two members, every code that a rule or a fixed row names is there, and stand-ins with
    branches at every level.
    """
    members = {}
    for name in DIMENSIONS:
        own = template.members[name]
        if name in CODE_LEVELS:
            codes = (*own, *_CODES[name], *_codes_of_rules(template, name), *_codes_of_rows(template, name))
            members[name] = with_parents(codes, name)
        else:
            members[name] = (*own, *_stand_ins(name)[: max(0, 2 - len(own))])
    return _with_optional_rows(template, members)


def _stand_ins(dimension: str) -> tuple[str, ...]:
    return _CODES.get(dimension, _INDICATORS if dimension == "indicator" else _NAMES)


def _codes_of_rules(template: Template, dimension: str) -> Iterator[str]:
    for rule in template.rules.values():
        for addend in rule.comparison.addends if rule.comparison else ():
            yield from (name for name in addend.reference.row if is_code(dimension, name))


def _codes_of_rows(template: Template, dimension: str) -> Iterator[str]:
    def walk(rows: Iterable[Row]) -> Iterator[str]:
        for row in rows:
            yield from [row.id] if is_code(dimension, row.id) else []
            yield from walk(row.rows)

    for table in template.tables.values():
        for block in table.blocks:
            yield from walk(block.rows)


def _with_optional_rows(template: Template, members: Mapping[str, tuple[str, ...]]) -> Outline:
    outline = default_outline(template)._replace(members=members)

    def walk(table: str, rows: Iterable[Row], above: Path) -> Iterator[tuple[tuple[str, Path, str], tuple[Path, ...]]]:
        for row in rows:
            if not row.each:
                yield from walk(table, row.rows, (*above, row.id))
                continue
            paths = outline.below(table, above, row._replace(optional=False))
            if row.optional:
                yield (table, above, row.each), paths
            for path in paths:
                yield from walk(table, row.rows, (*above, *path))

    optional = {
        place: paths
        for table in template.tables.values()
        for block in table.blocks
        for place, paths in walk(table.id, block.rows, ())
    }
    return outline._replace(by_table=optional)
