"""检查: workbooks checked, their copies marked, what was found in them told in pages and lists."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

from xltool.api import books
from xltool.api.batches import Job, Outcome, check_copies
from xltool.api.failures import Failure
from xltool.excel.write.handouts.finding_list import ListedFinding, save_findings
from xltool.model import Acceptance
from xltool.page.rendering import environment
from xltool.page.tasks.results import attempted, unlike_names, without_folder, zipped
from xltool.report.html.page import Checked, most_told, save_report
from xltool.report.option_words import without_options

MARKED = "已标注"
LIST, REPORT, ALL = "问题清单.xlsx", "检查报告.html", "检查结果.zip"


class Order(NamedTuple):
    """The workbooks to check, the folder for what comes of them, which template (None: the one that fits), and the
    reasons: those of a 问题清单, and others, which hold instead of them."""

    files: tuple[Path, ...]
    folder: Path
    template: str | None = None
    accepted: Path | None = None
    reasons: tuple[Acceptance, ...] = ()


class Found(NamedTuple):
    """What came of one workbook: how many errors and warnings, and the line that sums it up.

    `trouble` is why something could not be done ("" if all could), `remark` what is to be known about its marks;
    `marked` is its marked copy, `page` what a page tells of it; None if there is none.
    """

    name: str
    errors: int
    warnings: int
    summary: str
    trouble: str
    remark: str
    marked: Path | None
    page: Path | None


def check(order: Order, tell: Callable[[Found], object]) -> list[Found] | Failure:
    """Do it; what was found in each workbook is told as it comes. What is left of an earlier run is removed."""
    return attempted(lambda: _check(order, tell), order.folder.parent)


def _check(order: Order, tell: Callable[[Found], object]) -> list[Found]:
    shutil.rmtree(order.folder, ignore_errors=True)
    (order.folder / MARKED).mkdir(parents=True, mode=0o700)
    reasons = (*(books.read_reasons(order.accepted) if order.accepted else ()), *order.reasons)
    names = unlike_names(file.name for file in order.files)
    jobs = [Job(file, order.folder / MARKED / name, name) for file, name in zip(order.files, names, strict=True)]
    outcomes = check_copies(jobs, template=order.template, reasons=reasons, most=most_told(len(jobs)))
    found: list[Found] = []
    listed: list[ListedFinding] = []
    checked: list[Checked] = []
    for number, (job, outcome) in enumerate(zip(jobs, outcomes, strict=True), 1):
        one = _found(number, job, outcome, order)
        found.append(one)
        listed += outcome.listed
        checked.append(Checked(job.target or job.source, outcome.contents, one.trouble))
        tell(one)
    save_findings(listed, order.folder / LIST)
    save_report(checked, order.folder / REPORT)
    marked = [one.marked for one in found if one.marked]
    zipped([*marked, order.folder / LIST, order.folder / REPORT], order.folder, order.folder / ALL)
    return found


def _found(number: int, job: Job, outcome: Outcome, order: Order) -> Found:
    assert job.target is not None
    trouble = without_folder(outcome.trouble, order.folder.parent)
    marked = job.target if job.target.exists() else None
    contents = outcome.contents
    if contents is None:
        return Found(job.name, 0, 0, "", trouble, outcome.remark, marked, None)
    page = order.folder / f"{number}.html"
    template = environment().get_template("findings.html")
    given = {one.code: one.reason for one in order.reasons}
    findings = template.render(contents=contents, id=f"w{number}", given=given)
    page.write_text(without_options(findings), encoding="utf-8", errors="replace")
    counts = contents.counts
    return Found(job.name, counts.errors, counts.warnings, contents.summary, trouble, outcome.remark, marked, page)


def worst_first(found: Iterable[Found]) -> list[tuple[int, Found]]:
    """With their numbers: what could not be done first, then those with errors, then those with warnings."""
    return sorted(enumerate(found, 1), key=lambda one: (not one[1].trouble, -one[1].errors, -one[1].warnings))
