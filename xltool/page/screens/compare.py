"""比较: two workbooks are given, and what changed between them is shown and can be taken away."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from xltool.page.rendering import rendered
from xltool.page.screens.screen import (
    RESULT,
    download,
    form_of,
    job_of,
    jobs_of,
    next_folder,
    not_done,
    one_file,
    screen_of_jobs,
    to,
)
from xltool.page.tasks.compare import Order, compare
from xltool.page.uploads import UploadRefused
from xltool.report.units.compare_words import HEADINGS
from xltool.template.spec import DIMENSION_NAMES

_NAME = "compare"


def _form(request: Request) -> Response:
    return rendered("compare/form.html", screen=SCREEN, jobs=jobs_of(request).of(_NAME))


async def _start(request: Request) -> Response:
    async with form_of(request) as (form, folder):
        old, new = one_file(form, "old", "旧工作簿"), one_file(form, "new", "新工作簿")
        order = Order(old, new, folder / RESULT, tuple(map(_names, form.text("same").splitlines())))
        return to(jobs_of(request).start(_NAME, f"{old.name}、{new.name}", folder, compare, order))


def _result(request: Request) -> Response:
    job = job_of(request)
    return not_done(job, SCREEN) or rendered(
        "compare/done.html", screen=SCREEN, job=job, headings=HEADINGS, dimensions=DIMENSION_NAMES
    )


async def _again(request: Request) -> Response:
    """Compare once more, with the names that were said to be the same."""
    async with form_of(request) as (form, _):
        job = job_of(request)
        same = (*job.order.same, *map(_names, form.texts("same")))
        jobs_of(request).again(job, compare, job.order._replace(same=same, folder=next_folder(job)), 1)
        return to(job)


def _names(line: str) -> tuple[str, str]:
    """An old name and the new one. Raises UploadRefused."""
    old, _, new = (part.strip() for part in line.partition("="))
    if not (old and new):
        raise UploadRefused(f"改了名的应写成“旧名称=新名称”，不能是“{line}”。")
    return old, new


def _take(request: Request) -> Response:
    job = job_of(request)
    return not_done(job, SCREEN) or download(job.result.file, job.result.file.name)


SCREEN = screen_of_jobs(
    _NAME,
    "比较",
    "比较两个工作簿：两个年度，一份预算的两版，或改正前后；列出每个数的增减额、增减率。",
    _form,
    _start,
    _result,
    Route(f"/{_NAME}/{{job}}", _again, methods=["POST"]),
    Route(f"/{_NAME}/{{job}}/file", _take),
)
