"""What another program would import.

new, fill, read, facts, save_facts, check, annotate, clear, templates, lint, draft, codes, import_codes. A template is
named, or given as the path of its folder; `templates` is a folder that is searched before the user's templates and the
built-in ones.

Heavy parts are imported where they are used, so that importing this module costs nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

TYPE_CHECKING = False
if TYPE_CHECKING:  # spelt out, because importing typing would be half of what `xltool -h` takes
    from pathlib import Path as FilePath

    from xltool.catalogue.by_year import Found
    from xltool.catalogue.code_import import Imported
    from xltool.catalogue.own_codes import Line
    from xltool.checking.check import Report
    from xltool.drafting.spec import Draft
    from xltool.equations.filling import Filled
    from xltool.excel.mark.annotate import Marked
    from xltool.layout.book import Book
    from xltool.layout.outline import Outline
    from xltool.linting.advice import Review
    from xltool.model import Fact, FactKey, Finding, Path, Value
    from xltool.template.spec import Template


def new(
    template: str,
    target: FilePath,
    *,
    unit: str | None = None,
    year: int | None = None,
    amount_unit: str | None = None,
    subjects: Iterable[str] | None = None,
    projects: Iterable[str] | None = None,
    like: FilePath | None = None,
    templates: FilePath | None = None,
) -> None:
    """Write a blank workbook of `template` to `target`.

    `unit` is the department's name, `amount_unit` "元" or "万元", `subjects` the 科目 codes of its rows (parents are
    added), `projects` the names of its projects (each has its rows and, where the format has a form a project, its
    sheet), `like` last year's workbook, whose rows are taken over (for the year after it, if `year` is not given).
    Raises UnknownTemplate, TemplateError, FactsError (what are no codes, projects named twice), FileRefused (the target
    cannot be written, `like` cannot be read, the format has no projects).
    """
    from dataclasses import replace

    from xltool.equations.filling import blank
    from xltool.layout.outline import default_outline
    from xltool.template.library import library

    spec = library(templates).load(template)
    outline = default_outline(spec)
    if like is not None:
        last = read(like, template, templates).outline
        outline = replace(last, year=last.year + 1, extra={})
    if subjects is not None:
        outline = _with_subjects(outline, subjects)
    if projects is not None:
        outline = _with_projects(outline, projects, spec)
    outline = _with_heads(outline, unit, year, amount_unit)
    _write(blank(spec, outline), target)


def fill(
    template: str,
    facts: Mapping[FactKey, Value] | FilePath,
    target: FilePath,
    *,
    unit: str | None = None,
    year: int | None = None,
    amount_unit: str | None = None,
    templates: FilePath | None = None,
) -> None:
    """Write a workbook of `template` with `facts` (a mapping, or the path of a long table, see `read_facts`).

    Amounts are in `amount_unit` (the template's own by default). A total keeps its live formula unless a different
    figure is given for it. Raises UnknownTemplate, TemplateError, FactsError, FileRefused.
    """
    from xltool.equations.filling import fill as fill_plan
    from xltool.layout.facts_csv import read_facts
    from xltool.template.library import library

    spec = library(templates).load(template)
    known = facts if isinstance(facts, Mapping) else read_facts(facts, spec)
    filled = fill_plan(spec, known, unit or spec.department, year or spec.year, amount_unit or spec.amount_unit)
    _write(filled, target)


def read(source: FilePath, template: str | None = None, templates: FilePath | None = None) -> Book:
    """The facts of a filled workbook. Raises FileRefused, UnknownTemplate, TemplateError, TableNotFound."""
    from xltool.excel.read.source import open_workbook
    from xltool.excel.read.workbook import read as read_source
    from xltool.template.library import library

    return read_source(open_workbook(source), template, library(templates))


def facts(book: Book) -> list[Fact]:
    """The facts of a book and, with the value None, its totals that are blank although their parts are filled.

    `fill` gives a book with the same facts.
    """
    from xltool.equations.blanks import facts_and_blanks

    return facts_and_blanks(book)


def save_facts(book: Book, target: FilePath) -> None:
    """Write `facts(book)` as a long table; the ending of `target` chooses .csv, .xlsx or .json. Raises FileRefused."""
    from xltool.excel.write.facts import save

    save(facts(book), target)


def check(book: Book) -> Report:
    """Every finding about a book, errors first."""
    from xltool.checking.check import check as check_book

    return check_book(book)


def annotate(source: FilePath, findings: Sequence[Finding], target: FilePath | None = None) -> Marked:
    """Mark the cells of errors and warnings in `source` (or in the copy `target`), instead of any earlier marks.

    Returns how many cells were marked, and which of them got no note. Raises FileRefused (locked, read-only, not a
    workbook) and SignedWorkbook.
    """
    from xltool.excel.mark.annotate import Mark
    from xltool.excel.mark.annotate import annotate as mark
    from xltool.model import Severity

    marks = [
        Mark(
            finding.cell.sheet,
            finding.cell.a1,
            finding.severity.value,
            f"{finding.rule} {finding.name}\n{finding.message}",
        )
        for finding in findings
        if finding.cell is not None and finding.severity is not Severity.REMARK
    ]
    return mark(source, marks, target or source)


def clear(source: FilePath, target: FilePath | None = None) -> int:
    """Remove every mark of ours from `source` (or in the copy `target`); returns how many there were."""
    from xltool.excel.file.guard import inspect
    from xltool.excel.mark.annotate import clear as remove

    inspect(source)
    return remove(source, target or source)


def templates(folder: FilePath | None = None) -> list[Template]:
    """Every template that can be used: those of `folder`, the user's own, the built-in ones; without those that have
    mistakes in their files."""
    from xltool.template.library import library

    return [shelved.template for shelved in library(folder).shelved() if shelved.template is not None]


def lint(folder: FilePath) -> list[Review]:
    """What is wrong with, and what can't be found out by, the template in `folder`, or each of those in it.

    Raises UnknownTemplate if there is none.
    """
    from xltool.linting.review import lint as review

    return review(folder)


def codes(text: str = "", year: int | None = None) -> Found:
    """The 科目 whose code begins with `text`, or whose name has it in it; with a year only those of that year.

    Raises CodesError if the user's own list is damaged.
    """
    from xltool.catalogue.by_year import find

    return find(text, year)


def import_codes(source: FilePath, year: int | None = None) -> Imported:
    """Add a list of 科目 (CSV or .xlsx: code, name and, if told, year) to the user's own, see `own_codes_file`.

    `year` is that of the lines without one; a line holds from its year on, or always. Raises CodesError listing every
    line that is wrong, FileRefused if the list cannot be read or ours cannot be written; ours is then as it was.
    """
    from xltool.catalogue.by_year import forget
    from xltool.catalogue.code_import import merged
    from xltool.catalogue.own_codes import codes_csv, own_codes_file, parse_codes, read_own_codes
    from xltool.saving import save_file

    lines, counts = merged(parse_codes(_code_lists(source), f"“{source.name}”", year or 0))
    if sorted(lines) != sorted(read_own_codes()):
        target = own_codes_file()
        target.parent.mkdir(parents=True, exist_ok=True)
        save_file(target, codes_csv(lines), otherwise="或检查这个文件夹的权限")
        forget()
    return counts


def _code_lists(source: FilePath) -> list[list[Line]]:
    from xltool.catalogue.own_codes import text_lines
    from xltool.excel.read.codes import sheet_lines

    if source.suffix.lower() in (".csv", ".txt"):
        return [text_lines(source.read_bytes(), f"“{source.name}”")]
    return sheet_lines(source)


def draft(source: FilePath, target: FilePath, *, force: bool = False) -> Draft:
    """Write a first template made from the official workbook `source` to the folder `target`; its author corrects it.

    With `force` a template that is there already is replaced. Raises FileRefused (the workbook cannot be read, the
    folder must not be written), TableNotFound (no sheet has a table).
    """
    from xltool.drafting.draft import make_draft
    from xltool.drafting.save import ensure_free, save
    from xltool.drafting.toml_text import files

    ensure_free(target, force)
    drafted = make_draft(source)
    save(files(drafted), target)
    return drafted


def sample_facts(template: str) -> FilePath:
    """The long table of really published figures that comes with a template. Raises FileRefused if none does."""
    from pathlib import Path

    from xltool.errors import FileRefused

    package = Path(__file__).parent
    for samples in (package / "samples", package.parent / "samples"):  # as installed, or in a checkout
        path = samples / template / "facts.csv"
        if path.is_file():
            return path
    raise FileRefused(f"模板“{template}”没有随附的示例数据。")


def _write(filled: Filled, target: FilePath) -> None:
    from xltool.excel.write.workbook import write

    write(filled.layout, filled.values, filled.live, target)


def _with_heads(outline: Outline, unit: str | None, year: int | None, amount_unit: str | None) -> Outline:
    """The outline for another department, year or amount unit; units named after the department (X局本级) follow it."""
    from dataclasses import replace

    members, by_table, old = dict(outline.members), outline.by_table, outline.department
    if unit and old:
        units = {name: unit + name[len(old) :] for name in members.get("unit", ()) if name.startswith(old)}
        members["unit"] = tuple(units.get(name, name) for name in members.get("unit", ()))
        by_table = {
            (table, tuple(units.get(name, name) for name in above), dimension): rows
            for (table, above, dimension), rows in by_table.items()
        }
    return replace(
        outline,
        department=unit or old,
        year=year or outline.year,
        amount_unit=amount_unit or outline.amount_unit,
        members=members,
        by_table=by_table,
    )


def _with_subjects(outline: Outline, subjects: Iterable[str]) -> Outline:
    """The outline with these 科目 in place of its own, for each dimension that any of them belongs to."""
    import re
    from dataclasses import replace

    from xltool.errors import FactsError
    from xltool.layout.outline import with_parents
    from xltool.template.binding import is_code
    from xltool.template.spec import CODE_LEVELS

    codes = [code for text in subjects for code in re.split(r"[\s,，、;；]+", text) if code]
    wrong = [code for code in codes if not any(is_code(dimension, code) for dimension in CODE_LEVELS)]
    if wrong:
        raise FactsError("这些不是科目编码（功能科目 3、5、7 位，以 2 开头；经济科目 3、5 位，以 3 开头）：", wrong)
    chosen = {
        dimension: with_parents(own, dimension)
        for dimension in CODE_LEVELS
        if (own := [code for code in codes if is_code(dimension, code)])
    }
    return replace(outline, members={**outline.members, **chosen}, by_table=_without(outline, chosen))


def _with_projects(outline: Outline, projects: Iterable[str], template: Template) -> Outline:
    """The outline with these projects in place of its own, in every table that lists projects."""
    from dataclasses import replace

    from xltool.errors import FactsError, FileRefused
    from xltool.template.binding import row_patterns
    from xltool.template.names import normal

    blocks = [block for table in template.tables.values() for block in table.blocks]
    if not any("project" in pattern for block in blocks for pattern in row_patterns(block.rows)):
        raise FileRefused(f"模板“{template.title}”没有按项目列的表：请去掉 --projects。")
    names = [name for text in projects if (name := text.strip())]
    same = [normal(name) for name in names]
    repeated = [name for name, one in dict(zip(names, same, strict=True)).items() if same.count(one) > 1]
    if repeated:
        raise FactsError("这些项目写了不止一次，请改成不同的名称：", repeated)
    members = {**outline.members, "project": tuple(names)}
    return replace(outline, members=members, by_table=_without(outline, ["project"]))


def _without(outline: Outline, dimensions: Iterable[str]) -> Mapping[tuple[str, Path, str], tuple[Path, ...]]:
    """What the outline says of single tables, but for the members of some dimensions."""
    return {place: rows for place, rows in outline.by_table.items() if place[2] not in [*dimensions]}
