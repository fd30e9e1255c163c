"""Many files, one after the other or in several processes: what stops one does not stop the others.

A file's result is made up in the process that worked on it (text, JSON, exit code), so that it is small and the same
wherever it was made.
"""

from __future__ import annotations

import glob
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar

from xltool.api import books
from xltool.api.failures import Failure, attempt, naming
from xltool.api.paths import AnyPath, is_same, path, path_or_none
from xltool.errors import FileRefused, SignedWorkbook

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from xltool.api.processes.cluster import Cluster
    from xltool.api.processes.pool import Lost
    from xltool.diagnose.report import Report
    from xltool.excel.file.package import Package
    from xltool.excel.write.handouts.finding_list import ListedFinding
    from xltool.model import Acceptance
    from xltool.report.html.contents import Contents

Result = TypeVar("Result")
Step = TypeVar("Step")


class Watch(Protocol):
    """Gives on what comes step by step, of which there are `total`, and shows how far it is."""

    def __call__(self, steps: Iterable[Step], total: int) -> AbstractContextManager[Iterator[Step]]: ...


def unwatched(steps: Iterable[Step], total: int) -> AbstractContextManager[Iterator[Step]]:
    """Show nothing."""
    from contextlib import nullcontext

    return nullcontext(iter(steps))


_PARALLEL_FROM = 8
"""From so many files on, two processes finish earlier than this one alone."""

_WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".et")
_LOCKS = ("~$", ".")  # of Excel; of WPS and LibreOffice, and what systems hide

_PRELOAD = ("xltool.diagnose.report", "xltool.excel.mark.annotate", "xltool.excel.read.workbook", "xltool.report.json")


class Outcome(NamedTuple):
    """What came of one file.

    `code` is 0 if nothing is wrong with it, 1 if something is, 2 if it could not be done; `text` is what there is to
    tell, `trouble` why something could not be done ("" if it could), `document` its report as JSON, `listed` its lines
    of the 问题清单, `contents` what a page tells of it, `remark` what is to be known about its marks.
    """

    code: int
    text: str = ""
    trouble: str = ""
    document: str = ""
    listed: tuple[ListedFinding, ...] = ()
    contents: Contents | None = None
    remark: str = ""


class Job(NamedTuple):
    """One file to work on; `target` is None if nothing is to be written, `name` stands before a sentence of trouble."""

    source: Path
    target: Path | None
    name: str


def check_files(
    files: Sequence[AnyPath],
    *,
    out: AnyPath | None = None,
    dry_run: bool = False,
    template: str | None = None,
    templates: AnyPath | None = None,
    force: bool = False,
    with_json: bool = False,
    accepted: AnyPath | None = None,
    keep: bool = False,
    finding_list: AnyPath | None = None,
    html: AnyPath | None = None,
) -> Iterator[Outcome]:
    """Check every file and mark it, in place or in a copy: `out` is a file, or the folder for several.

    With `dry_run` nothing is marked. Only with `force` is a copy overwritten that is there already. `accepted` is a
    问题清单 in which reasons were filled in; with `keep` they are written into the workbooks. `finding_list` is the
    问题清单 to write, `html` the page, both after the last file. The outcomes come in the order of the files, each as
    soon as it is there.
    Raises FileRefused before anything is done if the copies cannot be where `out` says, and AcceptancesError.
    """
    paths = [*map(path, files)]
    work = partial(
        _check,
        how=_How(template, path_or_none(templates), () if accepted is None else books.read_reasons(accepted), keep),
        force=force,
        wanted=_Wanted(with_json, finding_list is not None, 0 if html is None else _most_told(len(paths))),
    )
    jobs = jobs_of(paths, None if dry_run else _targets(paths, path_or_none(out)))
    outcomes = _outcomes(each_file(work, jobs))
    if finding_list is not None:
        outcomes = _then_listed(outcomes, path(finding_list))
    return outcomes if html is None else _then_shown(outcomes, jobs, path(html))


def check_copies(
    copies: Sequence[Job], *, template: str | None = None, reasons: Sequence[Acceptance] = (), most: int
) -> Iterator[Outcome]:
    """Check every file and mark its copy, as `check_files` does, but never in this process: no file can end it, or
    hold it up.

    Copies are overwritten; `reasons` are kept in them. The outcomes have the lines of the 问题清单, and for a page at
    most so many errors and warnings.
    """
    how = _How(template, None, tuple(reasons), keep=bool(reasons))
    work = partial(_check, how=how, force=True, wanted=_Wanted(document=False, listed=True, told=most))
    return _outcomes(each_file_apart(work, copies))


def clear_files(
    files: Sequence[AnyPath], *, out: AnyPath | None = None, force: bool = False, everything: bool = False
) -> Iterator[Outcome]:
    """Take our marks off every file, with `everything` the kept reasons too; otherwise as `check_files`."""
    paths = [*map(path, files)]
    work = partial(_clear, force=force, everything=everything)
    return _outcomes(each_file(work, jobs_of(paths, _targets(paths, path_or_none(out)))))


