"""The outline (骨架) of one workbook: which units, 科目 and projects its rows repeat over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from xltool.model import FactKey, Path, member_name, parse_path
from xltool.template.binding import is_code
from xltool.template.spec import CODE_LEVELS, Block, Row, Table, Template

INDICATOR_DEPTH = 3


class Outline(NamedTuple):
    """The members of each dimension.

    `members` holds for every table (an indicator as its path joined by "/"); `by_table` says otherwise for the rows
    below one row of one table, keyed by (table id, path of that row, dimension). `extra` are rows that the template
    does not know, by (table id, index of the block). A member is the last name of its rows' paths; an indicator is
    its whole path. `decimals` is what all amounts are printed with if that is not what the template says.
    `corrections` are units and projects of a 汇总 whose amounts correct those of others (差额, 调整), below zero too.
    """

    department: str
    year: int
    amount_unit: str
    members: Mapping[str, tuple[str, ...]]
    by_table: Mapping[tuple[str, Path, str], tuple[Path, ...]] = MappingProxyType({})
    extra: Mapping[tuple[str, int], tuple[Path, ...]] = MappingProxyType({})
    decimals: int | None = None
    corrections: frozenset[str] = frozenset()

    def below(self, table: str, above: Path, row: Row) -> tuple[Path, ...]:
        """The paths (relative to `above`) of the rows that `row` repeats over."""
        own = self.by_table.get((table, above, row.each))
        if own is not None:
            return own
        if row.optional:
            return ()
        members = self.members.get(row.each, ())
        if row.each in CODE_LEVELS:
            return tuple((code,) for code in members if len(code) in row.levels)
        return tuple(parse_path(member) if row.each == "indicator" else (member,) for member in members)

    def text(self, template_text: str) -> str:
        """`template_text` with its placeholders filled in."""
        return (
            template_text.replace("{department}", self.department)
            .replace("{year}", str(self.year))
            .replace("{last_year}", str(self.year - 1))
            .replace("{amount_unit}", self.amount_unit)
        )


def default_outline(template: Template) -> Outline:
    """The rows that the template itself names."""
    return Outline(template.department, template.year, template.amount_unit, template.members)


def with_parents(codes: Iterable[str], dimension: str) -> tuple[str, ...]:
    """The codes of a classified dimension with every parent they need, sorted, each once."""
    levels = CODE_LEVELS[dimension]
    return tuple(sorted({code[:level] for code in codes for level in levels if level <= len(code)}))


def match_row(rows: tuple[Row, ...], path: Path) -> tuple[Row, ...]:
    """The definitions along `path`, outermost first; () if no row of the template has that path."""
    fits = [row for row in rows if path and not row.each and row.id == path[0]]
    fits += [row for row in rows if row.each and _repeats_as(row, path)]
    for row in fits:
        if len(path) == 1 or row.each == "indicator":
            return (row,)
        below = match_row(row.rows, path[1:])
        if below:
            return (row, *below)
    return ()


def _repeats_as(row: Row, path: Path) -> bool:
    """Whether a row that repeats may stand for the first name of a path; an indicator is a whole path."""
    if row.each == "indicator":
        return len(path) == INDICATOR_DEPTH
    return bool(path) and (row.each not in CODE_LEVELS or has_code(row, path[0]))


def has_code(row: Row, text: str) -> bool:
    """Whether `text` is a code of the dimension and of one of the levels that `row` repeats over."""
    return is_code(row.each, text) and len(text) in row.levels


def group_label(rows: tuple[Row, ...], path: Path, outline: Outline) -> str:
    """The label of the row at `path` if it is a group, which has no line of its own; else ""."""
    chain = match_row(rows, path)
    if not chain or not chain[-1].group:
        return ""
    return member_name(path[-1]) if chain[-1].each else outline.text(chain[-1].label)


def outline_of(template: Template, keys: Iterable[FactKey], department: str, year: int, amount_unit: str) -> Outline:
    """The outline that has a row for every fact of `keys`, in their order; codes sorted, so that parents stand above.

    Codes of the finest level alone get the rows of their parents: nothing else would add them up. Facts whose table
    or column the template does not have are passed over.
    """
    units: dict[str, None] = {}
    below: dict[tuple[str, Path, str], dict[Path, None]] = {}
    extra: dict[tuple[str, int], dict[Path, None]] = {}
    levels: dict[tuple[str, Path, str], tuple[int, ...]] = {}
    seen: set[tuple[str, int, Path]] = set()
    for key in keys:
        index = block_of(template.tables.get(key.table), key.column, key.row)
        if index is None or (key.table, index, key.row) in seen:
            continue
        seen.add((key.table, index, key.row))
        chain = match_row(template.tables[key.table].blocks[index].rows, key.row)
        if not chain:
            extra.setdefault((key.table, index), {})[key.row] = None
        for depth, row in enumerate(chain):
            above, name = key.row[:depth], key.row[depth]
            if row.each == "unit":
                units[name] = None
            elif row.each:
                member = key.row[depth:] if row.each == "indicator" else (name,)
                below.setdefault((key.table, above, row.each), {})[member] = None
                levels[key.table, above, row.each] = row.levels
    ordered = {
        place: _sorted_codes(members, levels[place]) if place[2] in CODE_LEVELS else tuple(members)
        for place, members in below.items()
    }
    return Outline(
        department,
        year,
        amount_unit,
        {"unit": tuple(units)},
        ordered,
        {place: tuple(rows) for place, rows in extra.items()},
    )


def _sorted_codes(members: Iterable[Path], levels: tuple[int, ...]) -> tuple[Path, ...]:
    codes = {member[0] for member in members}
    if all(len(code) == levels[-1] for code in codes):
        codes |= {code[:level] for code in codes for level in levels}
    return tuple((code,) for code in sorted(codes))


def block_of(table: Table | None, column: Path, row: Path) -> int | None:
    """Index of the block that holds facts of `column`; of several forms, the one with that row."""
    if table is None:
        return None
    holding = [i for i, block in enumerate(table.blocks) if any(c.path == column for c in block.columns)]
    if len(holding) > 1:
        holding = [i for i in holding if _has_row(table.blocks[i], row)] or holding
    return holding[0] if holding else None


def _has_row(block: Block, row: Path) -> bool:
    return bool(match_row(block.rows, row))
