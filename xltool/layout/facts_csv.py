"""Facts as a long table: `table,row,column,value`, one line a fact, paths joined by "/"; a share as 0.98 or 98%."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import cache

from xltool.errors import FactsError, FileRefused
from xltool.layout.block import MOST_ROWS
from xltool.layout.book import NOTE
from xltool.layout.outline import block_of, match_row
from xltool.model import Fact, FactKey, Path, Value, format_path, parse_path
from xltool.source.cells import amount, shortened
from xltool.source.lists import Columns, ListLine
from xltool.template.spec import FIGURES, Template

COLUMNS = ("table", "row", "column", "value")
CELL_COLUMNS = ("sheet", "cell")

_TEXT = "text"
"""Where the long table of several workbooks has texts, see `long_table.Line`."""

LIST = Columns({name: (name,) for name in (*COLUMNS, _TEXT)}, frozenset(COLUMNS))


def parse_facts(lines: Iterable[ListLine] | None, name: str, template: Template) -> dict[FactKey, Value]:
    """The facts of a long table, in its order; a blank value means a cell that is blank on purpose.

    Texts may have a column of their own; other columns than these are passed over. `name` is that of the file. Raises
    FileRefused if it has no such columns (`lines` is None), or no facts, FactsError listing every line that does not
    fit the template.
    """
    paths = cache(parse_path)
    kinds = _Kinds(template)
    facts: dict[FactKey, Value] = {}
    rows: dict[str, set[Path]] = {}
    problems: list[str] = []
    for place, texts in lines or ():
        table, row, column, value_text = (texts[column] for column in COLUMNS)
        text = value_text or texts.get(_TEXT, "")
        key = FactKey(table, paths(row), paths(column))
        value, problem = (None, "与前面的一行重复") if key in facts else _value(kinds, key, text)
        if problem:
            problems.append(f"{place}（{table} {row} {column}）：{problem}")
        rows.setdefault(table, set()).add(key.row)
        facts[key] = value
    if not facts:
        raise FileRefused(f"“{name}”不是数据表：第一行应为 {','.join(COLUMNS)}，其后每行一个数。")
    if problems:
        raise FactsError(f"“{name}”有 {len(problems)} 行不能填入模板“{template.title}”：", problems)
    for table, paths_there in rows.items():
        if len(paths_there) > MOST_ROWS:
            raise FileRefused(
                f"“{name}”的表“{table}”有 {len(paths_there)} 行，一张表最多填 {MOST_ROWS} 行：请检查 row 这一列。"
            )
    return facts


class _Kinds:
    """What is expected in the cells of a template: a kind of column, or why there is no such cell."""

    def __init__(self, template: Template) -> None:
        self._template = template
        self._by_column: dict[tuple[str, Path], tuple[str, str] | None] = {}

    def expected(self, key: FactKey) -> tuple[str, str]:
        """The kind of a cell and "", or "" and the problem."""
        column = key.table, key.column
        if column not in self._by_column:
            self._by_column[column] = self._in_any_row(*column)
        return self._by_column[column] or self._in_row(key)

    def _in_any_row(self, name: str, column: Path) -> tuple[str, str] | None:
        """The same for all rows of a column; None if it depends on the row."""
        table = self._template.tables.get(name)
        if table is None:
            return "", f"模板里没有表“{name}”"
        if column == NOTE:
            return "text", ""
        holding = [(block, one) for block in table.blocks for one in block.columns if one.path == column]
        if not holding:
            return "", f"表里没有“{format_path(column)}”这一栏"
        block, one = holding[0]
        return None if len(holding) > 1 or block.is_form or one.kind == "field" else (one.kind, "")

    def _in_row(self, key: FactKey) -> tuple[str, str]:
        table = self._template.tables[key.table]
        block = table.blocks[block_of(table, key.column, key.row) or 0]
        row = match_row(block.rows, key.row)
        if block.is_form and not row:
            return "", f"表里没有“{format_path(key.row)}”这一项"
        kind = next(column.kind for column in block.columns if column.path == key.column)
        return row[-1].kind if kind == "field" else kind, ""


def _value(kinds: _Kinds, key: FactKey, text: str) -> tuple[Value, str]:
    kind, problem = kinds.expected(key)
    if problem or (not text and key.column != NOTE):
        return None, problem
    if kind not in FIGURES:
        return text, ""
    is_share = kind == "percent" and text.endswith("%")
    number = amount(text.rstrip("%") if is_share else text).value
    if number is None:
        return None, f"“{shortened(text)}”不是数字"
    return number.scaleb(-2) if is_share else number, ""


def fact_lines(facts: Iterable[Fact], with_cells: bool) -> Iterator[tuple[str | Decimal, ...]]:
    """The heading and one line a fact, for `csv_text`."""
    yield (*COLUMNS, *CELL_COLUMNS) if with_cells else COLUMNS
    for key, value, cell, _ in facts:
        line = (key.table, format_path(key.row), format_path(key.column), "" if value is None else value)
        yield (*line, *((cell.sheet, cell.a1) if cell else ("", ""))) if with_cells else line