def clear_copies(copies: Sequence[Job], *, everything: bool) -> Iterator[Outcome]:
    """Take our marks off copies as `clear_files` does, but never in this process; copies are overwritten."""
    return _outcomes(each_file_apart(partial(_clear, force=True, everything=everything), copies))


def _then_listed(outcomes: Iterable[Outcome], target: Path) -> Iterator[Outcome]:
    from xltool.excel.write.handouts.finding_list import save_findings

    listed: list[ListedFinding] = []
    for outcome in outcomes:
        listed += outcome.listed
        yield outcome
    save_findings(listed, target)


def _then_shown(outcomes: Iterable[Outcome], jobs: Sequence[Job], target: Path) -> Iterator[Outcome]:
    from xltool.report.html.page import Checked, save_report

    checked: list[Checked] = []
    for job, outcome in zip(jobs, outcomes, strict=True):
        checked.append(Checked(job.target or job.source, outcome.contents, outcome.trouble))
        yield outcome
    save_report(checked, target)


def _most_told(files: int) -> int:
    from xltool.report.html.page import most_told

    return most_told(files)


def expanded(names: Iterable[AnyPath]) -> list[Path]:
    """The files named, with wildcards filled in where the shell has not done so; without Excel's lock files."""
    paths: list[Path] = []
    for name in map(path, names):
        found = [] if name.exists() else sorted(glob.glob(str(name)))  # noqa: PTH207 (Path.glob takes no absolute ones)
        paths += map(Path, found) if found else [name]
    return [one for one in paths if not one.name.startswith("~$")] or paths


def workbooks(names: Iterable[AnyPath]) -> list[Path]:
    """The files named, and instead of a folder the workbooks in it and in its folders, in the order of their names.

    Each file comes once, however often it is named. Those of another kind (.xls, .et) come too: whoever opens them
    says what to do. Raises FileRefused if a folder has none, OSError if one cannot be looked into.
    """
    files = [file for name in expanded(names) for file in (_in_folder(name) if name.is_dir() else [name])]
    found: dict[str, Path] = {}
    for file in files:
        found.setdefault(os.path.realpath(file), file)
    return [*found.values()]


def _in_folder(folder: Path) -> list[Path]:
    found = [
        Path(place, name)
        for place, _, names in os.walk(folder, onerror=_raise)
        for name in names
        if name.lower().endswith(_WORKBOOKS) and not name.startswith(_LOCKS)
    ]
    if not found:
        raise FileRefused(f"文件夹“{folder}”里没有工作簿（.xlsx 文件）：请检查文件夹的名称。")
    return sorted(found)


def _raise(error: OSError) -> None:
    raise error


def totals(codes: Sequence[int]) -> str:
    """How many files ended with which exit code."""
    counts = [codes.count(code) for code in range(3)]
    return f"共 {len(codes)} 个文件：没有问题 {counts[0]} 个，有问题 {counts[1]} 个，没能完成 {counts[2]} 个。"


def refuse_existing(target: Path, force: bool) -> None:
    """Raise FileRefused if `target` exists and the user did not say that it may be overwritten."""
    if target.exists() and not force:
        raise FileRefused(f"“{target}”已存在：请换一个文件名，或加 --force 覆盖它。")


def each_file(work: Callable[[Job], Result], jobs: Sequence[Job]) -> Iterator[Result | Failure]:
    """`work` of every file, in the order of the files, each as soon as it is there: many files in several processes.

    `work` is a function of a module and returns something that can be pickled. A file whose process is lost is a
    Failure.
    """
    return map(work, jobs) if len(jobs) < _PARALLEL_FROM else each_file_apart(work, jobs)


def each_file_apart(
    work: Callable[[Job], Result], jobs: Sequence[Job], cluster: Cluster | None = None
) -> Iterator[Result | Failure]:
    """The same, never in this process, which no file can end or hold up; or on a cluster. Raises ClusterRefused."""
    from xltool.api.processes.pool import Lost  # what it imports takes as long as checking a small file

    for job, result in zip(jobs, _in_processes(work, jobs, cluster), strict=True):
        yield Failure(naming(job.name, result.value)) if isinstance(result, Lost) else result


def _in_processes(
    work: Callable[[Job], Result], jobs: Sequence[Job], cluster: Cluster | None
) -> Iterator[Result | Lost]:
    if cluster is not None:
        from xltool.api.processes.cluster import run as run_far

        return run_far(work, jobs, cluster)
    from xltool.api.processes import pool

    return pool.run(work, jobs, _PRELOAD)


def _outcomes(each: Iterable[Outcome | Failure]) -> Iterator[Outcome]:
    for done in each:
        yield Outcome(2, trouble=done.sentence) if isinstance(done, Failure) else done


