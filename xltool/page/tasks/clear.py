"""清除标注: our marks taken off workbooks, each into a copy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from xltool.api.batches import Job, clear_copies
from xltool.page.names import unmarked_name
from xltool.page.tasks.results import unlike_names, without_folder, zipped
from xltool.report.words.options import without_options

CLEARED, ALL = "已清除标注", "已清除标注.zip"


class Order(NamedTuple):
    """The marked workbooks, the folder for what comes of them, and whether the kept reasons are to go too."""

    files: tuple[Path, ...]
    folder: Path
    everything: bool


class Cleared(NamedTuple):
    """What came of one workbook: a sentence, and its copy; `file` is None if there is none, for the reason in
    `trouble`."""

    name: str
    text: str
    trouble: str
    file: Path | None


def clear(order: Order, tell: Callable[[Cleared], object]) -> list[Cleared]:
    """Do it; what came of each workbook is told as it comes. All copies are put into one file too."""
    folder = order.folder / CLEARED
    folder.mkdir(parents=True)
    names = unlike_names(unmarked_name(file.name) for file in order.files)
    jobs = [Job(file, folder / name, file.name) for file, name in zip(order.files, names, strict=True)]
    done = []
    for job, outcome in zip(jobs, clear_copies(jobs, everything=order.everything), strict=True):
        assert job.target is not None
        text = outcome.text.removeprefix(f"{job.target}：")
        trouble = without_options(without_folder(outcome.trouble, order.folder.parent))
        done.append(Cleared(job.name, text, trouble, job.target if job.target.exists() else None))
        tell(done[-1])
    zipped({f"{CLEARED}/{one.file.name}": one.file for one in done if one.file}, order.folder / ALL)
    return done
