"""生成: a blank workbook, or one for each unit of a roster."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from xltool import api
from xltool.page.names import file_name
from xltool.page.tasks.results import zipped

_BLANK, _ALL = "空白预算.xlsx", "空白预算.zip"


class Order(NamedTuple):
    """What to make, see `api.new` and `api.new_for_units` (if there is a roster), and the folder for it."""

    folder: Path
    template: str
    unit: str | None
    year: int | None
    amount_unit: str | None
    subjects: tuple[str, ...] | None
    projects: tuple[str, ...] | None
    like: Path | None
    roster: Path | None


class Made(NamedTuple):
    """How many workbooks were made, what they are in, and what became of 科目 that the year lacks."""

    workbooks: int
    file: Path
    moved: tuple[str, ...]


def new(order: Order, tell: Callable[[object], object]) -> Made:
    """Do it; there are no steps to tell."""
    order.folder.mkdir(mode=0o700)
    year, amount_unit, subjects, projects, like = order[3:8]
    if order.roster is None:
        target = order.folder / file_name(f"{order.unit or ''}{_BLANK}")
        moved = api.new(
            order.template,
            target,
            unit=order.unit,
            year=year,
            amount_unit=amount_unit,
            subjects=subjects,
            projects=projects,
            like=like,
        )
        return Made(1, target, tuple(map(str, moved)))
    issue = api.new_for_units(
        order.template,
        order.roster,
        order.folder / "空白预算",
        year=year,
        amount_unit=amount_unit,
        subjects=subjects,
        projects=projects,
        like=like,
    )
    files = {str(file.relative_to(order.folder)): file for file in issue.files}
    zipped(files, order.folder / _ALL)
    return Made(len(files), order.folder / _ALL, tuple(map(str, issue.moved)))
