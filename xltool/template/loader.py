"""Loads a template folder into a `Template`; every mistake in its files is reported at once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path as FilePath
from types import MappingProxyType
from typing import Any, NamedTuple

from xltool.errors import TemplateError, UnknownTemplate
from xltool.template.merging import MERGE_FILE, read_merging
from xltool.template.parts.rule_rows import raw_rules
from xltool.template.parts.rules import PARAMETERS, read_rule
from xltool.template.parts.section import Problems, Section
from xltool.template.parts.tables import read_tables
from xltool.template.predicates import Predicates
from xltool.template.spec import DIMENSIONS, YUAN, Row, Rule, Table, Template
from xltool.template.toml_file import Files, section_if_there, section_in

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


def template_of(name: str, texts: Mapping[str, str], predicates: Predicates) -> Template:
    """The template whose files have these `texts`, by their names, as if it stood among the built-in ones.

    Raises TemplateError with every mistake in them.
    """
    root = templates_folder()
    return _load(name, root, predicates, Files({root / name / file: text.encode() for file, text in texts.items()}))


class _Loaded(NamedTuple):
    """A template, and what it was made of."""

    template: Template
    predicates: Predicates
    files: Files


_loaded: dict[FilePath, _Loaded] = {}


def _load(name: str, root: FilePath, predicates: Predicates, files: Files) -> Template:
    home = root / name
    if files.content(home / "template.toml") is None:
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
    tables = read_tables([home / f"{name}.toml" for name in names], decimals, files, problems)
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
            problems.add("rules.toml", "use", f"表“{table.id}”的合计用到规则“{name}”，但没有定义，请加进 use")
