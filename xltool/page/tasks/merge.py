"""汇总: the workbooks of many units made into one, 报送情况 told while they are read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from xltool import api
from xltool.api.batches import Step
from xltool.diagnose.report import by_severity
from xltool.merge.consolidation import Consolidation
from xltool.merge.unit_file import UnitFile
from xltool.page.rendering import environment
from xltool.page.tasks.results import unlike_names, without_folder, zipped
from xltool.report.html.contents import told_of
from xltool.report.units.merge_words import counted_states, head, told_beside, unit_lines
from xltool.report.words.options import without_options

_MERGED, _ALL, _UNITS = "汇总预算.xlsx", "汇总.zip", "单位"
_SHOWN = 300
"""So many findings are shown; 汇总 has all of them in its cells."""


class Order(NamedTuple):
    """The workbooks (see `beside`) and lists that were sent, the folder for what comes of them, and how (see
    `api.merge`)."""

    files: tuple[Path, ...]
    folder: Path
    roster: Path | None = None
    transfers: Path | None = None
    name: str | None = None
    under: str | None = None
    nature: str | None = None
    amount_unit: str | None = None
    allow_errors: bool = False
    balanced: bool = False
    template: str | None = None
    exclude: tuple[Path, ...] = ()


class Read(NamedTuple):
    """What is known of one workbook when it has been read: which unit it says it is of, and how it stands."""

    file: str
    unit: str
    state: str
    is_wrong: bool


class Line(NamedTuple):
    """One line of 报送情况; `severity` is "" if nobody has to do anything."""

    texts: tuple[str, ...]
    severity: str


class Merged(NamedTuple):
    """What came of it: which department, how many units, which file has to go with it ("" if none), 报送情况, a page of
    what was found, and the files."""

    head: str
    counts: str
    beside: str
    lines: tuple[Line, ...]
    is_complete: bool
    page: Path
    file: Path
    everything: Path


def beside(files: Sequence[Path], folder: Path) -> tuple[Path, ...]:
    """Put workbooks into a folder of their own beside what will come of them: wherever both are taken, the links of the
    汇总 lead to them."""
    units = folder / _UNITS
    units.mkdir(parents=True, mode=0o700)
    names = unlike_names(file.name for file in files)
    return tuple(file.rename(units / name) for file, name in zip(files, names, strict=True))


def merge(order: Order, tell: Callable[[Read], object]) -> Merged:
    """Do it; how each workbook stands is told as it is read."""

    @contextmanager
    def watch(steps: Iterable[Step], total: int) -> Iterator[Iterator[Step]]:
        yield (_told(step, tell) for step in steps)

    target = order.folder / _MERGED
    consolidation = api.merge(
        order.files,
        target,
        roster=order.roster,
        under=order.under,
        nature=order.nature,
        name=order.name,
        transfers=order.transfers,
        exclude=order.exclude,
        amount_unit=order.amount_unit,
        allow_errors=order.allow_errors,
        balanced=order.balanced,
        template=order.template,
        watch=watch,
    )
    made = [target, *([consolidation.unit_table] if consolidation.unit_table else [])]
    files = {str(file.relative_to(order.folder)): file for file in (*made, *order.files)}
    zipped(files, order.folder / _ALL)
    return Merged(
        head(consolidation),
        counted_states(consolidation),
        without_folder("".join(told_beside(consolidation)), order.folder.parent),
        tuple(
            Line((*texts, without_options(note)), line.severity.value if line.severity else "")
            for line, (*texts, note) in unit_lines(consolidation)
        ),
        consolidation.is_complete,
        _page(consolidation, order.folder),
        target,
        order.folder / _ALL,
    )


def _told(step: Step, tell: Callable[[Read], object]) -> Step:
    if isinstance(step, UnitFile):
        tell(_read(step))
    return step


def _read(file: UnitFile) -> Read:
    if file.trouble:
        return Read(file.sent.name, "", without_options(file.trouble.partition("\n")[0]), file.is_budget)
    errors = f"有 {file.sent.errors} 处错误" if file.sent.errors else "已读"
    return Read(file.sent.name, file.identity.name, errors, bool(file.sent.errors))


def _page(consolidation: Consolidation, folder: Path) -> Path:
    """What was found in the 汇总, errors first."""
    book, findings = consolidation.filled.book, by_severity(consolidation.findings)
    told = [told_of(finding, book, number) for number, finding in enumerate(findings[:_SHOWN], 1)]
    page = folder / "findings.html"
    text = environment().get_template("merge/findings.html").render(told=told, total=len(findings))
    page.write_text(without_options(text), encoding="utf-8", errors="replace")
    return page
