"""清除标注: marked workbooks are dropped, and copies without our marks can be taken away."""

from __future__ import annotations

from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from xltool.page.jobs import NoSuchJob
from xltool.page.rendering import rendered
from xltool.page.screens.screen import (
    NO_FILE,
    RESULT,
    download,
    form_of,
    job_of,
    jobs_of,
    not_done,
    refuse_none,
    screen_of_jobs,
    title_of,
    to,
)
from xltool.page.tasks.clear import ALL, Cleared, Order, clear

_NAME = "clear"


def _form(request: Request) -> Response:
    return rendered("clear/form.html", screen=SCREEN, jobs=jobs_of(request).of(_NAME))


async def _start(request: Request) -> Response:
    async with form_of(request) as (form, folder):
        refuse_none(form, "files", "工作簿")
        files = tuple(upload.path for upload in form.files("files"))
        order = Order(files, folder / RESULT, bool(form.text("everything")))
        return to(jobs_of(request).start(_NAME, title_of(files), folder, clear, order, len(files)))


def _result(request: Request) -> Response:
    job = job_of(request)
    return not_done(job, SCREEN) or rendered("clear/done.html", screen=SCREEN, job=job)


def _take(request: Request) -> Response:
    """The copy of one workbook."""
    job, number = job_of(request), request.path_params["number"]
    if response := not_done(job, SCREEN):
        return response
    done: list[Cleared] = job.result
    file = done[number - 1].file if 0 < number <= len(done) else None
    if file is None:
        raise NoSuchJob(NO_FILE)
    return download(file, file.name)


def _take_all(request: Request) -> Response:
    job = job_of(request)
    if response := not_done(job, SCREEN):
        return response
    folder: Path = job.order.folder
    return download(folder / ALL, ALL)


SCREEN = screen_of_jobs(
    _NAME,
    "清除标注",
    "去掉检查加的颜色和批注，其余内容原样不动。去掉了的另外下载，原文件不改。",
    _form,
    _start,
    _result,
    Route(f"/{_NAME}/{{job}}/files/all", _take_all),
    Route(f"/{_NAME}/{{job}}/files/{{number:short}}", _take),
)
