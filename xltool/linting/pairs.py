"""Pairs with older formats (`same_as`) that lead nowhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path as FilePath

from xltool.errors import TemplateError, UnknownTemplate
from xltool.library import library
from xltool.linting.advice import Advice
from xltool.model import Severity, format_path
from xltool.template.same_as import all_same_as, columns_named, rows_named
from xltool.template.spec import SameAs, Table, Template

_AMBIGUOUS = "有多{what}同名，请写出上级{what}"


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
        for line, said, block in all_same_as(table):
            where = f"{files[table.id]}：“{line}”{'栏' if block is None else '行'}的 same_as.{said.template}"
            if said.template not in partners:
                yield _wrong(f"{where}：这张表自己没有写 same_as.{said.template}，不知道对应哪张表")
                continue
            yield from _lines(where, said, partners[said.template], is_column=block is None)


def _lines(where: str, said: SameAs, older: Table, is_column: bool) -> Iterator[Advice]:
    what = "栏" if is_column else "行"
    for text in said.lines:
        if is_column:
            found = [columns_named(text, older)]
        else:  # rows of the same name side by side are told apart by their columns
            found = [rows for block in older.blocks if (rows := rows_named(text, block))]
        if not any(found):
            yield _wrong(f"{where}：“{said.template}”的表“{older.id}”没有“{text}”这一{what}")
        elif any(len(paths) > 1 for paths in found):
            names = "、".join(f"“{format_path(path)}”" for paths in found for path in paths)
            yield _wrong(f"{where}：“{text}”{_AMBIGUOUS.format(what=what)}：{names}")


def _wrong(text: str) -> Advice:
    return Advice(Severity.ERROR, text)
