"""Which lines of a block add up to which: the equations that follow from `sum` and from the codes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from xltool.layout.block import BlockAt, RowAt
from xltool.model import Path
from xltool.template.binding import is_code
from xltool.template.spec import CODE_LEVELS, DIMENSIONS, Part, Row


class LineSum(NamedTuple):
    """A row (or column) that is the sum of others of the same block, by index; parts are (sign, index).

    `over` is the dimension whose top-level rows are added, "code" for a code and those right below it, else "".
    """

    rule: str
    target: int
    parts: tuple[tuple[int, int], ...]
    over: str = ""


def column_sums(block: BlockAt) -> list[LineSum]:
    """The columns of `block` that are the sum of others; columns that the workbook lacks are left out."""
    index = block.column_index
    return [
        LineSum(column.rule, i, tuple((part.sign, index[part.path]) for part in column.sum if _present(block, part)))
        for i, column in enumerate(block.block.columns)
        if column.sum and block.columns[i].sheet_column
    ]


def _present(block: BlockAt, part: Part) -> bool:
    return block.columns[block.column_index[part.path]].sheet_column > 0


def row_sums(block: BlockAt) -> list[LineSum]:
    """The rows of `block` that are the sum of others, from `sum` and from the hierarchy of codes (类 款 项).

    Among the others are rows not in the template that the workbook's own formulas count.
    """
    counted: dict[Path, list[tuple[int, int]]] = {}
    for i, row in enumerate(block.rows):
        for path in row.counted_in:
            counted.setdefault(path, []).append((1, i))
    sums = sorted([*_defined_sums(block), *_code_sums(block)], key=lambda line: line.target)
    return [line._replace(parts=(*line.parts, *counted.get(block.rows[line.target].path, ()))) for line in sums]


def _defined_sums(block: BlockAt) -> Iterator[LineSum]:
    for target, row in enumerate(block.rows):
        if row.definition is None or not row.definition.sum or _is_lower_code(row):
            continue
        parts: list[tuple[int, int]] = []
        for part in row.definition.sum:
            parts += [(part.sign, i) for i in _rows_named(block, row, part.path[0])]
        names = [part.path[0] for part in row.definition.sum]
        over = names[0] if len(names) == 1 and names[0] in DIMENSIONS else ""
        yield LineSum(row.definition.rule, target, tuple(parts), over)


def _rows_named(block: BlockAt, row: RowAt, name: str) -> list[int]:
    """The rows that one part of `row`'s sum stands for."""
    if name == "rows":
        return block.rows_below.get(row.path, [])
    if name not in DIMENSIONS:
        sibling = block.row_index.get((*row.path[:-1], name))
        return [] if sibling is None else [sibling]
    assert row.definition is not None
    nested = any(below.each == name for below in row.definition.rows)
    above = row.path if nested else row.path[:-1]
    below = ((i, block.rows[i]) for i in block.rows_below.get(above, ()))
    found = [i for i, other in below if other.definition is not None and other.pattern[-1] == name]
    found = found or [i for i in _rows_in_groups(block, row, name) if block.rows[i].definition is not None]
    if name not in CODE_LEVELS:
        return found
    return [i for i in found if len(block.rows[i].code) == _levels(block.rows[i])[0]]


def _rows_in_groups(block: BlockAt, row: RowAt, name: str) -> list[int]:
    """The rows of a dimension in groups beside `row`: groups have no line of their own that could be added up."""
    found: list[int] = []
    for pattern, rows in block.rows_of_pattern.items():
        if pattern[-1] == name and pattern[:-2] == row.pattern[:-1] and pattern[:-1] not in block.rows_of_pattern:
            found += (i for i in rows if block.rows[i].path[:-2] == row.path[:-1])
    return sorted(found)


def _code_sums(block: BlockAt) -> Iterator[LineSum]:
    """Σ of the rows one level below each code, within the same unit."""
    for codes in _codes_by_scope(block):
        children: dict[str, list[int]] = {}
        for code, i in codes.items():
            above = _parent(code, _levels(block.rows[i]))
            if above in codes:
                children.setdefault(above, []).append(i)
        for code, below in children.items():
            yield LineSum("A03", codes[code], tuple((1, i) for i in below), "code")


def orphans(block: BlockAt) -> list[tuple[int, tuple[str, ...]]]:
    """The rows of codes that no total counts because rows above them are missing, and the codes of those rows."""
    found: list[tuple[int, tuple[str, ...]]] = []
    for codes in _codes_by_scope(block):
        for code, i in codes.items():
            above = [code[:level] for level in _levels(block.rows[i]) if level < len(code)]
            missing = tuple(name for name in above if name not in codes)
            if missing and above[-1] in missing:
                found.append((i, missing))
    return found


def below_children(block: BlockAt) -> dict[int, list[int]]:
    """The rows of codes that stand below rows of codes right under them (or, if those lack, further under)."""
    found: dict[int, list[int]] = {}
    for codes in _codes_by_scope(block):
        for code, i in codes.items():
            above = [codes[code[:n]] for n in _levels(block.rows[i]) if n < len(code) and code[:n] in codes]
            if above and above[-1] > i:
                found.setdefault(above[-1], []).append(i)
    return found


def _codes_by_scope(block: BlockAt) -> Iterable[dict[str, int]]:
    """The rows of codes, by code, for each unit."""
    scopes: dict[Path, dict[str, int]] = {}
    for i, row in enumerate(block.rows):
        if row.definition is not None and row.definition.each in CODE_LEVELS and is_code(row.definition.each, row.code):
            scopes.setdefault(row.path[:-1], {})[row.code] = i
    return scopes.values()


def code_levels(block: BlockAt) -> tuple[int, ...]:
    """The lengths of the codes that the block's rows carry, from the coarsest level on; () if they carry none."""

    def found(rows: tuple[Row, ...]) -> tuple[int, ...]:
        return next((levels for row in rows if (levels := row.levels or found(row.rows))), ())

    return found(block.block.rows)


def _levels(row: RowAt) -> tuple[int, ...]:
    return row.definition.levels if row.definition is not None else ()


def _parent(code: str, levels: tuple[int, ...]) -> str:
    return code[: max((level for level in levels if level < len(code)), default=0)]


def _is_lower_code(row: RowAt) -> bool:
    return row.definition is not None and row.definition.each in CODE_LEVELS
