"""What a screen is: a word of the menu, a place, and the answers to what is asked there."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

from starlette.convertors import IntegerConvertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from xltool.errors import UnknownTemplate
from xltool.page.jobs import Job, Jobs
from xltool.page.names import attachment
from xltool.page.rendering import rendered
from xltool.page.root import rooted
from xltool.page.uploads import MOST_FILES, Form, UploadRefused, Uploads
from xltool.template.spec import Template

NO_FILE = "没有这个文件：请回到结果页重新选。"

RESULT = "结果"
"""What the folders begin with that have what came of a job."""


class Screen(NamedTuple):
    """`title` is its word in the menu, `address` where it begins, `explained` what it is for in one line."""

    title: str
    address: str
    explained: str
    routes: Sequence[BaseRoute]


Answer = Callable[[Request], Response | Awaitable[Response]]


def screen_of_jobs(
    name: str, title: str, explained: str, form: Answer, start: Answer, result: Answer, *others: Route
) -> Screen:
    """A screen that makes jobs: its form, a new job, how far one is or what came of it, 停止, and `others`."""
    home, job = f"/{name}", f"/{name}/{{job}}"
    routes = [
        Route(home, form),
        Route(home, start, methods=["POST"]),
        Route(job, result),
        Route(f"{job}/stop", stop, methods=["POST"]),
        *others,
    ]
    return Screen(title, home, explained, routes)


class _Short(IntegerConvertor):
    """A number of a workbook in an address: Python refuses to read numbers of thousands of digits."""

    regex = f"[0-9]{{1,{len(str(MOST_FILES))}}}"


register_url_convertor("short", _Short())


def jobs_of(request: Request) -> Jobs:
    """All jobs of the page."""
    jobs: Jobs = request.app.state.jobs
    return jobs


def job_of(request: Request) -> Job:
    """The job that an address names: /ROOT/SCREEN/JOB/… Raises NoSuchJob."""
    return jobs_of(request).find(request.url.path.split("/")[2], request.path_params["job"])


@asynccontextmanager
async def form_of(request: Request) -> AsyncIterator[tuple[Form, Path]]:
    """What was sent, and a new folder for the job that is made of it; gone afterwards if none is.

    Raises what `read_form` raises, and UploadRefused while too many others are being sent.
    """
    uploads: Uploads = request.app.state.uploads
    with jobs_of(request).new_folder() as folder:
        yield await uploads.read(request, folder), folder


def next_folder(job: Job) -> Path:
    """Where what comes of a job is to be put when it is done once more: what came of it before stays as it is."""
    return job.folder / f"{RESULT}-{secrets.token_hex(8)}"


def keep(file: Path, job: Job) -> Path:
    """Move a file that was sent into the folder of a job that is there already."""
    place = job.folder / secrets.token_hex(8)
    place.mkdir(0o700)
    return file.rename(place / file.name)


def title_of(files: Sequence[Path]) -> str:
    """What a job with these files is called."""
    return f"{files[0].name} 等 {len(files)} 个文件" if files[1:] else files[0].name


def refuse_none(form: Form, field: str, what: str) -> None:
    """Raise UploadRefused if no file was chosen in a field."""
    if not form.files(field):
        raise UploadRefused(f"没有选{what}：请先选文件。")


def template_named(known: list[Template], name: str) -> Template:
    """The template of that name, of those in the list: a page names no folders. Raises UnknownTemplate."""
    found = next((one for one in known if one.id == name), None)
    if found is None:
        raise UnknownTemplate(f"没有名为“{name}”的模板：请从列表里选。")
    return found


def year_of(text: str) -> int | None:
    """The year that was written, if one was. Raises UploadRefused for what is no year."""
    text = text.strip()
    if text and not (len(text) == 4 and text.isascii() and text.isdecimal() and text.startswith("20")):
        raise UploadRefused(f"年度应为四位数的年份，不能是“{text}”。")
    return int(text) if text else None


def one_file(form: Form, field: str, what: str) -> Path:
    """The file of a field. Raises UploadRefused if none was chosen."""
    refuse_none(form, field, what)
    return form.files(field)[0].path


def not_done(job: Job, screen: Screen, template: str = "work.html") -> Response | None:
    """How far a job is, or why nothing came of it; None if it is done."""
    return None if job.has_result else rendered(template, screen=screen, job=job)


def to(job: Job, *rest: str) -> Response:
    """Go to a job."""
    return RedirectResponse(rooted("/".join([f"/{job.screen}", job.id, *rest])), 303)


def stop(request: Request) -> Response:
    """停止."""
    job = job_of(request)
    job.stop()
    return to(job)


def download(file: Path, name: str) -> Response:
    """A file that is saved, not shown, under this name."""
    return FileResponse(file, media_type="application/octet-stream", headers={"Content-Disposition": attachment(name)})
