"""检查: workbooks checked, their copies marked, what was found in them told in pages and lists."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from xltool.api import books
from xltool.api.batches import Job, Outcome, check_copies
from xltool.errors import XltoolError
from xltool.excel.write.handouts.finding_list import ListedFinding, save_findings
from xltool.model import Acceptance
from xltool.page.rendering import environment
from xltool.page.tasks.results import unlike_names, without_folder, zipped
from xltool.report.html.page import Checked, most_told, save_report
from xltool.report.words.options import without_options

MARKED = "已标注"
LIST, REPORT, ALL = "问题清单.xlsx", "检查报告.html", "检查结果.zip"


class Order(NamedTuple):
    """The workbooks to check, the folder for what comes of them, which template (None: the one that fits), and the
    reasons: those of a 问题清单, and others, which hold instead of them.

    `only` is the number of the one that is to be checked again, after all were; 0 for all. `before` is then where what
    came of each is kept; nothing of that is changed.
    """

    files: tuple[Path, ...]
    folder: Path
    template: str | None = None
    accepted: Path | None = None
    reasons: tuple[Acceptance, ...] = ()
    only: int = 0
    before: tuple[Path, ...] = ()


class NotCheckedAgain(XltoolError):
    """A workbook could not be checked and marked once more; the message says why."""


class Found(NamedTuple):
    """What came of one workbook: how many errors and warnings, and the line that sums it up.

    `trouble` is why something could not be done ("" if all could), `remark` what is to be known about its marks;
    `marked` is its marked copy, `page` what a page tells of it; None if there is none. `kept` is where all of it is
    kept until another workbook is checked again.
    """

    name: str
    errors: int
    warnings: int
    summary: str
    trouble: str
    remark: str
    marked: Path | None
    page: Path | None
    kept: Path

    @property
    def has_marks(self) -> bool:
        """Whether anything is marked in its copy; if not, earlier marks are gone from it."""
        return bool(self.errors or self.warnings)


class _Kept(NamedTuple):
    """What came of one workbook, and what the pages and lists about all of them tell of it."""

    found: Found
    listed: tuple[ListedFinding, ...]
    checked: Checked


def check(order: Order, tell: Callable[[Found], object]) -> list[Found]:
    """Do it; what was found in each workbook is told as it comes."""
    (order.folder / MARKED).mkdir(parents=True, exist_ok=True)
    reasons = (*(books.read_reasons(order.accepted) if order.accepted else ()), *order.reasons)
    names = unlike_names(file.name for file in order.files)
    jobs = [Job(file, order.folder / MARKED / name, name) for file, name in zip(order.files, names, strict=True)]
    chosen = {number: job for number, job in enumerate(jobs, 1) if order.only in (0, number)}
    most = most_told(len(jobs))
    outcomes = check_copies([*chosen.values()], template=order.template, reasons=reasons, most=most)
    places = dict(enumerate(order.before, 1))
    for (number, job), outcome in zip(chosen.items(), outcomes, strict=True):
        found = _found(number, job, outcome, order)
        if order.only and outcome.trouble:  # said on the page by the job, as every reason why nothing came of one
            raise NotCheckedAgain(f"{outcome.trouble}\n说明没有存下。")
        checked = Checked(job.target or job.source, outcome.contents, found.trouble)
        found.kept.write_bytes(pickle.dumps(_Kept(found, outcome.listed, checked)))
        places[number] = found.kept
        tell(found)
    return _told([pickle.loads(place.read_bytes()) for place in places.values()], order.folder)


def _told(kept: Sequence[_Kept], folder: Path) -> list[Found]:
    """Write what is about all workbooks."""
    save_findings([listed for one in kept for listed in one.listed], folder / LIST)
    save_report([one.checked for one in kept], folder / REPORT)
    marked = {f"{MARKED}/{one.found.marked.name}": one.found.marked for one in kept if one.found.marked}
    zipped({**marked, LIST: folder / LIST, REPORT: folder / REPORT}, folder / ALL)
    return [one.found for one in kept]


def _found(number: int, job: Job, outcome: Outcome, order: Order) -> Found:
    assert job.target is not None
    trouble = without_options(without_folder(outcome.trouble, order.folder.parent))
    marked = job.target if job.target.exists() else None
    kept = order.folder / f"{number}.kept"
    contents = outcome.contents
    if contents is None:
        return Found(job.name, 0, 0, "", trouble, outcome.remark, marked, None, kept)
    page = order.folder / f"{number}.html"
    template = environment().get_template("check/findings.html")
    given = {one.code: one.reason for one in order.reasons}
    findings = template.render(contents=contents, id=f"w{number}", given=given)
    page.write_text(without_options(findings), encoding="utf-8", errors="replace")
    counts = contents.counts
    return Found(
        job.name, counts.errors, counts.warnings, contents.summary, trouble, outcome.remark, marked, page, kept
    )


def worst_first(found: Iterable[Found]) -> list[tuple[int, Found]]:
    """With their numbers: what could not be done first, then those with errors, then those with warnings."""
    return sorted(enumerate(found, 1), key=lambda one: (not one[1].trouble, -one[1].errors, -one[1].warnings))
