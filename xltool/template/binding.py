"""Ties a rule's expression to the tables of its template: every name is resolved once, when the template is loaded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from xltool.expression import Addend, Comparison, ExpressionError, Reference
from xltool.model import Path, format_path, parse_path
from xltool.template.names import nearest
from xltool.template.spec import CODE_LEVELS, DIMENSIONS, FIGURES, FORM_COLUMN, Block, Column, Row, Slot, Table

FIRST_DIGIT = {"function": "2", "economic": "3"}
"""What the codes of a classified dimension begin with."""

_NAMED = tuple(dimension for dimension in DIMENSIONS if dimension not in CODE_LEVELS)


@lru_cache(maxsize=4096)
def is_code(dimension: str, text: str) -> bool:
    """Whether `text` has the shape of a code of a classified dimension (功能 2…, 部门经济 3…; 3, 5 or 7 digits)."""
    levels = CODE_LEVELS.get(dimension, ())
    return len(text) in levels and text[0] == FIRST_DIGIT[dimension] and text.isdecimal() and text.isascii()


def row_patterns(rows: tuple[Row, ...], above: Path = ()) -> Iterator[Path]:
    """The paths that rows can have; a dimension name stands for any member."""
    for row in rows:
        here = (*above, row.each or row.id)
        yield here
        yield from row_patterns(row.rows, here)


def matches(wanted: Path, path: Path, pattern: Path) -> bool:
    """Whether the row at `path` (an instance of `pattern`) is one that the reference's row path `wanted` names."""
    return len(wanted) == len(path) and all(
        want == kind or (is_code(want, name) if want in DIMENSIONS else want == name)
        for want, name, kind in zip(wanted, path, pattern, strict=True)
    )


def matching_paths(tail: Path, paths: list[Path]) -> list[Path]:
    """Those of `paths` that are `tail`, or, if none is, that end in it."""
    return [path for path in paths if path == tail] or [path for path in paths if path[-len(tail) :] == tail]


def bind(comparison: Comparison, each: tuple[str, ...], tables: Mapping[str, Table]) -> Comparison:
    """The comparison with full row and column paths. Raises ExpressionError naming the part that fits no table."""

    def side(addends: tuple[Addend, ...]) -> tuple[Addend, ...]:
        return tuple(Addend(addend.coefficient, _bind(addend.reference, each, tables)) for addend in addends)

    return comparison._replace(left=side(comparison.left), right=side(comparison.right))


def bind_reference(reference: Reference, tables: Mapping[str, Table]) -> Reference:
    """A reference by itself, whose dimensions stand for every member. Raises ExpressionError as `bind` does."""
    return _bind(reference, DIMENSIONS, tables)


def bind_slot(table: Table, name: str, kinds: tuple[str, ...]) -> Slot:
    """The column, or field of a form, of one of `kinds` that `name` (the end of a path) means in `table`.

    Raises ExpressionError if there is none, more than one, or one of another kind.
    """
    kinds_of = {Slot(column.path): column.kind for column in _columns(table)}
    fitting = matching_paths(parse_path(name), [column.path for column in _columns(table)])
    found = [Slot(path) for path in dict.fromkeys(fitting)]
    for field in (row for block in table.blocks for row in _fields(block, table)):
        if field.id == name:
            found.append(Slot(FORM_COLUMN, field.id))
            kinds_of[found[-1]] = field.kind
    if len(found) != 1:
        near = nearest(name, (format_path(slot.column) for slot in kinds_of))
        raise ExpressionError(f"表“{table.id}”：“{name}”{'有多栏同名，请写出上级栏' if found else f'没有这一栏{near}'}")
    if kinds_of[found[0]] not in kinds:
        raise ExpressionError(f"表“{table.id}”：“{name}”栏的 kind 是 {kinds_of[found[0]]}，这里要 {' 或 '.join(kinds)}")
    return found[0]


def is_side_by_side(table: Table, slots: Sequence[Slot]) -> bool:
    """Whether one block has all of them."""
    known = [
        {
            *(Slot(column.path) for column in block.columns),
            *(Slot(FORM_COLUMN, row.id) for row in _fields(block, table)),
        }
        for block in table.blocks
    ]
    return any(set(slots) <= own for own in known)


def _columns(table: Table) -> list[Column]:
    return [column for block in table.blocks if not block.is_form for column in block.columns]


def _fields(block: Block, table: Table) -> tuple[Row, ...]:
    if not block.is_form:
        return ()
    return block.rows[0].rows if table.each else block.rows


def _bind(reference: Reference, each: tuple[str, ...], tables: Mapping[str, Table]) -> Reference:
    if reference.table not in tables:
        raise ExpressionError(f"没有表“{reference.table}”{nearest(reference.table, tables)}")
    table = tables[reference.table]
    figures = (*FIGURES, "field")
    known = [column.path for block in table.blocks for column in block.columns if column.kind in figures]
    columns = matching_paths(reference.column, list(dict.fromkeys(known)))
    if len(columns) != 1:
        reason = "有多栏同名，请写出上级栏" if columns else f"没有这一栏{_instead(reference, table, known)}"
        raise ExpressionError(f"表“{table.id}”：“{format_path(reference.column)}”{reason}")
    holding = [block for block in table.blocks if any(column.path == columns[0] for column in block.columns)]
    patterns = [pattern for block in holding for pattern in row_patterns(block.rows)]
    row = _bind_row(reference.row, patterns, table.id)
    for name in row:
        if name in DIMENSIONS and name not in each and not reference.summed:
            raise ExpressionError(
                f'“{reference}”：{name} 不在 each 里：逐行比较的，规则里要写 each = ["{name}"]；各行相加的，写成 sum(…)'
            )
    return Reference(reference.table, row, columns[0], reference.summed)


def _instead(reference: Reference, table: Table, columns: list[Path]) -> str:
    """What may be meant by a column that is none: a row and a column the wrong way round, or a like name."""
    if matching_paths(reference.row, columns):
        return "，要先写行，后写栏"
    names = {format_path(path[i:]) for path in columns for i in range(len(path))}
    return nearest(format_path(reference.column), names)


def _bind_row(wanted: Path, patterns: list[Path], table: str) -> Path:
    """`wanted`, lengthened to a full path if it is an unambiguous end of one."""
    full = [pattern for pattern in patterns if _fits(wanted, pattern)]
    if full:
        return wanted
    longer = [
        pattern[: -len(wanted)] + wanted
        for pattern in patterns
        if len(pattern) > len(wanted)
        and _fits(wanted, pattern[-len(wanted) :])
        and not set(pattern[: -len(wanted)]) & set(DIMENSIONS)
    ]
    if len(longer) != 1:
        names = (format_path(pattern) for pattern in patterns)
        reason = "有多行同名，请写出上级行" if longer else f"没有这一行{nearest(format_path(wanted), names)}"
        raise ExpressionError(f"表“{table}”：“{format_path(wanted)}”{reason}")
    return longer[0]


def _fits(wanted: Path, pattern: Path) -> bool:
    return len(wanted) == len(pattern) and all(
        want == kind or is_code(kind, want) or is_code(want, kind) or (kind in _NAMED)
        for want, kind in zip(wanted, pattern, strict=True)
    )
