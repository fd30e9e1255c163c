"""Facts as a long table: `table,row,column,value`, one line a fact, paths joined by "/"; a share as 0.98 or 98%."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path as FilePath

from xltool.csv_text import csv_rows
from xltool.errors import FactsError, FileRefused
from xltool.input_file import content_of
from xltool.layout.book import NOTE
from xltool.layout.layout import MOST_ROWS
from xltool.layout.outline import block_of, match_row
from xltool.model import Fact, FactKey, Value, format_path, parse_path
from xltool.source.cells import amount, shortened
from xltool.template.spec import FIGURES, Template

COLUMNS = ("table", "row", "column", "value")
CELL_COLUMNS = ("sheet", "cell")


def read_facts(path: FilePath, template: Template) -> dict[FactKey, Value]:
    """The facts of a long table, in its order; a blank value means a cell that is blank on purpose.

    More columns than `table,row,column,value` are passed over. Raises FileRefused if it is no such table, FactsError
    listing every line that does not fit the template.
    """
    content = content_of(path)
    try:
        lines = list(csv_rows(content.decode("utf-8-sig")))
    except (UnicodeDecodeError, csv.Error) as error:
        raise FileRefused(
            f"“{path.name}”不是 UTF-8 编码的 CSV：请在 Excel 中另存为“CSV UTF-8（逗号分隔）”。"
        ) from error
    at = [lines[0][1].index(name) for name in COLUMNS] if lines and set(COLUMNS) <= set(lines[0][1]) else []
    if len(lines) < 2 or not at:
        raise FileRefused(f"“{path.name}”不是数据表：第一行应为 {','.join(COLUMNS)}，其后每行一个数。")
    facts: dict[FactKey, Value] = {}
    rows: dict[str, set[str]] = {}
    problems: list[str] = []
    for number, fields in lines[1:]:
        table, row, column, text = (fields[place] if place < len(fields) else "" for place in at)
        if not any((table, row, column, text)):
            continue
        rows.setdefault(table, set()).add(row)
        key = FactKey(table, parse_path(row), parse_path(column))
        value, problem = (None, "与前面的一行重复") if key in facts else _value(template, key, text)
        if problem:
            problems.append(f"第 {number} 行（{table} {row} {column}）：{problem}")
        facts[key] = value
    if problems:
        raise FactsError(f"“{path.name}”有 {len(problems)} 行不能填入模板“{template.title}”：", problems)
    for table, names in rows.items():
        if len(names) > MOST_ROWS:
            raise FileRefused(
                f"“{path.name}”的表“{table}”有 {len(names)} 行，一张表最多填 {MOST_ROWS} 行：请检查 row 这一列。"
            )
    return facts


def _value(template: Template, key: FactKey, text: str) -> tuple[Value, str]:
    if key.table not in template.tables:
        return None, f"模板里没有表“{key.table}”"
    if key.column == NOTE:
        return text, ""
    table = template.tables[key.table]
    index = block_of(table, key.column, key.row)
    if index is None:
        return None, f"表里没有“{format_path(key.column)}”这一栏"
    if table.blocks[index].is_form and not match_row(table.blocks[index].rows, key.row):
        return None, f"表里没有“{format_path(key.row)}”这一项"
    kind = next(column.kind for column in table.blocks[index].columns if column.path == key.column)
    if kind == "field":
        kind = match_row(table.blocks[index].rows, key.row)[-1].kind
    if not text:
        return None, ""
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
