"""Pairs with older formats (`same_as`) that lead nowhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path as FilePath

from xltool.errors import TemplateError, UnknownTemplate
from xltool.library import library
from xltool.linting.advice import Advice
from xltool.model import Path, Severity, format_path
from xltool.template.same_as import columns_named, of_rows, rows_named
from xltool.template.spec import SameAs, Table, Template


def pair_advice(home: FilePath, template: Template, files: Mapping[str, str]) -> Iterator[Advice]:
    """What is wrong with the `same_as` of a template's tables, columns and rows; `files` by the ids of the tables."""
    known: dict[str, Template | None] = {}

    def older(name: str) -> Template | None:
        if name not in known:
            try:
                known[name] = library(home.parent).load(name)
            except (UnknownTemplate, TemplateError):
                known[name] = None
        return known[name]

    for table in template.tables.values():
        partners: dict[str, Table] = {}
        for said in table.same_as:
            where = f"{files[table.id]}：same_as.{said.template}"
            other = older(said.template)
            partner = other.tables.get(said.lines[0]) if other is not None and len(said.lines) == 1 else None
            if partner is not None:
                partners[said.template] = partner
            elif other is None:
                yield _wrong(f"{where}：没有能用的模板“{said.template}”")
            else:
                yield _wrong(f"{where}：要写“{said.template}”的一张表，它没有“{'、'.join(said.lines)}”")
        for block in table.blocks:
            columns = [(f"“{format_path(c.path)}”栏", said, c.kind) for c in block.columns for said in c.same_as]
            rows = [(f"“{format_path(path)}”行", said, "") for path, said in of_rows(block.rows)]
            for line, said, kind in (*columns, *rows):
                where = f"{files[table.id]}：{line}的 same_as.{said.template}"
                if said.template not in partners:
                    yield _wrong(f"{where}：这张表自己没有写 same_as.{said.template}，不知道对应哪张表")
                elif kind:
                    yield from _column(where, said, kind, partners[said.template])
                else:
                    yield from _row(where, said, partners[said.template])


def _column(where: str, said: SameAs, kind: str, older: Table) -> Iterator[Advice]:
    kinds = {column.path: column.kind for block in older.blocks for column in block.columns}
    for text in said.lines:
        found = columns_named(text, older)
        yield from _found(where, said, older, text, "栏", [found])
        if len(found) == 1 and kinds[found[0]] != kind:
            yield _wrong(f"{where}：“{text}”的 kind 是 {kinds[found[0]]}，这一栏是 {kind}")


def _row(where: str, said: SameAs, older: Table) -> Iterator[Advice]:
    for text in said.lines:  # rows of the same name side by side are told apart by their columns
        found = [rows for block in older.blocks if (rows := rows_named(text, block))]
        yield from _found(where, said, older, text, "行", found)


def _found(where: str, said: SameAs, older: Table, text: str, what: str, found: list[list[Path]]) -> Iterator[Advice]:
    """That a text means no line, or more than one of a block."""
    if not any(found):
        yield _wrong(f"{where}：“{said.template}”的表“{older.id}”没有“{text}”这一{what}")
    elif any(len(paths) > 1 for paths in found):
        names = "、".join(f"“{format_path(path)}”" for paths in found for path in paths)
        yield _wrong(f"{where}：“{text}”有多{what}同名，请写出上级{what}：{names}")


def _wrong(text: str) -> Advice:
    return Advice(Severity.ERROR, text)
