"""Reads the table files of a template: columns, rows and fields, and what they add up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path as FilePath

from xltool.model import Path, format_path, parse_path
from xltool.template.binding import matching_paths
from xltool.template.merge_ways import WAYS
from xltool.template.names import nearest
from xltool.template.parts.section import Problems, Section
from xltool.template.same_as import read_same_as
from xltool.template.spec import (
    CODE_LEVELS,
    DIMENSION_NAMES,
    DIMENSIONS,
    FIGURES,
    FORM_COLUMN,
    YUAN,
    Block,
    Column,
    Part,
    Row,
    Table,
)
from xltool.template.toml_file import Files, section_in

COLUMN_KINDS = (*FIGURES, "text", "label", "code", "name", "path", "serial", "fixed")
FIELD_KINDS = ("text", *FIGURES, "member")
_FEWEST_PARTS = 2


def read_tables(paths: list[FilePath], decimals: int, files: Files, problems: Problems) -> dict[str, Table]:
    """The tables in the files `paths`, by id; `decimals` are those of tables that do not say theirs."""
    tables: dict[str, Table] = {}
    for path in paths:
        top = section_in(path, files, problems)
        if top is None:
            continue
        table = _table(top, decimals)
        if table.id in tables:
            problems.add(path.name, "id", f"“{table.id}”与前面的表重名")
        tables[table.id] = table
    return tables


def _table(top: Section, decimals: int) -> Table:
    title = top.required("title")
    each = top.choice("each", ("", "project"), "")
    blocks = tuple(_block(section) for section in top.sections("block"))
    headings = _headings(top)
    if each and sum(row.kind == "member" for block in blocks for row in block.rows if block.is_form) != 1:
        top.problem("each", '每个项目一张的表要有一个（且只有一个） kind = "member" 的字段，写项目名称')
    table = Table(
        id=top.required("id"),
        title=title,
        blocks=tuple(_repeated(block, each) for block in blocks) if each else blocks,
        number=top.text("number"),
        sheet=top.text("sheet"),
        header=top.texts("header"),
        numbered_columns=top.flag("numbered_columns"),
        decimals=top.integer("decimals", decimals),
        headings={key: texts[0] for key, texts in headings.items()},
        notes=top.texts("notes"),
        empty_note=top.text("empty_note"),
        each=each,
        amount_unit=top.choice("amount_unit", ("", *YUAN), ""),
        also=top.texts("also"),
        headings_also={key: texts[1:] for key, texts in headings.items()},
        same_as=read_same_as(top),
    )
    if not table.blocks:
        top.problem("block", "一张表至少要有一个区")
    top.finish()
    return table


def _headings(top: Section) -> dict[str, tuple[str, ...]]:
    """What is printed for headings by id, and what is read for them too."""
    section = top.section("headings")
    return {key: section.texts(key) or ("",) for key in section.names()}


def _repeated(block: Block, dimension: str) -> Block:
    """The block with its rows nested in those of the dimension that its table repeats over."""
    return block._replace(rows=(Row(each=dimension, group=True, rows=block.rows),))


def _block(section: Section) -> Block:
    place = section.choice("place", ("below", "right"), "below")
    side = section.text("side")
    fields = list(section.sections("fields"))
    per_line = section.integer("per_line", 0)
    if fields:
        block = _form(fields, place, side, per_line)
    else:
        columns = _columns(section)
        rows = tuple(_row(row) for row in section.sections("rows"))
        _check_row_sums(section, rows, {row.each for row in rows})
        block = Block(columns, rows, place, side)
    section.finish()
    return block


def _form(fields: list[Section], place: str, side: str, per_line: int) -> Block:
    rows = []
    span = 1
    for field in fields:
        name = field.required("id")
        row = Row(
            id=name,
            label=field.text("label", name),
            kind=field.choice("kind", FIELD_KINDS, "text"),
            decimals=field.optional_integer("decimals"),
            choices=field.texts("choices"),
            also=field.texts("also"),
            merge=field.choice("merge", ("", *WAYS), ""),
            negative=field.flag("negative"),
            same_as=read_same_as(field),
        )
        rows.append(row)
        span = max(span, field.integer("span", 1))
        field.finish()
    columns = (Column(("字段",), "label"), Column(FORM_COLUMN, "field", span=span))
    return Block(columns, tuple(rows), place, side, is_form=True, per_line=per_line or (1 if span > 1 else 2))


def _columns(section: Section) -> tuple[Column, ...]:
    drafts: list[tuple[Column, tuple[str, ...], Section]] = []
    for item in section.sections("columns"):
        under = item.text("under")
        path = (*(parse_path(under) if under else ()), item.required("id"))
        column = Column(
            path=path,
            kind=item.choice("kind", COLUMN_KINDS, "amount"),
            rule=item.text("rule", "A04"),
            text=item.text("text"),
            note=item.text("note"),
            width=item.number("width"),
            span=item.integer("span", 1),
            negative=item.flag("negative"),
            decimals=item.optional_integer("decimals"),
            parts=item.texts("parts"),
            words=item.flag("words"),
            also=item.texts("also"),
            merge=item.choice("merge", ("", *WAYS), ""),
            same_as=read_same_as(item),
        )
        if column.parts:
            column = column._replace(span=len(column.parts))
            if column.kind != "code" or len(column.parts) > len(CODE_LEVELS["function"]):
                item.problem("parts", '只有 kind = "code" 的栏可以分成几栏，最多三栏（类、款、项）')
            elif len(column.parts) < _FEWEST_PARTS:
                item.problem("parts", '应是几栏的名称，如 parts = ["类", "款", "项"]')
        if column.words and column.kind != "text":
            item.problem("words", '只有 kind = "text" 的栏可以写')
        drafts.append((column, item.texts("sum"), item))
        item.finish()
    paths = [column.path for column, _, _ in drafts]
    for position, path in enumerate(paths):
        if path in paths[:position]:
            drafts[position][2].problem("id", f"“{format_path(path)}”与前面的栏重名")
    parts = [tuple(_column_part(text, column.path, paths, item) for text in texts) for column, texts, item in drafts]
    circle = _adding_themselves({path: [part.path for part in own] for path, own in zip(paths, parts, strict=True)})
    for column, _, item in drafts:
        if column.path in circle:
            item.problem("sum", f"“{format_path(column.path)}”加来加去又加到自己")
    return tuple(column._replace(sum=own) if own else column for (column, _, _), own in zip(drafts, parts, strict=True))


def _adding_themselves(parts: Mapping[Path, list[Path]]) -> set[Path]:
    """The lines that are, directly or through others, part of their own sum."""
    found = set()
    for line, own in parts.items():
        pending, seen = list(own), set[Path]()
        while pending:
            part = pending.pop()
            if part not in seen:
                seen.add(part)
                pending += parts.get(part, [])
        if line in seen:
            found.add(line)
    return found


def _column_part(text: str, owner: Path, paths: list[Path], item: Section) -> Part:
    sign, name = (-1, text[1:]) if text.startswith("-") else (1, text)
    sibling = (*owner[:-1], *parse_path(name))
    if sibling in paths:
        return Part(sibling, sign)
    matches = matching_paths(parse_path(name), paths)
    if len(matches) != 1:
        near = nearest(name, (format_path(path) for path in paths))
        item.problem("sum", f"“{name}”{'有多个同名的栏，请写出上级栏' if matches else f'不是本区的栏{near}'}")
        return Part((), sign)
    return Part(matches[0], sign)


def _row(item: Section) -> Row:
    is_fixed = not item.has("each")
    each = item.choice("each", ("", *DIMENSIONS), "")
    row_id = item.text("id")
    if is_fixed and not row_id:
        item.problem("id", "缺少：固定行要有 id，重复行要有 each")
    levels = item.integers("levels")
    if each in CODE_LEVELS and not set(levels) <= set(CODE_LEVELS[each]):
        item.problem("levels", f"{each} 的编码长度只能是 {'、'.join(map(str, CODE_LEVELS[each]))}")
    nested = tuple(_row(row) for row in item.sections("rows"))
    parts = tuple(Part((text.removeprefix("-"),), -1 if text.startswith("-") else 1) for text in item.texts("sum"))
    row = Row(
        id=row_id,
        label=item.text("label", row_id),
        sum=parts,
        rule=item.text("rule") or _default_rule(parts),
        rows=nested,
        each=each,
        levels=levels or CODE_LEVELS.get(each, ()),
        ordinals=item.flag("ordinals"),
        footer=item.flag("footer"),
        negative=item.flag("negative"),
        optional=item.flag("optional"),
        indent=item.integer("indent", 0),
        group=item.flag("group"),
        also=item.texts("also"),
        same_as=read_same_as(item),
    )
    if row.group and not nested:
        item.problem("group", "没有自己一行的组，下面要有行（rows）")
    _check_row_sums(item, nested, {each, *(row.each for row in nested)})
    item.finish()
    return row


def _default_rule(parts: tuple[Part, ...]) -> str:
    return "A02" if parts and all(part.path[0] in DIMENSIONS for part in parts) else "A05"


def _meant(name: str, known: Iterable[str]) -> str:
    """The row that a name in a sum may be meant for; dimensions have English names."""
    dimension = next((key for key, said in DIMENSION_NAMES.items() if said == name), "")
    return f"，{name}要写成 {dimension}" if dimension else nearest(name, known)


def _check_row_sums(section: Section, rows: tuple[Row, ...], dimensions: set[str]) -> None:
    known = {row.id for row in rows if row.id} | dimensions
    known |= {below.each for row in rows if row.group for below in row.rows}
    circle = _adding_themselves({(row.id,): [part.path for part in row.sum] for row in rows if row.id})
    for row in rows:
        if (row.id,) in circle:
            section.problem("rows", f"“{row.id}”的 sum 加来加去又加到自己")
        inner = {below.each for below in row.rows}
        for part in row.sum:
            name = part.path[0]
            if name == "rows" and not row.rows:
                section.problem("rows", f'“{row.id}”的 sum = "rows"，但它下面没有行')
            elif name != "rows" and name not in known | inner:
                meant = _meant(name, known | inner)
                section.problem("rows", f"“{row.id or row.each}”的 sum 里“{name}”不是同级的行{meant}")
