"""检查: workbooks are dropped, what is wrong with them is shown, and the marked copies can be taken away."""

from __future__ import annotations

import contextlib
from datetime import date
from pathlib import Path

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from xltool import api
from xltool.api.batches import totals
from xltool.page.jobs import Job, NoSuchJob
from xltool.page.names import marked_name, unmarked_name
from xltool.page.rendering import rendered
from xltool.page.screens.screen import (
    NO_FILE,
    RESULT,
    download,
    form_of,
    job_of,
    jobs_of,
    next_folder,
    not_done,
    refuse_none,
    screen_of_jobs,
    title_of,
    to,
)
from xltool.page.tasks.check import ALL, LIST, REPORT, Found, Order, check, worst_first
from xltool.source.acceptances import acceptances_of
from xltool.source.lists import ListLine

_NAME = "check"
_REASON = "reason:"
"""What the field for the reason of a finding begins with; its code follows."""


def _form(request: Request) -> Response:
    return rendered("check/form.html", screen=SCREEN, jobs=jobs_of(request).of(_NAME), templates=api.templates())


async def _start(request: Request) -> Response:
    async with form_of(request) as (form, folder):
        refuse_none(form, "files", "工作簿")
        files = tuple(upload.path for upload in form.files("files"))
        order = Order(files, folder / RESULT, form.text("template") or None, form.file("accepted"))
        return to(jobs_of(request).start(_NAME, title_of(files), folder, check, order, len(files)))


def _result(request: Request) -> Response:
    """All workbooks in a list, or the findings of the only one."""
    job = job_of(request)
    if response := not_done(job, SCREEN):
        return response
    if len(job.result) == 1:
        return _told(request, job, 1)
    codes = [2 if one.trouble else 1 if one.errors or one.warnings else 0 for one in job.result]
    return rendered("check/done.html", screen=SCREEN, job=job, lines=worst_first(job.result), totals=totals(codes))


def _one(request: Request) -> Response:
    """The findings of one workbook of several."""
    job = job_of(request)
    return not_done(job, SCREEN) or _told(request, job, request.path_params["number"])


def _told(request: Request, job: Job, number: int) -> Response:
    found = _numbered(job, number)
    findings = Markup(found.page.read_text(encoding="utf-8")) if found.page else ""
    may_explain = f'name="{_REASON}' in findings
    return rendered(
        "check/found.html",
        screen=SCREEN,
        job=job,
        number=number,
        found=found,
        findings=findings,
        may_explain=may_explain,
        was_explained=job.order.only == number,
    )


async def _explain(request: Request) -> Response:
    """Take the reasons that were written for warnings, and check again with them."""
    async with form_of(request) as (form, _):
        job, number = job_of(request), request.path_params["number"]
        found = _numbered(job, number)
        who = form.text("who")
        lines = [
            ListLine(f"“{found.name}”的说明", {"code": field.removeprefix(_REASON), "reason": texts[0], "who": who})
            for field, texts in form.fields.items()
            if field.startswith(_REASON)
        ]
        given = {one.code: one for one in acceptances_of(lines, "", date.today().isoformat())}
        asked = {line.texts["code"] for line in lines}
        order: Order = job.order
        others = [one for one in order.reasons if one.code not in asked]
        again = order._replace(
            folder=next_folder(job),
            reasons=(*given.values(), *others),
            only=number,
            before=tuple(one.kept for one in job.result),
        )
        jobs_of(request).again(job, check, again, 1)
        _remove_older(job, order.folder)
        return to(job, str(number))


def _remove_older(job: Job, folder: Path) -> None:
    """Remove the largest file of results that are neither the last, which is in `folder`, nor the next."""
    for older in job.folder.glob(f"{RESULT}*/{ALL}"):
        if older.parent not in (folder, job.order.folder):
            with contextlib.suppress(OSError):  # being taken away just now
                older.unlink()


def _take(request: Request) -> Response:
    """What is about all workbooks of the result."""
    job, what = job_of(request), request.path_params["what"]
    if response := not_done(job, SCREEN):
        return response
    if what not in (LIST, REPORT, ALL):
        raise NoSuchJob(NO_FILE)
    folder: Path = job.order.folder
    return download(folder / what, what)


def _take_marked(request: Request) -> Response:
    """The marked copy of a workbook."""
    job = job_of(request)
    if response := not_done(job, SCREEN):
        return response
    found = _numbered(job, request.path_params["number"])
    if found.marked is None:
        raise NoSuchJob(NO_FILE)
    return download(found.marked, (marked_name if found.has_marks else unmarked_name)(found.marked.name))


def _numbered(job: Job, number: int) -> Found:
    found: list[Found] = job.result or []
    if not 0 < number <= len(found):
        raise NoSuchJob(NO_FILE)
    return found[number - 1]


SCREEN = screen_of_jobs(
    _NAME,
    "检查",
    "检查工作簿：核对每条审核规则，在有问题的单元格上标注颜色和批注。原文件不动，标注好的另外下载。",
    _form,
    _start,
    _result,
    Route(f"/{_NAME}/{{job}}/files/{{number:short}}", _take_marked),
    Route(f"/{_NAME}/{{job}}/files/{{what}}", _take),
    Route(f"/{_NAME}/{{job}}/{{number:short}}", _one),
    Route(f"/{_NAME}/{{job}}/{{number:short}}", _explain, methods=["POST"]),
)