class _How(NamedTuple):
    """How workbooks are checked: with which template and which reasons, and whether these are kept in them."""

    template: str | None
    templates: Path | None
    reasons: tuple[Acceptance, ...]
    keep: bool


class _Wanted(NamedTuple):
    """What an outcome is to have besides its text: JSON, lines of the 问题清单, and so many findings for a page."""

    document: bool
    listed: bool
    told: int


def _check(job: Job, how: _How, force: bool, wanted: _Wanted) -> Outcome:
    from xltool.api.undescribed import checked
    from xltool.report.text import report_text

    def told() -> tuple[Package, Report, Outcome]:
        if job.target is not None:
            _refuse_other(job.source, job.target, force)
        workbook = books.opened(job.source)
        report = checked(workbook, how.template, how.templates, how.reasons)
        document = _document(report) if wanted.document else ""
        listed = _listed(report, job) if wanted.listed else ()
        contents = _contents(report, wanted.told) if wanted.told else None
        code = 0 if report.is_clean else 1
        return workbook, report, Outcome(code, report_text(report), "", document, listed, contents)

    done = attempt(told, job.name)
    if isinstance(done, Failure):
        return Outcome(2, trouble=done.sentence)
    workbook, report, outcome = done
    if job.target is None:
        return outcome
    marked = attempt(partial(_mark, workbook, report, job.target, how.keep), job.name)
    if isinstance(marked, Failure):
        return outcome._replace(code=2, trouble=marked.sentence)
    text, remark = marked
    return outcome._replace(text=f"{outcome.text}\n{text}", remark=remark)


def _listed(report: Report, job: Job) -> tuple[ListedFinding, ...]:
    from xltool.report.finding_list import listed_findings

    return listed_findings(report, job.target or job.source)


def _contents(report: Report, most: int) -> Contents:
    from xltool.report.html.contents import contents_of

    return contents_of(report, most)


def _document(report: Report) -> str:
    from xltool.report.json import dumps

    return dumps(report)


def _clear(job: Job, force: bool, everything: bool) -> Outcome:
    from xltool.report.words.marking import cleared_text

    def cleared() -> str:
        assert job.target is not None
        _refuse_other(job.source, job.target, force)
        if everything:
            return cleared_text(*books.clear_all(job.source, job.target), job.target)
        return cleared_text(books.clear(job.source, job.target), False, job.target)

    done = attempt(cleared, job.name)
    return Outcome(2, trouble=done.sentence) if isinstance(done, Failure) else Outcome(0, done)


def _mark(workbook: Package, report: Report, target: Path, keep: bool) -> tuple[str, str]:
    """What was marked, and what is to be known about it ("": nothing)."""
    from xltool.report.words.marking import coloured_text, kept_text, marked_text, signed_text

    if keep:
        reasons = books.reasons_to_keep(report)
        marked = books.annotate(workbook, report.findings, target, reasons)
        return f"{marked_text(marked, target)}\n{kept_text(reasons)}", coloured_text(marked)
    try:
        marked = books.annotate(workbook, report.findings, target)
    except SignedWorkbook:
        text = signed_text(workbook.source)
        return text, text
    return marked_text(marked, target), coloured_text(marked)


def jobs_of(files: Sequence[Path], targets: Sequence[Path | None] | None = None) -> list[Job]:
    """One job a file; without `targets` nothing is to be written. Of one file, a sentence need not name it."""
    several = len(files) > 1
    return [
        Job(file, target, file.name if several else "")
        for file, target in zip(files, targets or [None] * len(files), strict=True)
    ]


def _targets(files: list[Path], out: Path | None) -> list[Path]:
    """Where each file's result goes: in place, to a file, or into a folder (made if there is none)."""
    if out is None:
        return files
    if len(files) == 1 and not out.is_dir() and out.suffix:
        _refuse_other_kind(files[0], out)
        return [out]
    if out.exists() and not out.is_dir():
        raise FileRefused(f"“{out}”是文件，不是文件夹：请在 -o 后面写一个文件夹。")
    names = [file.name for file in files]
    counts = Counter(names)
    same = [str(file) for file in files if counts[file.name] > 1]
    if same:
        raise FileRefused(f"{'、'.join(same)} 同名，不能放进同一个文件夹：请先改名，或分开处理。")
    out.mkdir(parents=True, exist_ok=True)
    return [out / name for name in names]


def _refuse_other_kind(source: Path, target: Path) -> None:
    """A copy is of the same kind: Excel opens no workbook under a name that ends otherwise."""
    if source.suffix and target.suffix.lower() != source.suffix.lower():
        name = target.with_suffix(source.suffix).name
        raise FileRefused(f"“{target.name}”应以 {source.suffix} 结尾：请把 -o 后面的文件名写成“{name}”。")


def _refuse_other(source: Path, target: Path, force: bool) -> None:
    """A file is changed in place without asking; any other file is not overwritten."""
    if not is_same(source, target) and not source.is_dir():  # a folder is refused when it is opened
        refuse_existing(target, force)
