"""汇总: a roster and the workbooks of many units are given; 报送情况 is shown live, then the result."""

from __future__ import annotations

from pathlib import Path

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from xltool import api
from xltool.merge.roster.roster import Nature
from xltool.page.rendering import rendered
from xltool.page.screens.screen import (
    RESULT,
    download,
    form_of,
    job_of,
    jobs_of,
    keep,
    not_done,
    refuse_none,
    screen_of_jobs,
    title_of,
    to,
)
from xltool.page.tasks.merge import Order, beside, merge
from xltool.page.uploads import Form
from xltool.report.units.merge_words import HEADINGS

_NAME = "merge"
_NOTHING_CHOSEN = Order((), Path())


def _form(request: Request) -> Response:
    return rendered(
        "merge/form.html", screen=SCREEN, jobs=jobs_of(request).of(_NAME), order=_NOTHING_CHOSEN, **_known()
    )


def _known() -> dict[str, object]:
    """What there is to choose from."""
    return {"templates": api.templates(), "natures": [one.value for one in Nature]}


async def _start(request: Request) -> Response:
    async with form_of(request) as (form, folder):
        refuse_none(form, "files", "各单位的工作簿")
        files = beside([upload.path for upload in form.files("files")], folder / RESULT)
        order = _as_chosen(Order(files, folder / RESULT, form.file("roster"), form.file("transfers")), form)
        return to(jobs_of(request).start(_NAME, title_of(files), folder, merge, order, len(files)))


def _as_chosen(order: Order, form: Form) -> Order:
    return order._replace(
        name=form.text("name") or None,
        under=form.text("under") or None,
        nature=form.text("nature") or None,
        amount_unit=form.text("amount_unit") or None,
        allow_errors=bool(form.text("allow_errors")),
        balanced=bool(form.text("balanced")),
        template=form.text("template") or None,
    )


def _result(request: Request) -> Response:
    job = job_of(request)
    if job.is_over and not job.has_result:
        return rendered("merge/refused.html", screen=SCREEN, job=job, order=job.order, **_known())
    if response := not_done(job, SCREEN, "merge/working.html"):
        return response
    findings = Markup(job.result.page.read_text(encoding="utf-8"))
    return rendered("merge/done.html", screen=SCREEN, job=job, headings=HEADINGS, findings=findings)


async def _again(request: Request) -> Response:
    """Once more with the same files, after it was refused."""
    async with form_of(request) as (form, _):
        job = job_of(request)
        order: Order = job.order
        left_out = {*form.texts("exclude")}
        roster, transfers = form.file("roster"), form.file("transfers")
        order = _as_chosen(order, form)._replace(
            roster=keep(roster, job) if roster else order.roster,
            transfers=keep(transfers, job) if transfers else order.transfers,
            exclude=tuple(file for file in order.files if file.name in left_out),
        )
        jobs_of(request).again(job, merge, order, len(order.files))
        return to(job)


def _take(request: Request) -> Response:
    job = job_of(request)
    if response := not_done(job, SCREEN):
        return response
    file = job.result.everything if request.path_params["what"] == "all" else job.result.file
    return download(file, file.name)


SCREEN = screen_of_jobs(
    _NAME,
    "汇总",
    "把各单位的工作簿汇总成一个同样格式的工作簿，附报送情况、汇总底稿、抵销。",
    _form,
    _start,
    _result,
    Route(f"/{_NAME}/{{job}}", _again, methods=["POST"]),
    Route(f"/{_NAME}/{{job}}/files/{{what}}", _take),
)
