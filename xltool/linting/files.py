"""Mistakes in a template's files that do not keep it from being loaded."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path as FilePath
from typing import Any

from xltool.catalogue.by_year import Catalogue, catalogue
from xltool.equations.sums import orphans
from xltool.layout.layout import Layout, TableAt
from xltool.layout.outline import default_outline
from xltool.layout.plan import plan
from xltool.linting.advice import Advice
from xltool.linting.outlines import branching_outline
from xltool.model import Severity, format_path
from xltool.source.our_sheets import OUR_SHEETS
from xltool.template.binding import is_code
from xltool.template.merging import MERGE_FILE
from xltool.template.names import normal
from xltool.template.spec import CODE_LEVELS, DIMENSIONS, Row, Table, Template
from xltool.template.toml_file import parse_toml

_PLACEHOLDER = re.compile(r"\{\w*\}")


def table_files(home: FilePath) -> tuple[str, ...]:
    """The names of the table files that template.toml lists."""
    files = parse_toml((home / "template.toml").read_bytes())["tables"]
    return tuple(f"{name}.toml" for name in ([files] if isinstance(files, str) else files))


def file_advice(home: FilePath, template: Template) -> Iterator[Advice]:
    """Everything that can be said of a loaded template without its equations."""
    files = table_files(home)
    yield from _unlisted(home, files)
    layout = plan(template, branching_outline(template))
    yield from _sheet_names(layout, dict(zip(template.tables, files, strict=True)))
    yield from _titles(dict(zip(files, template.tables.values(), strict=True)))
    for file, table in zip(files, template.tables.values(), strict=True):
        yield from _headings(file, table)
        for number, block in enumerate(table.blocks, 1):
            yield from _row_ids(f"{file}：block[{number}].rows", block.rows)
        yield from _placeholders(home / file, next(at for at in layout.tables.values() if at.table is table), layout)
    yield from _outline(template)


def _unlisted(home: FilePath, files: tuple[str, ...]) -> Iterator[Advice]:
    for path in sorted(home.glob("*.toml")):
        if path.name not in (*files, "template.toml", "rules.toml", MERGE_FILE):
            yield Advice(Severity.WARNING, f"{path.name}：template.toml 的 tables 没有列出它，这张表不会用到")


def _sheet_names(layout: Layout, files: Mapping[str, str]) -> Iterator[Advice]:
    taken = dict.fromkeys((*OUR_SHEETS, "history"), "xltool 或 Excel 自己的工作表")
    for at in layout.tables.values():
        table, name = at.table, at.sheet
        where = f"{files[table.id]}：{'sheet' if table.sheet else 'id'}：工作表名"
        wanted = at.text(table.sheet or table.id)
        if name != wanted and not at.above:
            text = f"{where}“{wanted}”会改成“{name}”：Excel 不许超过 31 个字，也不许有 [ ] : * ? / \\"
            yield Advice(Severity.WARNING, text)
        if name.startswith("'") or name.endswith("'"):
            yield Advice(Severity.ERROR, f"{where}“{name}”的首尾不能是单引号，Excel 不允许")
        if name.casefold() in taken:
            reason = "各张表同名，请写上 {n} 或 {member}" if taken[name.casefold()] == table.id else ""
            yield Advice(Severity.ERROR, f"{where}“{name}”{reason or f'与{taken[name.casefold()]}重名（不分大小写）'}")
        taken[name.casefold()] = table.id


def _titles(tables: Mapping[str, Table]) -> Iterator[Advice]:
    taken: dict[str, str] = {}
    for file, table in tables.items():
        title = normal(table.title)
        if title in taken:
            text = f"{file}：title：与表“{taken[title]}”的标题相同，检查时认不出是哪张表"
            yield Advice(Severity.ERROR, text)
        taken.setdefault(title, table.id)


def _headings(file: str, table: Table) -> Iterator[Advice]:
    paths = [column.path for block in table.blocks for column in block.columns]
    known = {name for path in paths for name in path}
    known |= {format_path(path[:depth]) for path in paths for depth in range(1, len(path) + 1)}
    for name in table.headings:
        if name not in known:
            yield Advice(Severity.WARNING, f"{file}：headings.{name}：本表没有叫“{name}”的栏，不会用到")


def _row_ids(where: str, rows: tuple[Row, ...]) -> Iterator[Advice]:
    ids = [row.id for row in rows if row.id]
    for name in dict.fromkeys(name for name in ids if ids.count(name) > 1):
        yield Advice(Severity.ERROR, f"{where}：“{name}”行重复，请各用各的 id")
    for row in rows:
        yield from _row_ids(where, row.rows)


def _placeholders(path: FilePath, at: TableAt, layout: Layout) -> Iterator[Advice]:
    for key, text in _texts(parse_toml(path.read_bytes())):
        printed = layout.outline.text(at.text(text) if at.table.each else text)
        for unknown in dict.fromkeys(_PLACEHOLDER.findall(printed)):
            yield Advice(Severity.WARNING, f"{path.name}：{key}：不认识“{unknown}”，会照原样印出来")


def _texts(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Every text in the data of a TOML file, with its key."""
    if isinstance(value, str):
        yield key, value
    elif isinstance(value, list):
        for number, item in enumerate(value, 1):
            yield from _texts(item, f"{key}[{number}]")
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from _texts(item, f"{key}.{name}" if key else name)


def _outline(template: Template) -> Iterator[Advice]:
    for dimension in DIMENSIONS:
        where = f"template.toml：outline.{dimension}"
        members = template.members[dimension]
        for member in dict.fromkeys(name for name in members if members.count(name) > 1):
            yield Advice(Severity.ERROR, f"{where}：“{member}”重复")
        if dimension in CODE_LEVELS:
            yield from _codes(where, dimension, members, catalogue(template.year))
    missing = {
        (definition.each, block.rows[row].code): codes
        for block in plan(template, default_outline(template)).blocks
        for row, codes in orphans(block)
        if (definition := block.rows[row].definition) is not None
    }
    for (dimension, code), codes in missing.items():
        text = f"template.toml：outline.{dimension}：“{code}”缺少上级 {'、'.join(codes)}，合计数不到它"
        yield Advice(Severity.ERROR, text)


def _codes(where: str, dimension: str, members: tuple[str, ...], known: Catalogue) -> Iterator[Advice]:
    for code in members:
        if not is_code(dimension, code):
            levels = "、".join(map(str, CODE_LEVELS[dimension]))
            yield Advice(Severity.ERROR, f"{where}：“{code}”不是科目编码，应是 {levels} 位数字")
        elif changes := known.ruled_out_by(code):
            yield Advice(Severity.WARNING, f"{where}：“{code}”在 {known.year} 年没有：{'；'.join(map(str, changes))}")
        elif code not in known.codes:
            yield Advice(Severity.WARNING, f"{where}：科目目录里没有“{code}”，它的名称会是空白")
