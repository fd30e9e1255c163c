"""Loads a template folder into a `Template`; every mistake in its files is reported at once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path as FilePath
from types import MappingProxyType
from typing import Any, NamedTuple

from xltool.errors import TemplateError, UnknownTemplate
from xltool.model import Path, format_path, parse_path
from xltool.template.binding import matching_paths
from xltool.template.merge_ways import WAYS
from xltool.template.merging import MERGE_FILE, read_merging
from xltool.template.predicates import Predicates
from xltool.template.rule_loader import PARAMETERS, read_rule
from xltool.template.rule_rows import raw_rules
from xltool.template.same_as import read_same_as
from xltool.template.section import Problems, Section
from xltool.template.spec import (
    CODE_LEVELS,
    DIMENSIONS,
    FIGURES,
    FORM_COLUMN,
    YUAN,
    Block,
    Column,
    Part,
    Row,
    Rule,
    Table,
    Template,
)
from xltool.template.toml_file import Files, section_if_there, section_in

COLUMN_KINDS = (*FIGURES, "text", "label", "code", "name", "path", "serial", "fixed")
FIELD_KINDS = ("text", *FIGURES, "member")
SHARED_RULES = "shared-rules.toml"
FAMILY_RULES = "shared-rules-{}.toml"
_FIRST_YEAR, _LAST_YEAR = 2000, 2099
_LAST_VERSION = 999


def templates_folder() -> FilePath:
    """The folder of the built-in templates: inside the installed package, or beside it in a checkout."""
    installed = FilePath(__file__).parent.parent / "workbook_templates"
    return installed if installed.is_dir() else FilePath(__file__).parent.parent.parent / "workbook_templates"


def template_names(folder: FilePath | None = None) -> list[str]:
    """Names of the templates in `folder` (the built-in ones by default), sorted."""
    return sorted(path.parent.name for path in (folder or templates_folder()).glob("*/template.toml"))


def load_template(name: str, root: FilePath, predicates: Predicates) -> Template:
    """The template `name` of the folder `root`; its rules can name these predicates.

    It is loaded once, and again when its files change. Raises UnknownTemplate if there is none, TemplateError with
    every mistake in its files.
    """
    known = _loaded.get(root / name)
    if known is None or known.predicates is not predicates or not known.files.are_unchanged():
        files = Files()
        known = _loaded[root / name] = _Loaded(_load(name, root, predicates, files), predicates, files)
    return known.template


class _Loaded(NamedTuple):
    """A template, and what it was made of."""

    template: Template
    predicates: Predicates
    files: Files


_loaded: dict[FilePath, _Loaded] = {}


def _load(name: str, root: FilePath, predicates: Predicates, files: Files) -> Template:
    home = root / name
    if not (home / "template.toml").is_file():
        raise UnknownTemplate(f"没有名为“{name}”的模板，可用的模板：{'、'.join(template_names(root))}。")
    problems = Problems()
    headline = f"模板“{name}”有错误："
    top = section_in(home / "template.toml", files, problems)
    if top is None:
        raise TemplateError(headline, problems.lines)
    year, decimals = _year(top), top.integer("decimals", 2)
    version = top.integer("version", 1)
    if not 1 <= version <= _LAST_VERSION:
        top.problem("version", f"“{version}”不是版本，应是 1 到 {_LAST_VERSION} 的整数")
    names = top.texts("tables")
    if not names:
        top.problem("tables", "缺少，至少要有一张表")
    tables = _tables([home / f"{name}.toml" for name in names], decimals, files, problems)
    outline = top.section("outline")
    template = Template(
        id=name,
        title=top.required("title"),
        region=top.text("region"),
        year=year,
        amount_unit=top.choice("amount_unit", tuple(YUAN), "万元"),
        zero=top.choice("zero", ("blank", "zero"), "blank"),
        source=top.text("source"),
        tables=tables,
        rules=_rules(home, tables, predicates, files, problems),
        department=outline.required("department"),
        members={dimension: outline.texts(dimension) for dimension in DIMENSIONS},
        merging=read_merging(section_if_there(home / MERGE_FILE, files, problems), tables),
        version=version,
    )
    outline.finish()
    top.finish()
    _check_rule_ids(template, problems)
    problems.raise_if_any(headline)
    return template


def _year(top: Section) -> int:
    """The year of a template: four digits, or it would not be found again in a workbook."""
    if not top.has("year"):
        top.problem("year", "缺少，必须填写")
        return 0
    year = top.integer("year", _FIRST_YEAR)
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        top.problem("year", f"“{year}”不是年度，应是四位数，如 2025")
    return year


def _tables(paths: list[FilePath], decimals: int, files: Files, problems: Problems) -> dict[str, Table]:
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
        headings={key: str(text) for key, text in top.mapping("headings").items()},
        notes=top.texts("notes"),
        empty_note=top.text("empty_note"),
        each=each,
        amount_unit=top.choice("amount_unit", ("", *YUAN), ""),
        same_as=read_same_as(top),
    )
    if not table.blocks:
        top.problem("block", "一张表至少要有一个区")
    top.finish()
    return table


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
            merge=item.choice("merge", ("", *WAYS), ""),
            same_as=read_same_as(item),
        )
        if column.parts:
            column = column._replace(span=len(column.parts))
            if column.kind != "code" or len(column.parts) > len(CODE_LEVELS["function"]):
                item.problem("parts", '只有 kind = "code" 的栏可以分成几栏，最多三栏（类、款、项）')
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
        item.problem("sum", f"“{name}”{'有多个同名的栏，请写出上级栏' if matches else '不是本区的栏'}")
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
        same_as=read_same_as(item),
    )
    if row.group and not nested:
        item.problem("group", "没有自己一行的组，下面要有行（rows）")
    _check_row_sums(item, nested, {each, *(row.each for row in nested)})
    item.finish()
    return row


def _default_rule(parts: tuple[Part, ...]) -> str:
    return "A02" if parts and all(part.path[0] in DIMENSIONS for part in parts) else "A05"


def _check_row_sums(section: Section, rows: tuple[Row, ...], dimensions: set[str]) -> None:
    known = {row.id for row in rows if row.id} | dimensions
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
                section.problem("rows", f"“{row.id or row.each}”的 sum 里“{name}”不是同级的行")


def _rules(
    home: FilePath, tables: Mapping[str, Table], predicates: Predicates, files: Files, problems: Problems
) -> dict[str, Rule]:
    """The template's own rules, and the shared ones it uses; "X03" stands for X03.1, X03.2 … too."""
    top = section_in(home / "rules.toml", files, problems)
    if top is None:
        return {}
    shared = _shared_rules(home.parent, top.text("family"), files, problems)
    used: dict[str, dict[str, Any]] = {}
    for name in top.texts("use"):
        meant = {known: rule for known, rule in shared.items() if known == name or known.startswith(f"{name}.")}
        if not meant:
            top.problem("use", f"没有公共规则“{name}”")
        used |= meant
    raw = _named(top, used)
    top.finish()
    return {
        name: read_rule(Section(item, top.file, f"rule “{name}”", problems), tables, predicates)
        for name, item in raw.items()
    }


