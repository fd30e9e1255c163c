"""One workbook: filled, read, checked, marked.

A template is named, or given as the path of its folder; `templates` is a folder that is searched before the user's
templates and the built-in ones. Heavy parts are imported where they are used, so that importing this module costs
nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from xltool.api.paths import path, path_or_none

TYPE_CHECKING = False
if TYPE_CHECKING:  # spelt out, because importing pathlib would be a tenth of what `xltool -h` takes
    from pathlib import Path

    from xltool.api.paths import AnyPath
    from xltool.diagnose.accepting import Kept
    from xltool.diagnose.report import Report
    from xltool.equations.filling import Filled
    from xltool.excel.file.package import Package
    from xltool.excel.mark.annotate import Marked
    from xltool.excel.mark.marks import Mark
    from xltool.excel.read.overview import SheetSeen
    from xltool.layout.book import Book
    from xltool.model import Acceptance, CellRef, Fact, FactKey, Finding, Value


def fill(
    template: str,
    facts: Mapping[FactKey, Value] | AnyPath,
    target: AnyPath,
    *,
    unit: str | None = None,
    year: int | None = None,
    amount_unit: str | None = None,
    templates: AnyPath | None = None,
) -> None:
    """Write a workbook of `template` with `facts` (a mapping, or the path of a long table, see `read_facts`).

    Amounts are in `amount_unit` (the template's own by default). A total keeps its live formula unless a different
    figure is given for it. Raises UnknownTemplate, TemplateError, FactsError, FileRefused.
    """
    from xltool.equations.filling import fill as fill_plan
    from xltool.excel.read.facts import read_facts
    from xltool.library import library

    spec = library(path_or_none(templates)).load(template)
    known = facts if isinstance(facts, Mapping) else read_facts(path(facts), spec)
    filled = fill_plan(spec, known, unit or spec.department, year or spec.year, amount_unit or spec.amount_unit)
    _write(filled, path(target))


def opened(source: AnyPath) -> Package:
    """A workbook that is to be read and then marked: `read` and `annotate` take it in place of its path.

    Raises FileRefused.
    """
    from xltool.excel.file.guard import opened as open_package

    return open_package(path(source))


def read(source: AnyPath | Package, template: str | None = None, templates: AnyPath | None = None) -> Book:
    """The facts of a filled workbook. Raises FileRefused, UnknownTemplate, TemplateError, TableNotFound."""
    from xltool.excel.read.sheets.source import open_workbook
    from xltool.excel.read.workbook import read as read_source
    from xltool.library import library

    return read_source(open_workbook(_place(source)), template, library(path_or_none(templates)))


def tables(
    source: AnyPath, template: str | None = None, templates: AnyPath | None = None
) -> tuple[Book, list[SheetSeen]]:
    """What `read` gives, and of every sheet which table it was taken for and why. Raises what `read` raises."""
    from xltool.excel.read.overview import overview
    from xltool.excel.read.sheets.source import open_workbook
    from xltool.excel.read.workbook import read as read_source
    from xltool.library import library

    opened = open_workbook(path(source))
    book = read_source(opened, template, library(path_or_none(templates)))
    return book, overview(opened, book)


def facts(book: Book) -> list[Fact]:
    """The facts of a book and, with the value None, its totals that are blank although their parts are filled.

    `fill` gives a book with the same facts.
    """
    from xltool.equations.blanks import facts_and_blanks

    return facts_and_blanks(book)


def save_facts(book: Book, target: AnyPath) -> None:
    """Write `facts(book)` as a long table; the ending of `target` chooses .csv, .xlsx or .json. Raises FileRefused."""
    from xltool.excel.write.facts import save

    save(facts(book), path(target))


def check(book: Book, accepted: Iterable[Acceptance] = ()) -> Report:
    """Every finding about a book, errors first; warnings that a reason explains, in the workbook or in `accepted`, are
    `Finding.accepted`."""
    from xltool.diagnose.report import check as check_book

    report, given = check_book(book), [*accepted]
    if not (given or book.accepted):
        return report
    from xltool.diagnose.accepting import accepting

    return accepting(report, given)


def read_reasons(source: AnyPath) -> tuple[Acceptance, ...]:
    """The reasons (说明) that were filled into a 问题清单, dated today where no date was. Raises FileRefused and
    AcceptancesError."""
    from datetime import date

    from xltool.excel.read.acceptances import read_acceptances

    return read_acceptances(path(source), date.today().isoformat())


def reasons_to_keep(report: Report) -> list[Kept]:
    """The reasons that `annotate` is to keep in a workbook: those that hold now, and those that it keeps already."""
    from xltool.diagnose.accepting import kept

    return [*kept(report)]


def annotate(
    source: AnyPath | Package,
    findings: Sequence[Finding],
    target: AnyPath | None = None,
    kept: Iterable[Kept] | None = None,
) -> Marked:
    """Mark the cells of errors and warnings in `source` (or in the copy `target`), instead of any earlier marks.

    With `kept` the reasons in the workbook, in its sheet 审核说明, are these; see `diagnose.accepting.kept`.

    Returns how many cells were marked, and which of them got no note. Raises FileRefused (locked, read-only, not a
    workbook) and SignedWorkbook.
    """
    from pathlib import Path

    from xltool.excel.mark.annotate import Reasons
    from xltool.excel.mark.annotate import annotate as mark
    from xltool.excel.read.sheets.source import open_workbook

    place = _place(source)
    in_place = place if isinstance(place, Path) else place.source
    reasons = None if kept is None else Reasons([*kept], open_workbook(place).accepted.sheet)
    return mark(place, marks(findings), in_place if target is None else path(target), reasons)


def annotated(content: bytes, findings: Sequence[Finding], target: AnyPath) -> bytes:
    """The content of a workbook that was just made and is to be written to `target`, its cells marked likewise."""
    from xltool.excel.mark.annotate import annotated as marked

    return marked(path(target), content, marks(findings))


def marks(findings: Sequence[Finding]) -> list[Mark]:
    """The marks of errors and warnings that are about cells."""
    from xltool.excel.mark.marks import Mark

    found = []
    for finding in findings:
        if finding.cell is None or not finding.is_open:
            continue
        text = f"{finding.rule} {finding.name}\n{finding.message}"
        for cell in marked_cells(finding):
            found.append(Mark(cell.sheet, cell.a1, finding.severity.value, text))
    return found


def marked_cells(finding: Finding) -> list[CellRef]:
    """The cells that say it: the one to look at first, and every other one that is certainly to be corrected too."""
    certain = finding.explanations[0].culprits if len(finding.explanations) == 1 else ()
    cells = dict.fromkeys((finding.cell, *(culprit.cell for culprit in certain)))
    return [cell for cell in cells if cell is not None]


def clear(source: AnyPath, target: AnyPath | None = None) -> int:
    """Remove every mark of ours from `source` (or in the copy `target`); returns how many there were.

    The reasons that are kept in the workbook stay. Raises what `annotate` raises.
    """
    from xltool.excel.mark.annotate import clear as remove

    return remove(path(source), path(target or source))


def clear_all(source: AnyPath, target: AnyPath | None = None) -> tuple[int, bool]:
    """As `clear`, and the sheet 审核说明 with the reasons goes too; also returns whether there was one."""
    from xltool.excel.mark.annotate import clear as remove
    from xltool.excel.read.sheets.source import open_workbook

    package = opened(source)
    sheet = open_workbook(package).accepted.sheet
    return remove(package, path(target or source), sheet), bool(sheet)


def _place(source: AnyPath | Package) -> Path | Package:
    from xltool.excel.file.package import Package

    return source if isinstance(source, Package) else path(source)


def _write(filled: Filled, target: Path) -> None:
    from xltool.excel.write.workbook import write

    write(filled.layout, filled.values, filled.live, target)
