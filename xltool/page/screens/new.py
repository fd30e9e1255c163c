"""生成: what a blank workbook is to have is chosen, and it can be taken away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from xltool import api
from xltool.catalogue.by_year import TITLES, catalogue
from xltool.page.rendering import rendered
from xltool.page.screens.screen import (
    RESULT,
    download,
    form_of,
    job_of,
    jobs_of,
    not_done,
    screen_of_jobs,
    template_named,
    to,
    year_of,
)
from xltool.page.tasks.new import Order, new
from xltool.page.uploads import UploadRefused
from xltool.template.spec import CODE_LEVELS, Template

_NAME = "new"


class Choice(NamedTuple):
    """A 科目 that can be chosen: its code, its name, and whether the template has it."""

    code: str
    name: str
    is_usual: bool


def _form(request: Request) -> Response:
    known = api.templates()
    chosen = template_named(known, request.query_params.get("template") or known[0].id)
    year = year_of(request.query_params.get("year", "")) or chosen.year
    return rendered(
        "new/form.html",
        screen=SCREEN,
        jobs=jobs_of(request).of(_NAME),
        templates=known,
        chosen=chosen,
        year=year,
        subjects=dict(_subjects(chosen, year)),
    )


def _subjects(template: Template, year: int) -> Iterator[tuple[str, list[Choice]]]:
    """Of each classification that the format has: its title, and the 科目 of that year."""
    known = catalogue(year)
    for dimension in CODE_LEVELS:
        usual = template.members.get(dimension, ())
        if usual:
            there = [code for code in known.codes.values() if code.dimension == dimension]
            yield (
                f"{TITLES[dimension]}科目",
                [Choice(one.code, one.name, one.code in usual) for one in there if not known.ruled_out_by(one.code)],
            )


async def _start(request: Request) -> Response:
    async with form_of(request) as (form, folder):
        if form.file("roster") and form.text("unit"):
            raise UploadRefused("选了单位名册时，单位的名称来自名册：请把“单位名称”空着。")
        template = template_named(api.templates(), form.text("template"))
        year = year_of(form.text("year"))
        chosen = tuple(form.texts("subjects"))
        usual = {
            one.code for _, choices in _subjects(template, year or template.year) for one in choices if one.is_usual
        }
        projects = tuple(filter(None, map(str.strip, form.text("projects").splitlines())))
        order = Order(
            folder / RESULT,
            template.id,
            form.text("unit") or None,
            year,
            form.text("amount_unit") or None,
            None if {*chosen} == usual or form.file("like") else chosen,
            projects or None,
            form.file("like"),
            form.file("roster"),
        )
        title = order.roster.name if order.roster else order.unit or template.department
        return to(jobs_of(request).start(_NAME, title, folder, new, order))


def _result(request: Request) -> Response:
    job = job_of(request)
    return not_done(job, SCREEN) or rendered("new/done.html", screen=SCREEN, job=job)


def _take(request: Request) -> Response:
    job = job_of(request)
    return not_done(job, SCREEN) or download(job.result.file, job.result.file.name)


SCREEN = screen_of_jobs(
    _NAME,
    "生成",
    "生成空白工作簿：公式、下拉选项和校验都已做好，可以直接填数。",
    _form,
    _start,
    _result,
    Route(f"/{_NAME}/{{job}}/file", _take),
)