def _shared_rules(folder: FilePath, family: str, files: Files, problems: Problems) -> dict[str, dict[str, Any]]:
    """The raw rules of all formats and those of a family of formats; of files beside the template, else built-in."""
    rules: dict[str, dict[str, Any]] = {}
    for file in (SHARED_RULES, FAMILY_RULES.format(family)) if family else (SHARED_RULES,):
        beside = folder / file
        top = section_in(beside if files.content(beside) is not None else templates_folder() / file, files, problems)
        if top is not None:
            rules = _named(top, rules)
            top.finish()
    return rules


def _named(top: Section, known: Mapping[str, Mapping[str, Any]] = MappingProxyType({})) -> dict[str, dict[str, Any]]:
    """The raw rules of a file by id, added to those `known`, to which only where to look and examples can be added."""
    rules = {name: dict(rule) for name, rule in known.items()}
    for place, item in raw_rules(top):
        name = str(item.get("id", place))
        more = [key for key in item if key not in ("id", "pass", "fail", *PARAMETERS)]
        if name in known and more:
            top.problem(place, f"“{name}”是 use 里的公共规则，不能再写 {'、'.join(more)}")
        elif name in rules and more:
            top.problem(place, f"“{name}”与前面的规则重名")
        rules[name] = rules.get(name, {}) | item
    return rules


def _check_rule_ids(template: Template, problems: Problems) -> None:
    def walk(rows: tuple[Row, ...]) -> list[str]:
        named = [row.rule for row in rows if row.sum] + ["A03" for row in rows if len(row.levels) > 1]
        return named + [name for row in rows for name in walk(row.rows)]

    for table in template.tables.values():
        used = {column.rule for block in table.blocks for column in block.columns if column.sum}
        used |= {name for block in table.blocks for name in walk(block.rows)}
        for name in sorted(used - template.rules.keys()):
            problems.add("rules.toml", "use", f"表“{table.id}”的合计用到规则“{name}”，但没有定义")
