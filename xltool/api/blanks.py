"""Blank workbooks: one, or one for each unit of a roster (下发).

Heavy parts are imported where they are used, so that importing this module costs nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from xltool.api.paths import path, path_or_none

TYPE_CHECKING = False
if TYPE_CHECKING:  # spelt out, because importing pathlib would be a tenth of what `xltool -h` takes
    from pathlib import Path

    from xltool.api.paths import AnyPath
    from xltool.layout.moved_codes import Moved
    from xltool.layout.outline import Outline
    from xltool.merge.roster.roster import RosterUnit
    from xltool.template.spec import Template


class Issue(NamedTuple):
    """The workbooks for the units of a roster, in its order, each written when it is asked for; `total` of them.

    `moved` is what became of 科目 that the year lacks.
    """

    total: int
    files: Iterator[Path]
    moved: list[Moved]


def new(
    template: str,
    target: AnyPath,
    *,
    unit: str | None = None,
    year: int | None = None,
    amount_unit: str | None = None,
    subjects: Iterable[str] | None = None,
    projects: Iterable[str] | None = None,
    like: AnyPath | None = None,
    templates: AnyPath | None = None,
) -> list[Moved]:
    """Write a blank workbook of `template` to `target`.

    `unit` is the department's name, `amount_unit` "元" or "万元", `subjects` the 科目 codes of its rows (parents are
    added), `projects` the names of its projects (each has its rows and, where the format has a form a project, its
    sheet), `like` last year's workbook, whose rows are taken over (for the year after it, if `year` is not given).
    科目 of the template or of `like` that the year does not have become those it has instead: returns what was moved.
    Raises UnknownTemplate, TemplateError, FactsError (what are no codes, projects named twice), FileRefused (the target
    cannot be written, `like` cannot be read, the format has no projects).
    """
    from xltool.equations.filling import blank
    from xltool.excel.write.workbook import write

    spec, outline, moved = _chosen(template, unit, year, amount_unit, subjects, projects, like, templates)
    write(*blank(spec, outline), path(target))
    return moved


def new_for_units(
    template: str,
    roster: AnyPath,
    folder: AnyPath,
    *,
    year: int | None = None,
    amount_unit: str | None = None,
    subjects: Iterable[str] | None = None,
    projects: Iterable[str] | None = None,
    like: AnyPath | None = None,
    templates: AnyPath | None = None,
    force: bool = False,
) -> Issue:
    """Write a blank workbook of `template` for each unit of a roster that sends one to `folder`, which is made.

    Name and code of the unit are noted inside and make the file's name. Only with `force` are files overwritten.
    Otherwise as `new`; before anything is written, raises RosterError too, also for a unit without a department above
    it where the format prints both.
    """
    from xltool.merge.roster.issue import file_names, refuse_existing_files, refuse_without_department
    from xltool.merge.roster.read import read_roster
    from xltool.saving import make_folder

    given = path(roster)
    units = read_roster(given).sending
    spec, outline, moved = _chosen(template, None, year, amount_unit, subjects, projects, like, templates)
    refuse_without_department(units, spec, f"“{given.name}”")
    files = tuple(path(folder) / name for name in file_names(units))
    refuse_existing_files(files, force)
    make_folder(path(folder))
    return Issue(len(units), _issued(spec, outline, units, files), moved)


def _issued(spec: Template, outline: Outline, units: Sequence[RosterUnit], files: Sequence[Path]) -> Iterator[Path]:
    from xltool.equations.filling import blank
    from xltool.excel.write.workbook import write
    from xltool.layout.choice import for_unit
    from xltool.merge.roster.identity import noted_identity

    for unit, file in zip(units, files, strict=True):
        own = for_unit(outline, spec, unit.parent, unit.name)
        write(*blank(spec, own), file, noted=noted_identity(unit))
        yield file


def _chosen(
    template: str,
    unit: str | None,
    year: int | None,
    amount_unit: str | None,
    subjects: Iterable[str] | None,
    projects: Iterable[str] | None,
    like: AnyPath | None,
    templates: AnyPath | None,
) -> tuple[Template, Outline, list[Moved]]:
    """The template, the rows that were chosen, and the 科目 that were moved for that."""
    from xltool.api import books
    from xltool.layout import choice
    from xltool.layout.moved_codes import in_its_year
    from xltool.layout.outline import default_outline
    from xltool.library import library

    spec = library(path_or_none(templates)).load(template)
    outline = default_outline(spec)
    if like is not None:
        last = books.read(like, template, templates).outline
        outline = last._replace(year=last.year + 1, extra={})
    outline, moved = in_its_year(choice.with_heads(outline, unit, year, amount_unit))
    if subjects is not None:
        subjects = [*subjects]
        outline = choice.with_subjects(outline, subjects)
        moved = [change for change in moved if not choice.has_chosen(subjects, change.codes)]
    if projects is not None:
        outline = choice.with_projects(outline, projects, spec)
    return spec, outline, moved
